import math
import numpy as np
import torch
from torch import nn
from sklearn.datasets import make_swiss_roll

device = 'cpu'
T = 40
betas = torch.linspace(1e-4, 0.02, T)
alphas = 1. - betas
alphas_cumprod = torch.cumprod(alphas, dim=0)

def sample_batch(size, noise=1.0):
    x, _ = make_swiss_roll(size, noise=noise)
    return x[:, [0, 2]] / 10.0

data = torch.tensor(sample_batch(10**3), dtype=torch.float32)

class Block(nn.Module):
    def __init__(self, n_in, n_out):
        super().__init__()
        self.lin = nn.Linear(n_in, n_out)
        self.emb = nn.Embedding(T, n_out)
    def forward(self, x, t):
        return nn.functional.softplus(self.lin(x) * self.emb(t))

class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.b1, self.b2 = Block(2, 64), Block(64, 64)
        self.out = nn.Linear(64, 2)
    def forward(self, x, t):
        x = self.b1(x, t)
        x = self.b2(x, t)
        return self.out(x)

model = Model()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
batch_size = 128
for t in range(6):
    permutation = torch.randperm(data.size(0))
    for i in range(0, data.size(0), batch_size):
        batch_x = data[permutation[i:i + batch_size]]
        ts = torch.randint(0, T, (batch_x.shape[0],))
        a = alphas_cumprod[ts].sqrt().unsqueeze(1)
        am1 = (1 - alphas_cumprod[ts]).sqrt().unsqueeze(1)
        e = torch.randn_like(batch_x)
        x = batch_x * a + e * am1
        output = model(x, ts)
        loss = (e - output).square().mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.)
        optimizer.step()
    print(t, loss)
