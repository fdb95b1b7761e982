import torch
import torch.nn as nn
import torch.nn.functional as F


def pair(into, out):
    return nn.Sequential(nn.Conv2d(into, out, 3, padding=1), nn.GroupNorm(4, out), nn.ReLU(inplace=True),
                         nn.Conv2d(out, out, 3, padding=1), nn.GroupNorm(4, out), nn.ReLU(inplace=True))


class UNet(nn.Module):
    def __init__(self, channels, classes, width, levels=2):
        super().__init__()
        widths = [width * 2 ** k for k in range(levels + 1)]
        self.stem = pair(channels, widths[0])
        self.down = nn.ModuleList([pair(a, b) for a, b in zip(widths, widths[1:])])
        self.lift = nn.ModuleList([nn.ConvTranspose2d(b, a, 2, stride=2) for a, b in zip(widths, widths[1:])])
        self.merge = nn.ModuleList([pair(2 * a, a) for a in widths[:-1]])
        self.head = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x):
        kept = [self.stem(x)]
        for block in self.down:
            kept.append(block(F.max_pool2d(kept[-1], 2)))
        x = kept.pop()
        for lift, merge in zip(reversed(self.lift), reversed(self.merge)):
            x = merge(torch.cat([kept.pop(), lift(x)], dim=1))
        return self.head(x)
