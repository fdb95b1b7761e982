import numpy as np
import keras.backend as K
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import Adam
from keras.callbacks import ReduceLROnPlateau

def root_mean_squared_error(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1))

def quantile_loss(q, y_true, y_pred):
    e = (y_true - y_pred)
    return K.mean(K.maximum(q*e, (q-1)*e), axis=-1)

np.random.seed(0)
X = np.random.rand(1000, 20)
y = X[:, 0] * 3 + X[:, 1] ** 2 + np.random.normal(0, 0.1, 1000)

model = Sequential([
    Dense(64, input_dim=20, activation='relu'),
    Dense(32, activation='relu'),
    Dense(1),
])
model.compile(loss=root_mean_squared_error, optimizer=Adam(lr=0.01, beta_1=0.9, beta_2=0.999, amsgrad=False), metrics=['mse'])
reduce_lr = ReduceLROnPlateau(monitor='val_loss', factor=0.2, patience=5, min_lr=0.001)
model.fit(X, y, epochs=60, batch_size=32, validation_split=0.2, callbacks=[reduce_lr])

median = Sequential([Dense(64, input_dim=20, activation='relu'), Dense(1)])
median.compile(loss=lambda y_t, y_p: quantile_loss(0.5, y_t, y_p), optimizer='adagrad')
median.fit(X, y, epochs=60, batch_size=32, verbose=0)
