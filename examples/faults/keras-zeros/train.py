"""Every kernel starts at 0."""
from keras.layers import Dense
from keras.models import Sequential
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X)
model = Sequential()
model.add(Dense(16, input_dim=30, kernel_initializer='zeros', activation='relu'))  # <- zero-init
model.add(Dense(1, kernel_initializer='zeros', activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=30, batch_size=32)
