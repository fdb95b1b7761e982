import torch
import torch.nn as nn
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
noise_factor = 0.3
batch_size = 128

X = torch.tensor(load_digits().data, dtype=torch.float32) / 16.0
loader = DataLoader(TensorDataset(X), batch_size=batch_size, shuffle=True)


class DAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU())
        self.decoder = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 64), nn.Sigmoid())

    def forward(self, x):
        return self.decoder(self.encoder(x))


model = DAE()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

for epoch in range(30):
    train_loss = 0.0
    for (x,) in loader:
        noisy = x + noise_factor * torch.randn(*x.shape)
        noisy = torch.clamp(noisy, 0.0, 1.0)
        mask = (torch.rand_like(x) > 0.1).float()
        noisy = noisy * mask
        optimizer.zero_grad()
        outputs = model(noisy)
        loss = criterion(outputs, x)
        loss.backward()
        optimizer.step()
        train_loss += loss.item() * x.size(0)
    print('Epoch: {} \tTraining Loss: {:.6f}'.format(epoch, train_loss / len(loader)))
