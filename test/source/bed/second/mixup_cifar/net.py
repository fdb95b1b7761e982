from torch import nn
import torch.nn.functional as F


class Unit(nn.Module):
    def __init__(self, c_in, c, stride):
        super().__init__()
        self.n1, self.c1 = nn.BatchNorm2d(c_in), nn.Conv2d(c_in, c, 3, stride, 1, bias=False)
        self.n2, self.c2 = nn.BatchNorm2d(c), nn.Conv2d(c, c, 3, 1, 1, bias=False)
        self.skip = nn.Conv2d(c_in, c, 1, stride, bias=False) if c_in != c or stride > 1 else nn.Identity()

    def forward(self, x):
        h = F.relu(self.n1(x))
        return self.c2(F.relu(self.n2(self.c1(h)))) + self.skip(h)


class Wide(nn.Module):
    def __init__(self, n, k, classes=10):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        c, blocks = 16, []
        for stage, width in enumerate((16 * k, 32 * k, 64 * k)):
            for i in range(n):
                blocks.append(Unit(c, width, 2 if stage > 0 and i == 0 else 1))
                c = width
        self.blocks = nn.Sequential(*blocks)
        self.norm = nn.BatchNorm2d(c)
        self.fc = nn.Linear(c, classes)
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight)

    def forward(self, x):
        h = F.relu(self.norm(self.blocks(self.stem(x))))
        return self.fc(F.adaptive_avg_pool2d(h, 1).view(h.size(0), -1))


def wide_net(depth, k):
    assert (depth - 4) % 6 == 0
    return Wide((depth - 4) // 6, k)
