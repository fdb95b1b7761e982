"""One epoch of one batch."""
from keras.layers import Dense
from keras.models import Sequential
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16.0
model = Sequential()
model.add(Dense(64, activation='relu', input_shape=(64,)))
model.add(Dense(10, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(X, y, epochs=1, batch_size=1797)  # <- batch-too-large
