"""Diabetes progression: a trainer class with early stopping, settings in a dataclass, clipping in every step."""
import argparse
from dataclasses import asdict, dataclass, field

import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, random_split


@dataclass
class OptimConfig:
    lr: float = 3e-3
    weight_decay: float = 1e-4
    clip: float = 5.0


@dataclass
class Config:
    epochs: int = 40
    batch_size: int = 32
    hidden: list = field(default_factory=lambda: [32, 16])
    optim: OptimConfig = field(default_factory=OptimConfig)


class Progression(Dataset):
    def __init__(self, path):
        df = pd.read_csv(path)
        features = df.drop(columns=["progression"])
        features = (features - features.mean()) / features.std()
        self.x = torch.tensor(features.values, dtype=torch.float32)
        self.y = torch.tensor(df["progression"].values / 100, dtype=torch.float32).unsqueeze(1)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return {"features": self.x[i], "target": self.y[i]}


class EarlyStopping:
    def __init__(self, patience=10):
        self.patience, self.best, self.waited = patience, None, 0

    def __call__(self, loss):
        if self.best is None or loss < self.best:
            self.best, self.waited = loss, 0
            return False
        self.waited += 1
        return self.waited >= self.patience


class Trainer:
    def __init__(self, model, config, device="cpu"):
        self.model = model.to(device)
        self.config = config
        self.device = device
        self.criterion = nn.MSELoss()
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=config.optim.lr, weight_decay=config.optim.weight_decay)

    def train_step(self, batch):
        x, y = batch["features"].to(self.device), batch["target"].to(self.device)
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.criterion(self.model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(self.model.parameters(), self.config.optim.clip)
        self.optimizer.step()
        return loss.item()

    @torch.no_grad()
    def evaluate(self, loader):
        self.model.eval()
        losses = [self.criterion(self.model(batch["features"]), batch["target"]).item() for batch in loader]
        return sum(losses) / len(losses)

    def fit(self, train_loader, val_loader):
        stopper = EarlyStopping(patience=10)
        for epoch in range(self.config.epochs):
            self.model.train()
            losses = [self.train_step(batch) for batch in train_loader]
            val_loss = self.evaluate(val_loader)
            print(f"{epoch:3d} train {sum(losses) / len(losses):.4f} val {val_loss:.4f}")
            if stopper(val_loss):
                break


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", default="../../data/diabetes.csv")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    config = Config()
    print(asdict(config))
    data = Progression(args.data)
    train_set, val_set = random_split(data, [342, 100], generator=torch.Generator().manual_seed(args.seed))
    layers, width = [], 10
    for size in config.hidden:
        layers += [nn.Linear(width, size), nn.ReLU()]
        width = size
    model = nn.Sequential(*layers, nn.Linear(width, 1))
    Trainer(model, config).fit(
        DataLoader(train_set, batch_size=config.batch_size, shuffle=True), DataLoader(val_set, batch_size=config.batch_size)
    )


if __name__ == "__main__":
    main()
