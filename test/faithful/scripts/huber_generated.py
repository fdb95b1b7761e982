"""Made data with numpy, a split by slices, smooth L1, Adagrad with a plateau schedule."""
import numpy as np
import torch
import torch.nn as nn

np.random.seed(1)
torch.manual_seed(1)
X = np.random.randn(400, 5).astype(np.float32)
w = np.array([1.0, -2.0, 0.5, 0.0, 3.0], dtype=np.float32)
y = (X @ w + 0.1 * np.random.randn(400)).astype(np.float32).reshape(-1, 1)
X_train, X_val = torch.from_numpy(X[:320]), torch.from_numpy(X[320:])
y_train, y_val = torch.from_numpy(y[:320]), torch.from_numpy(y[320:])

model = nn.Sequential(nn.Linear(5, 10), nn.ELU(), nn.Linear(10, 1))
criterion = nn.SmoothL1Loss()
optimizer = torch.optim.Adagrad(model.parameters(), lr=0.1, lr_decay=1e-3)
for epoch in range(100):
    model.train()
    y_hat = model(X_train)
    loss = criterion(y_hat, y_train)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        val = criterion(model(X_val), y_val)
