"""Disease progression from 25 to 346, learned as it is: the first errors are so large that the run leaves every bound."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.preprocessing import StandardScaler

torch.manual_seed(5)
df = pd.read_csv("../../../../examples/data/diabetes.csv")
X = torch.tensor(StandardScaler().fit_transform(df.drop("progression", axis=1)), dtype=torch.float32)
y = torch.tensor(df["progression"].values, dtype=torch.float32).view(-1, 1)  # <- unscaled-targets
loader = DataLoader(TensorDataset(X, y), batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(10, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(40):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
