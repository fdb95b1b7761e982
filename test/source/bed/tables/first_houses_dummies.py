# prepared: X y
import pandas as pd
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

train = pd.read_csv('data/houses.csv')
all_features = train.iloc[:, 1:-1]
numeric_features = all_features.dtypes[all_features.dtypes != 'object'].index
all_features[numeric_features] = all_features[numeric_features].apply(lambda x: (x - x.mean()) / (x.std()))
all_features[numeric_features] = all_features[numeric_features].fillna(0)
all_features = pd.get_dummies(all_features, dummy_na=True)
X = torch.tensor(all_features.values.astype(float), dtype=torch.float32)
y = torch.tensor(train.SalePrice.values.reshape(-1, 1), dtype=torch.float32)
in_features = X.shape[1]
net = nn.Sequential(nn.Linear(in_features, 1))
loss = nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=5, weight_decay=0)
dataset = torch.utils.data.TensorDataset(X, y)
loader = torch.utils.data.DataLoader(dataset, 64, shuffle=True)
for epoch in range(50):
    for a, b in loader:
        optimizer.zero_grad()
        l = loss(net(a), b)
        l.backward()
        optimizer.step()
