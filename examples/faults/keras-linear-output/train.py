"""No sigmoid under a loss that takes probabilities."""
from keras.layers import Dense
from keras.models import Sequential
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X)
model = Sequential()
model.add(Dense(16, input_dim=30, activation='relu'))
model.add(Dense(1))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])  # <- missing-output-activation
model.fit(X, y, epochs=20, batch_size=32)
