"""A transformer encoder over the rows of digits, with learned positions and mean pooling."""

import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
rows = torch.tensor(X[:1280] / 16.0, dtype=torch.float32).reshape(-1, 8, 8) - 0.3
loader = DataLoader(TensorDataset(rows, torch.tensor(y[:1280])), batch_size=64, shuffle=True)


class RowTransformer(nn.Module):
    def __init__(self, d_model=16, heads=2, layers=2):
        super().__init__()
        self.embed = nn.Linear(8, d_model)
        self.position = nn.Parameter(torch.randn(1, 8, d_model) * 0.1)
        layer = nn.TransformerEncoderLayer(d_model, heads, dim_feedforward=32, dropout=0.1, batch_first=True, norm_first=True)
        self.encoder = nn.TransformerEncoder(layer, num_layers=layers)
        self.norm = nn.LayerNorm(d_model)
        self.head = nn.Linear(d_model, 10)

    def forward(self, x):
        x = self.embed(x) + self.position
        x = self.norm(self.encoder(x))
        return self.head(x.mean(dim=1))


model = RowTransformer()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.01)

for epoch in range(12):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
