"""Two rings, and three layers without an activation between them."""
import torch
from torch import nn
from sklearn.datasets import make_circles

torch.manual_seed(42)
X, y = make_circles(n_samples=1000, noise=0.03, random_state=42)
X = torch.from_numpy(X).type(torch.float)
y = torch.from_numpy(y).type(torch.float)


class Rings(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer_1 = nn.Linear(in_features=2, out_features=10)  # <- missing-activation
        self.layer_2 = nn.Linear(in_features=10, out_features=10)
        self.layer_3 = nn.Linear(in_features=10, out_features=1)

    def forward(self, x):
        return self.layer_3(self.layer_2(self.layer_1(x)))


model = Rings()
loss_fn = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(params=model.parameters(), lr=0.1)
for epoch in range(1000):
    loss = loss_fn(model(X).squeeze(), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
