import torch.nn as nn


class MLP(nn.Module):
    def __init__(self, num_classes=10):
        super().__init__()
        self.body = nn.Sequential(nn.Flatten(), nn.Linear(3072, 256), nn.GELU(), nn.Linear(256, num_classes))

    def forward(self, x):
        return self.body(x)
