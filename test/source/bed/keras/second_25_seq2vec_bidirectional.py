import numpy as np
from random import random
from keras.models import Sequential
from keras.layers import LSTM, Dense, TimeDistributed, Bidirectional
X = np.random.rand(500, 10, 1)
y = (np.cumsum(X, axis=1) > 2.5).astype(int)
model = Sequential()
model.add(Bidirectional(LSTM(20, return_sequences=True), input_shape=(10, 1)))
model.add(TimeDistributed(Dense(1, activation='sigmoid')))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=10, batch_size=10, verbose=2)

