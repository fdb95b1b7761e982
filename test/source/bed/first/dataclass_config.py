from dataclasses import dataclass, field
from typing import List, Tuple
import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader
from torchvision.datasets import KMNIST
from torchvision.transforms import v2 as T


@dataclass
class Config:
    lr: float = 2e-3
    epochs: int = 12
    batch_size: int = 256
    hidden: List[int] = field(default_factory=lambda: [256, 128])
    betas: Tuple[float, float] = (0.9, 0.98)
    warmup: int = 200


class Net(nn.Module):
    def __init__(self, cfg: Config) -> None:
        super().__init__()
        sizes = [784] + cfg.hidden
        layers: List[nn.Module] = []
        for i in range(len(sizes) - 1):
            layers += [nn.Linear(sizes[i], sizes[i + 1]), nn.SiLU(), nn.Dropout(p=0.1)]
        self.features = nn.Sequential(*layers)
        self.out = nn.Linear(sizes[-1], 10)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.features(x.flatten(start_dim=1)))


def main(cfg: Config = Config()) -> None:
    tf = T.Compose([T.ToTensor(), T.Normalize(mean=[0.19], std=[0.35])])
    loader = DataLoader(KMNIST('~/data', train=True, transform=tf, download=True), cfg.batch_size, shuffle=True)
    net = Net(cfg)
    net = torch.compile(net)
    opt = torch.optim.NAdam(net.parameters(), lr=cfg.lr, betas=cfg.betas)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min(1.0, (s + 1) / cfg.warmup))
    for epoch in range(cfg.epochs):
        for x, y in loader:
            loss = nn.functional.cross_entropy(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
        print(f"{epoch=} {loss.item()=:.3f}")


if __name__ == "__main__":
    main()
