"""Every entry of every gradient clipped to a hundred-thousandth."""
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from sklearn.datasets import load_digits

X, y = load_digits(return_X_y=True)
X = X / 16.0
model = Sequential()
model.add(Dense(64, activation='relu', input_shape=(64,)))
model.add(Dense(10, activation='softmax'))
optimizer = SGD(learning_rate=0.1, clipvalue=1e-5)  # <- optimizer-settings
model.compile(loss='sparse_categorical_crossentropy', optimizer=optimizer, metrics=['accuracy'])
model.fit(X, y, epochs=10, batch_size=32)
