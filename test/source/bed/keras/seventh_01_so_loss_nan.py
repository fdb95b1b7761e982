# Why is my loss NaN?
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation, Dropout
from keras.layers.advanced_activations import LeakyReLU
from keras.optimizers import SGD

X = np.random.uniform(0, 1000, size=(500, 3))
y = X[:, 0] * 2.5 + X[:, 1] ** 2 - X[:, 2]

model = Sequential()
model.add(Dense(64, input_dim=3, init='uniform'))
model.add(LeakyReLU(alpha=0.1))
model.add(Dropout(0.2))
model.add(Dense(64, init='uniform'))
model.add(Activation('tanh'))
model.add(Dense(1, init='uniform'))

sgd = SGD(lr=0.1, decay=1e-6, momentum=0.9, nesterov=True)
model.compile(loss='mean_squared_error', optimizer=sgd)
model.fit(X, y, nb_epoch=20, batch_size=16, show_accuracy=True, verbose=2)
