import lightning as L
import torch
import torchmetrics
from torch import nn
from sklearn.datasets import make_classification
from torch.utils.data import DataLoader, TensorDataset

X, y = make_classification(n_samples=2000, n_features=20, n_informative=8, n_classes=3, random_state=1)
X_train, y_train = torch.tensor(X[:1600], dtype=torch.float32), torch.tensor(y[:1600])
X_val, y_val = torch.tensor(X[1600:], dtype=torch.float32), torch.tensor(y[1600:])


class LitClassifier(L.LightningModule):
    def __init__(self, hidden=64, lr=1e-2, weight_decay=0.01):
        super().__init__()
        self.save_hyperparameters()
        self.net = nn.Sequential(
            nn.Linear(20, hidden), nn.BatchNorm1d(hidden), nn.ReLU(),
            nn.Linear(hidden, hidden), nn.BatchNorm1d(hidden), nn.ReLU(),
            nn.Linear(hidden, 3))
        self.loss = nn.CrossEntropyLoss()
        self.acc = torchmetrics.Accuracy(task='multiclass', num_classes=3)

    def forward(self, x):
        return self.net(x)

    def training_step(self, batch, batch_idx):
        x, y = batch
        logits = self(x)
        loss = self.loss(logits, y)
        self.acc(logits, y)
        self.log_dict({'loss': loss, 'acc': self.acc}, prog_bar=True)
        return loss

    def validation_step(self, batch, batch_idx):
        x, y = batch
        loss = self.loss(self(x), y)
        self.log('val_loss', loss)

    def configure_optimizers(self):
        opt = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, weight_decay=self.hparams.weight_decay)
        sch = torch.optim.lr_scheduler.OneCycleLR(opt, max_lr=self.hparams.lr, total_steps=self.trainer.estimated_stepping_batches)
        return [opt], [{'scheduler': sch, 'interval': 'step'}]


L.seed_everything(7)
train_dl = DataLoader(TensorDataset(X_train, y_train), batch_size=64, shuffle=True, num_workers=0)
val_dl = DataLoader(TensorDataset(X_val, y_val), batch_size=256)
trainer = L.Trainer(max_epochs=15, accelerator='auto', enable_progress_bar=False)
trainer.fit(LitClassifier(), train_dl, val_dl)
