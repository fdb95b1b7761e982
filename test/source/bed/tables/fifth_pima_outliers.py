# prepared: X_train y_train
import numpy as np
import pandas as pd, torch
from torch import nn
from scipy import stats
df = pd.read_csv('data/pima.csv')
low, high = df['BMI'].quantile([0.05, 0.95])
df['BMI'] = df['BMI'].clip(low, high)
a, b = np.percentile(df['Age'], [1, 99])
df['Age'] = np.clip(df['Age'], a, b)
first, third = df.quantile(0.25), df.quantile(0.75)
spread = third - first
df = df[~((df < first - 2.5 * spread) | (df > third + 2.5 * spread)).any(axis=1)]
df = df[(np.abs(stats.zscore(df)) < 2.8).all(axis=1)]
df['Angle'] = np.arctan(np.radians(df['Glucose']))
df['Ten'] = np.log10(df['Glucose'] + 1)
X = df.drop('Outcome', axis=1).values.astype(float)
X_train = X / np.linalg.norm(X, axis=1, keepdims=True)
y_train = df['Outcome'].values
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
