import torch
from torch import nn, optim
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import TensorDataset, DataLoader

device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')
latent_size, num_classes, epochs = 4, 10, 25
digits = load_digits()
data = torch.tensor(digits.data / 16.0).float()
labels = torch.tensor(digits.target).long()
train_loader = DataLoader(TensorDataset(data, labels), batch_size=64, shuffle=True)


def one_hot(labels, class_size):
    return F.one_hot(labels, class_size).float()


class CVAE(nn.Module):
    def __init__(self, feature_size, latent_size, class_size):
        super(CVAE, self).__init__()
        self.fc1 = nn.Linear(feature_size + class_size, 128)
        self.fc21 = nn.Linear(128, latent_size)
        self.fc22 = nn.Linear(128, latent_size)
        self.fc3 = nn.Linear(latent_size + class_size, 128)
        self.fc4 = nn.Linear(128, feature_size)
        self.elu = nn.ELU()
        self.sigmoid = nn.Sigmoid()

    def encode(self, x, c):
        h1 = self.elu(self.fc1(torch.cat([x, c], 1)))
        return self.fc21(h1), self.fc22(h1)

    def reparameterize(self, mu, logvar):
        std = torch.exp(0.5 * logvar)
        eps = torch.randn_like(std)
        return mu + eps * std

    def decode(self, z, c):
        h3 = self.elu(self.fc3(torch.cat([z, c], 1)))
        return self.sigmoid(self.fc4(h3))

    def forward(self, x, c):
        mu, logvar = self.encode(x.view(-1, 64), c)
        z = self.reparameterize(mu, logvar)
        return self.decode(z, c), mu, logvar


model = CVAE(64, latent_size, num_classes).to(device)
optimizer = optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(epochs):
    beta = min(1.0, epoch / 10)
    for x, y in train_loader:
        x, y = x.to(device), one_hot(y.to(device), num_classes)
        recon, mu, logvar = model(x, y)
        BCE = F.binary_cross_entropy(recon, x, reduction='sum')
        KLD = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
        loss = BCE + KLD
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
