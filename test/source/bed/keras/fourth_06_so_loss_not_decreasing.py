import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Activation
from keras import optimizers

n = 1000
x = np.linspace(-10, 10, n)
y = x ** 2
idx = np.arange(n)
np.random.shuffle(idx)
x, y = x[idx], y[idx]

model = Sequential()
model.add(Dense(30, input_shape=(1,)))
model.add(Activation('sigmoid'))
model.add(Dense(30))
model.add(Activation('sigmoid'))
model.add(Dense(1))
sgd = optimizers.SGD(lr=0.5, momentum=0.9)
model.compile(loss='mean_squared_error', optimizer=sgd)
model.fit(x, y, epochs=200, batch_size=50, validation_split=0.1)
