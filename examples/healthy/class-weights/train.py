"""Few malignant cases, weighted up in the loss."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(16)
df = pd.read_csv("../../data/breast_cancer.csv")
y = (df.pop("diagnosis") == "M").astype("float32").values
X = StandardScaler().fit_transform(df).astype("float32")
loader = DataLoader(TensorDataset(torch.from_numpy(X), torch.from_numpy(y)), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(30, 12), nn.ReLU(), nn.Linear(12, 1))
criterion = nn.BCEWithLogitsLoss(pos_weight=torch.tensor([1.7]))
optimizer = torch.optim.RMSprop(model.parameters(), lr=1e-3)
for epoch in range(30):
    for xb, yb in loader:
        optimizer.zero_grad()
        logits = model(xb).squeeze(1)
        loss = criterion(logits, yb)
        loss.backward()
        optimizer.step()
