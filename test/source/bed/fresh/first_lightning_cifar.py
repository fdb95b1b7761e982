import torch
from torch import nn
import torch.nn.functional as F
import pytorch_lightning as pl
from torch.utils.data import DataLoader, random_split
from torchvision import transforms
from torchvision.datasets import CIFAR10

BATCH_SIZE = 256 if torch.cuda.is_available() else 64

class LitCNN(pl.LightningModule):
    def __init__(self, lr=0.05, weight_decay=5e-4, num_classes=10):
        super().__init__()
        self.save_hyperparameters()
        self.features = nn.Sequential(
            nn.Conv2d(3, 32, 3, padding='same', bias=False), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 3, padding='same', bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2),
            nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.classifier = nn.Linear(64, num_classes)

    def forward(self, x):
        return F.log_softmax(self.classifier(self.features(x)), dim=1)

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = F.nll_loss(self(x), y)
        self.log("train_loss", loss)
        return loss

    def evaluate(self, batch, stage=None):
        x, y = batch
        logits = self(x)
        loss = F.nll_loss(logits, y)
        acc = (logits.argmax(1) == y).float().mean()
        if stage:
            self.log(f"{stage}_loss", loss, prog_bar=True)
            self.log(f"{stage}_acc", acc, prog_bar=True)

    def validation_step(self, batch, batch_idx):
        self.evaluate(batch, "val")

    def test_step(self, batch, batch_idx):
        self.evaluate(batch, "test")

    def configure_optimizers(self):
        optimizer = torch.optim.SGD(self.parameters(), lr=self.hparams.lr, momentum=0.9, weight_decay=self.hparams.weight_decay, nesterov=True)
        steps_per_epoch = 45000 // BATCH_SIZE
        scheduler_dict = {
            "scheduler": torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.1, epochs=self.trainer.max_epochs, steps_per_epoch=steps_per_epoch),
            "interval": "step",
        }
        return {"optimizer": optimizer, "lr_scheduler": scheduler_dict}

class CIFARData(pl.LightningDataModule):
    def __init__(self, data_dir="./data", batch_size=BATCH_SIZE):
        super().__init__()
        self.data_dir = data_dir
        self.batch_size = batch_size
        self.train_tf = transforms.Compose([
            transforms.RandomCrop(32, padding=4), transforms.RandomHorizontalFlip(), transforms.ToTensor(),
            transforms.Normalize((0.4914, 0.4822, 0.4465), (0.247, 0.243, 0.261))])
    def prepare_data(self):
        CIFAR10(self.data_dir, train=True, download=True)
    def setup(self, stage=None):
        full = CIFAR10(self.data_dir, train=True, transform=self.train_tf)
        self.train_set, self.val_set = random_split(full, [45000, 5000])
    def train_dataloader(self):
        return DataLoader(self.train_set, batch_size=self.batch_size, shuffle=True, num_workers=2)
    def val_dataloader(self):
        return DataLoader(self.val_set, batch_size=self.batch_size)

if __name__ == "__main__":
    pl.seed_everything(7)
    model = LitCNN(lr=0.05)
    dm = CIFARData()
    trainer = pl.Trainer(max_epochs=30, accelerator="auto", devices=1, gradient_clip_val=0.5,
                         callbacks=[pl.callbacks.LearningRateMonitor(logging_interval="step")])
    trainer.fit(model, dm)
    trainer.test(model, datamodule=dm)
