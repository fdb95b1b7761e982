from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense
import numpy as np
data = np.array([[i, 2 * i] for i in range(100)])
X = data[:, 0]
Y = data[:, 1]
model = Sequential()
model.add(Dense(8, input_dim=1))
model.add(Dense(1))
model.compile(optimizer='adam', loss='mse')
model.fit(X, Y, epochs=200)
