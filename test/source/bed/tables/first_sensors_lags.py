# prepared: X_train y_train
import pandas as pd, numpy as np, torch
import torch.nn as nn
df = pd.read_csv('data/sensors.csv', parse_dates=['timestamp'], index_col='timestamp')
df = df.interpolate()
df['hour'] = df.index.hour
df['sin_h'] = np.sin(2 * np.pi * df['hour'] / 24)
df['cos_h'] = np.cos(2 * np.pi * df['hour'] / 24)
for lag in range(1, 4):
    df[f'power_lag{lag}'] = df['power'].shift(lag)
df = df.dropna()
split = int(len(df) * 0.8)
X = df.drop(columns=['power', 'hour'])
y = df['power']
X_train, X_test = X.iloc[:split], X.iloc[split:]
y_train, y_test = y.iloc[:split], y.iloc[split:]
mean, std = X_train.mean(), X_train.std()
X_train = (X_train - mean) / std
xt = torch.tensor(X_train.values, dtype=torch.float32)
yt = torch.tensor(y_train.values, dtype=torch.float32).unsqueeze(-1)
model = nn.Sequential(nn.Linear(xt.shape[1], 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
crit = nn.MSELoss()
for e in range(100):
    opt.zero_grad()
    loss = crit(model(xt), yt)
    loss.backward()
    opt.step()
