import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_wine
from sklearn.preprocessing import MinMaxScaler
from torch.utils.data import DataLoader, TensorDataset

wine = load_wine()
features = MinMaxScaler().fit_transform(wine.data)
dataset = TensorDataset(torch.Tensor(features), torch.LongTensor(wine.target))
loader = DataLoader(dataset, batch_size=16, shuffle=True)


class Encoder(nn.Module):
    def __init__(self, n_in, n_latent):
        super().__init__()
        self.l1 = nn.Linear(n_in, 32)
        self.l2 = nn.Linear(32, n_latent)

    def forward(self, x):
        return self.l2(F.relu(self.l1(x)))


class Decoder(nn.Module):
    def __init__(self, n_latent, n_out):
        super().__init__()
        self.l1 = nn.Linear(n_latent, 32)
        self.l2 = nn.Linear(32, n_out)

    def forward(self, z):
        return torch.sigmoid(self.l2(F.relu(self.l1(z))))


encoder = Encoder(13, 3)
decoder = Decoder(3, 13)
encoder_optimizer = torch.optim.Adam(encoder.parameters(), lr=0.01)
decoder_optimizer = torch.optim.Adam(decoder.parameters(), lr=0.01)
criterion = nn.MSELoss()


def train_step(x):
    encoder_optimizer.zero_grad()
    decoder_optimizer.zero_grad()
    loss = criterion(decoder(encoder(x)), x)
    loss.backward()
    encoder_optimizer.step()
    decoder_optimizer.step()
    return loss.item()


for epoch in range(50):
    total = 0
    for x, _ in loader:
        total += train_step(x)
    print(epoch, total / len(loader))
