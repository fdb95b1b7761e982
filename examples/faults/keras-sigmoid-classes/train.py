"""A sigmoid over ten classes that exclude one another."""
from sklearn.datasets import load_digits
from tensorflow.keras.layers import Dense
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

X, y = load_digits(return_X_y=True)
X = X / 16.0
Y = to_categorical(y)
model = Sequential()
model.add(Dense(32, activation='relu', input_shape=(64,)))
model.add(Dense(10, activation='sigmoid'))  # <- activation-before-loss
model.compile(optimizer='sgd', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(X, Y, epochs=20, batch_size=32)
