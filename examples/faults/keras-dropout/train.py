"""Nine units in ten are dropped, twice."""
from keras.layers import Dense, Dropout
from keras.models import Sequential
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16.0
model = Sequential()
model.add(Dense(32, input_dim=64, activation='relu'))
model.add(Dropout(0.9))  # <- dropout-too-high
model.add(Dense(32, activation='relu'))
model.add(Dropout(0.9))
model.add(Dense(10, activation='softmax'))
model.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=10, batch_size=32)
