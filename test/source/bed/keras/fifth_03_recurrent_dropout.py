import numpy as np
import pandas as pd
from keras.models import Sequential
from keras import layers
from keras.optimizers import RMSprop

df = pd.read_csv('jena_climate.csv')
float_data = df.iloc[:, 1:].values
mean = float_data[:200000].mean(axis=0)
float_data -= mean
std = float_data[:200000].std(axis=0)
float_data /= std

lookback = 120
X, y = [], []
for i in range(lookback, len(float_data)):
    X.append(float_data[i - lookback:i])
    y.append(float_data[i, 1])
X = np.array(X)
y = np.array(y)

model = Sequential()
model.add(layers.GRU(32, dropout=0.1, recurrent_dropout=0.5, return_sequences=True, input_shape=(None, float_data.shape[-1])))
model.add(layers.GRU(64, activation='relu', dropout=0.1, recurrent_dropout=0.5))
model.add(layers.Dense(1))
model.compile(optimizer=RMSprop(), loss='mae')
history = model.fit(X, y, epochs=40, batch_size=128, validation_split=0.2)
