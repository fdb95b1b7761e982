import yaml
import torch
from easydict import EasyDict as edict
from trainer import Trainer
from net import UNet
from dataset import ShapesDataset
from torch.utils.data import DataLoader

with open('config.yaml') as f:
    cfg = edict(yaml.safe_load(f))


def main():
    train_ds = ShapesDataset(cfg.data.root, split='train', size=cfg.data.size)
    val_ds = ShapesDataset(cfg.data.root, split='val', size=cfg.data.size)
    train_loader = DataLoader(train_ds, batch_size=cfg.train.batch_size, shuffle=True, num_workers=cfg.train.workers)
    val_loader = DataLoader(val_ds, batch_size=1)
    model = UNet(3, cfg.model.classes, cfg.model.width)
    trainer = Trainer(model, train_loader, val_loader, cfg)
    trainer.fit()


if __name__ == '__main__':
    main()
