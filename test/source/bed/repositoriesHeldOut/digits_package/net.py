import torch.nn as nn


def conv_bn(cin, cout, **kw):
    return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1, bias=False, **kw), nn.BatchNorm2d(cout), nn.ReLU(inplace=True))


class SE(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Sequential(nn.Linear(c, c // r), nn.ReLU(), nn.Linear(c // r, c), nn.Sigmoid())

    def forward(self, x):
        b, c, _, _ = x.size()
        w = self.fc(self.pool(x).view(b, c)).view(b, c, 1, 1)
        return x * w.expand_as(x)


class CNN(nn.Module):
    def __init__(self, width, num_classes):
        super().__init__()
        self.stem = conv_bn(1, width)
        self.block = nn.Sequential(conv_bn(width, 2 * width, stride=2), SE(2 * width), conv_bn(2 * width, 2 * width))
        self.head = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.1), nn.Linear(2 * width, num_classes))

    def forward(self, x):
        return self.head(self.block(self.stem(x)))


class MLP(nn.Module):
    def __init__(self, width, num_classes):
        super().__init__()
        self.net = nn.Sequential(nn.Flatten(), nn.LazyLinear(width), nn.ReLU(), nn.Linear(width, num_classes))

    def forward(self, x):
        return self.net(x)


_REGISTRY = {"cnn": CNN, "mlp": MLP}


def build_model(name, **kwargs):
    if name not in _REGISTRY:
        raise KeyError(f"unknown model {name}")
    return _REGISTRY[name](**kwargs)
