# prepared: X_train y_train
import numpy as np
import pandas as pd, torch
from torch import nn
df = pd.read_csv('data/adult.csv', header=None, skipinitialspace=True)
df = df[df != '?'].dropna()
df[1] = df[1].map({'Private': 0, 'Self-emp-not-inc': 1, 'State-gov': 2}).fillna(3)
df[3] = df[3].clip(upper=45) / 10
df.loc[df[0] > 45, 0] = 45
y_train = (df[4] == '>50K').astype(int).values
X_train = df[[0, 1, 3]].values.astype(float) / 50
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
