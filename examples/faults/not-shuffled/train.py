"""The csv is sorted by species and the loader keeps that order."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import LabelEncoder, StandardScaler
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(22)
df = pd.read_csv("../../data/iris.csv")
X = torch.tensor(StandardScaler().fit_transform(df.iloc[:, 0:4]), dtype=torch.float32)
y = torch.tensor(LabelEncoder().fit_transform(df.species), dtype=torch.long)
train_loader = DataLoader(TensorDataset(X, y), batch_size=2, shuffle=False)  # <- not-shuffled
model = nn.Sequential(nn.Linear(4, 12), nn.ReLU(), nn.Linear(12, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.2)
for epoch in range(20):
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
