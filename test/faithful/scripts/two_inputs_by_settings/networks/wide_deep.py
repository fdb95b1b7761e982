import torch
import torch.nn as nn


class WideDeep(nn.Module):
    def __init__(self, numeric, kinds, cfg):
        super().__init__()
        self.emb = nn.Embedding(kinds, cfg.embed_dim)
        sizes = [numeric + cfg.embed_dim] + cfg.layers
        self.deep = nn.Sequential()
        for i in range(len(sizes) - 1):
            self.deep.add_module(f"fc{i}", nn.Linear(sizes[i], sizes[i + 1]))
            self.deep.add_module(f"act{i}", nn.ELU())
        self.out = nn.Linear(sizes[-1], 1)
        self.wide = nn.Linear(numeric, 1)

    def forward(self, num, cat):
        z = torch.cat((num, self.emb(cat)), 1)
        return self.out(self.deep(z)) + self.wide(num)
