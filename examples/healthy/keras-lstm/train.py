"""Foretell the tide with stacked LSTM layers in Keras."""
import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler
from tensorflow import keras
from tensorflow.keras.layers import LSTM, Dense, Dropout
from tensorflow.keras.models import Sequential

keras.utils.set_random_seed(0)
LOOK_BACK = 12

heights = pd.read_csv("../../data/tides.csv", usecols=[1]).values
scaler = MinMaxScaler(feature_range=(0, 1))
scaled = scaler.fit_transform(heights)

X_train, y_train = [], []
for i in range(LOOK_BACK, 480):
    X_train.append(scaled[i - LOOK_BACK:i, 0])
    y_train.append(scaled[i, 0])
X_train, y_train = np.array(X_train), np.array(y_train)
X_train = np.reshape(X_train, (X_train.shape[0], X_train.shape[1], 1))

model = Sequential()
model.add(LSTM(units=16, return_sequences=True, input_shape=(X_train.shape[1], 1)))
model.add(Dropout(0.1))
model.add(LSTM(units=16))
model.add(Dense(1))
model.compile(optimizer="adam", loss="mean_squared_error")
model.fit(X_train, y_train, epochs=10, batch_size=32)
