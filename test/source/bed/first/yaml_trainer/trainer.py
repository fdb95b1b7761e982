import torch
import torch.nn as nn
from torch.optim import AdamW
from tqdm import tqdm


class Trainer:
    def __init__(self, model, train_loader, val_loader, cfg):
        self.device = 'cuda' if torch.cuda.is_available() else 'cpu'
        self.model = model.to(self.device)
        self.train_loader = train_loader
        self.val_loader = val_loader
        self.cfg = cfg
        self.criterion = nn.CrossEntropyLoss(ignore_index=255)
        self.optimizer = AdamW(self.model.parameters(), lr=cfg.train.lr, weight_decay=cfg.train.weight_decay)
        self.scaler = torch.cuda.amp.GradScaler(enabled=self.device == 'cuda')
        self.best = float('inf')

    def fit(self):
        for epoch in range(self.cfg.train.epochs):
            loss = self._train_epoch(epoch)
            val = self._validate()
            print(f'epoch {epoch} train {loss:.4f} val {val:.4f}')
            if val < self.best:
                self.best = val
                torch.save(self.model.state_dict(), 'best_unet.pth')

    def _train_epoch(self, epoch):
        self.model.train()
        total = 0.0
        bar = tqdm(self.train_loader, desc=f'Epoch {epoch}', leave=False)
        for images, masks in bar:
            images, masks = images.to(self.device), masks.to(self.device)
            self.optimizer.zero_grad()
            with torch.cuda.amp.autocast(enabled=self.device == 'cuda'):
                logits = self.model(images)
                loss = self.criterion(logits, masks)
            self.scaler.scale(loss).backward()
            self.scaler.step(self.optimizer)
            self.scaler.update()
            total += loss.item()
            bar.set_postfix(loss=loss.item())
        return total / len(self.train_loader)

    @torch.no_grad()
    def _validate(self):
        self.model.eval()
        total = 0.0
        for images, masks in self.val_loader:
            total += self.criterion(self.model(images.to(self.device)), masks.to(self.device)).item()
        return total / max(len(self.val_loader), 1)
