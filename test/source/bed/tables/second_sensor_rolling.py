# prepared: X_train y_train
import pandas as pd, numpy as np, torch
import torch.nn as nn
df = pd.read_csv('data/sensors.csv')
df['timestamp'] = pd.to_datetime(df['timestamp'])
df = df.sort_values('timestamp').ffill()
df['hour'] = df['timestamp'].dt.hour
df['dow'] = df['timestamp'].dt.dayofweek
df['power_roll'] = df['power'].rolling(window=6).mean()
df['dp'] = df['pressure'].diff()
df['target'] = df['power'].shift(-1)
df = df.dropna().reset_index(drop=True)
feats = ['temperature', 'humidity', 'pressure', 'power', 'hour', 'dow', 'power_roll', 'dp']
cut = int(len(df) * 0.7)
tr, te = df.iloc[:cut], df.iloc[cut:]
mn, mx = tr[feats].min(), tr[feats].max()
X_train = ((tr[feats] - mn) / (mx - mn)).values
y_train = tr['target'].values
X = torch.tensor(X_train, dtype=torch.float32); y = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
net = nn.Sequential(nn.Linear(len(feats), 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(40):
    opt.zero_grad()
    loss = nn.MSELoss()(net(X), y)
    loss.backward()
    opt.step()
