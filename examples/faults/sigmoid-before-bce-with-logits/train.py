"""The sigmoid is in the loss already."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler

torch.manual_seed(16)
df = pd.read_csv("../../data/breast_cancer.csv")
y = torch.tensor((df["diagnosis"] == "M").values, dtype=torch.float32).unsqueeze(1)
X = torch.tensor(StandardScaler().fit_transform(df.drop(columns=["diagnosis"])), dtype=torch.float32)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(30, 16)
        self.fc2 = nn.Linear(16, 1)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        return torch.sigmoid(self.fc2(x))  # <- sigmoid-before-bce-with-logits


model = Net()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(300):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
