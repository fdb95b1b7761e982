"""Digits, read as eight rows of eight pixels, by an attention written out by hand: causal, with fixed positions."""

import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
X, y = load_digits(return_X_y=True)
X_train = torch.tensor(X[:1280] / 16.0, dtype=torch.float32) - 0.3
y_train = torch.tensor(y[:1280])
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=64, shuffle=True)


class PositionalEncoding(nn.Module):
    def __init__(self, d, length=100):
        super().__init__()
        pe = torch.zeros(length, d)
        position = torch.arange(0, length).unsqueeze(1).float()
        div = torch.exp(torch.arange(0, d, 2).float() * (-math.log(10000.0) / d))
        pe[:, 0::2] = torch.sin(position * div)
        pe[:, 1::2] = torch.cos(position * div)
        self.register_buffer("pe", pe.unsqueeze(0))

    def forward(self, x):
        return x + self.pe[:, : x.size(1)]


class CausalAttention(nn.Module):
    def __init__(self, d, heads, length):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(d, 3 * d)
        self.out = nn.Linear(d, d)
        self.register_buffer("mask", torch.tril(torch.ones(length, length)).view(1, 1, length, length))

    def forward(self, x):
        B, T, C = x.shape
        q, k, v = self.qkv(x).chunk(3, dim=-1)
        q = q.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        k = k.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        v = v.view(B, T, self.heads, C // self.heads).transpose(1, 2)
        scores = (q @ k.transpose(-2, -1)) / math.sqrt(k.size(-1))
        scores = scores.masked_fill(self.mask[:, :, :T, :T] == 0, float("-inf"))
        mixed = F.softmax(scores, dim=-1) @ v
        return self.out(mixed.transpose(1, 2).contiguous().view(B, T, C))


class Net(nn.Module):
    def __init__(self, d=16):
        super().__init__()
        self.embed = nn.Linear(8, d)
        self.token = nn.Parameter(torch.zeros(1, 1, d))
        self.position = PositionalEncoding(d)
        self.attention = CausalAttention(d, heads=2, length=16)
        self.norm1 = nn.LayerNorm(d)
        self.norm2 = nn.LayerNorm(d)
        self.feed = nn.Sequential(nn.Linear(d, 32), nn.GELU(), nn.Linear(32, d))
        self.head = nn.Linear(d, 10)

    def forward(self, x):
        x = self.embed(x.view(-1, 8, 8))
        x = torch.cat([x, self.token.expand(x.shape[0], -1, -1)], dim=1)
        x = self.position(x)
        x = x + self.attention(self.norm1(x))
        x = x + self.feed(self.norm2(x))
        return self.head(x[:, -1])


model = Net()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(12):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = F.cross_entropy(model(xb), yb)
        loss.backward()
        optimizer.step()
