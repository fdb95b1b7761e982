"""Regress the price of used cars."""
import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import List, Optional

import numpy as np
import pandas as pd
import torch
from sklearn.preprocessing import LabelEncoder
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, Dataset, Subset

logger = logging.getLogger(__name__)


@dataclass
class TrainConfig:
    data_path: Path = Path("data/cars.csv")
    target: str = "price"
    cat_cols: List[str] = field(default_factory=lambda: ["brand", "fuel", "gearbox"])
    num_cols: List[str] = field(default_factory=lambda: ["year", "km", "power"])
    batch_size: int = 256
    lr: float = 4e-3
    weight_decay: float = 0.01
    epochs: int = 12
    clip: Optional[float] = 1.0
    seed: int = 7


class CarDataset(Dataset):
    def __init__(self, df: pd.DataFrame, cfg: TrainConfig):
        for col in cfg.cat_cols:
            le = LabelEncoder()
            df[col] = le.fit_transform(df[col].astype(str))
        for col in cfg.num_cols:
            mean, std = df[col].mean(), df[col].std()
            df[col] = (df[col] - mean) / std
        df[cfg.target] = np.log1p(df[cfg.target])
        self.x = df[cfg.num_cols + cfg.cat_cols].to_numpy(dtype=np.float32)
        self.y = df[cfg.target].to_numpy(dtype=np.float32)

    def __len__(self) -> int:
        return len(self.y)

    def __getitem__(self, idx: int):
        return torch.as_tensor(self.x[idx]), torch.as_tensor(self.y[idx])


class Trainer:
    def __init__(self, model: nn.Module, cfg: TrainConfig, train_loader: DataLoader, val_loader: DataLoader):
        self.model = model
        self.cfg = cfg
        self.train_loader = train_loader
        self.val_loader = val_loader
        self.criterion = nn.HuberLoss()
        self.optimizer = AdamW(model.parameters(), lr=cfg.lr, weight_decay=cfg.weight_decay)
        self.scheduler = OneCycleLR(self.optimizer, max_lr=cfg.lr, epochs=cfg.epochs, steps_per_epoch=len(train_loader))

    def _step(self, batch) -> Tensor:
        x, y = batch
        return self.criterion(self.model(x).squeeze(-1), y)

    def train_epoch(self) -> float:
        self.model.train()
        losses = []
        for batch in self.train_loader:
            self.optimizer.zero_grad(set_to_none=True)
            loss = self._step(batch)
            loss.backward()
            if self.cfg.clip is not None:
                nn.utils.clip_grad_norm_(self.model.parameters(), self.cfg.clip)
            self.optimizer.step()
            self.scheduler.step()
            losses.append(loss.item())
        return float(np.mean(losses))

    @torch.no_grad()
    def validate(self) -> float:
        self.model.eval()
        return float(np.mean([self._step(b).item() for b in self.val_loader]))

    def fit(self) -> None:
        for epoch in range(self.cfg.epochs):
            logger.info("epoch %d train %.4f val %.4f", epoch, self.train_epoch(), self.validate())


def main() -> None:
    cfg = TrainConfig()
    torch.manual_seed(cfg.seed)
    df = pd.read_csv(cfg.data_path)
    dataset = CarDataset(df, cfg)
    n_train = int(len(dataset) * 0.9)
    train_set = Subset(dataset, range(n_train))
    val_set = Subset(dataset, range(n_train, len(dataset)))
    model = nn.Sequential(nn.Linear(6, 64), nn.GELU(), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 1))
    Trainer(model, cfg, DataLoader(train_set, cfg.batch_size, shuffle=True), DataLoader(val_set, cfg.batch_size)).fit()


if __name__ == "__main__":
    main()
