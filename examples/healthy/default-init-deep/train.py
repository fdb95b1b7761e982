"""Six layers with the framework's default initialisation."""
import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(8)
data = load_digits()
inputs = torch.tensor(data.data, dtype=torch.float32) / 16
labels = torch.tensor(data.target, dtype=torch.long)
dataset = TensorDataset(inputs, labels)
loader = DataLoader(dataset, batch_size=128, shuffle=True)

model = nn.Sequential(
    nn.Flatten(),
    nn.Linear(64, 64), nn.ReLU(),
    nn.Linear(64, 64), nn.ReLU(),
    nn.Linear(64, 64), nn.ReLU(),
    nn.Linear(64, 64), nn.ReLU(),
    nn.Linear(64, 64), nn.ReLU(),
    nn.Linear(64, 10),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(30):
    running = 0.0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(x)
    print(epoch, running / len(dataset))
