import numpy as np
from keras.models import Sequential
from keras.layers import Dense
def generator(features, labels, batch_size):
    while True:
        index = np.random.choice(len(features), batch_size)
        yield features[index], labels[index]
X = np.load('features.npy')
Y = np.load('labels.npy')
model = Sequential()
model.add(Dense(64, activation='relu', input_dim=X.shape[1]))
model.add(Dense(1))
model.compile(optimizer='rmsprop', loss='mse', metrics=['mae'])
model.fit_generator(generator(X, Y, 32), steps_per_epoch=100, epochs=10)
