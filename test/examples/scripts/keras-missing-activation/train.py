"""Exclusive or of two signs, by layers that are all linear."""
import numpy as np
from tensorflow.keras import Sequential
from tensorflow.keras.layers import Dense

np.random.seed(1)
X = np.random.uniform(-1, 1, size=(500, 2))
y = (X[:, 0] * X[:, 1] > 0).astype('float32')
model = Sequential([
    Dense(32, input_shape=(2,)),  # <- missing-activation
    Dense(16),
    Dense(1, activation='sigmoid'),
])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X, y, epochs=60, batch_size=16, verbose=0)
