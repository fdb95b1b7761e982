import numpy as np
import pandas as pd
from sklearn.preprocessing import MinMaxScaler
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import GRU, Dense, Dropout
df = pd.read_csv('power.csv', parse_dates=['dt'], index_col='dt')
values = df[['Global_active_power']].values
scaler = MinMaxScaler()
scaled = scaler.fit_transform(values)
def make(seq, n):
    xs, ys = [], []
    for i in range(n, len(seq)):
        xs.append(seq[i-n:i, 0])
        ys.append(seq[i, 0])
    return np.array(xs), np.array(ys)
X, y = make(scaled, 24)
X = X.reshape((X.shape[0], X.shape[1], 1))
split = int(0.8 * len(X))
model = Sequential([GRU(32, input_shape=(24, 1)), Dropout(0.2), Dense(1)])
model.compile(optimizer='adam', loss='mean_squared_error')
model.fit(X[:split], y[:split], epochs=20, batch_size=64, validation_data=(X[split:], y[split:]))
