"""A ReLU on the output: half of the standardised targets can never be reached."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler

torch.manual_seed(17)
df = pd.read_csv("../../data/diabetes.csv")
X = StandardScaler().fit_transform(df.iloc[:, :-1])
y = StandardScaler().fit_transform(df.iloc[:, -1:])
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y, dtype=torch.float32)
model = nn.Sequential(
    nn.Linear(10, 16),
    nn.ReLU(),
    nn.Linear(16, 1),
    nn.ReLU(),  # <- activation-before-loss
)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(200):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
