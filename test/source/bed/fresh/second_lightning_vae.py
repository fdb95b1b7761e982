import lightning as L
import torch
from torch import nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset
import numpy as np

class LinVAE(L.LightningModule):
    def __init__(self, d_in: int = 20, latent: int = 3, lr: float = 2e-3, kl_coeff: float = 0.1):
        super().__init__()
        self.save_hyperparameters()
        self.encoder = nn.Sequential(nn.Linear(d_in, 16), nn.LeakyReLU(0.1), nn.Linear(16, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 16), nn.LeakyReLU(0.1), nn.Linear(16, d_in))

    def _run(self, x):
        mu, log_var = self.encoder(x).chunk(2, dim=-1)
        p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
        q = torch.distributions.Normal(mu, torch.exp(log_var / 2))
        z = q.rsample()
        return z, self.decoder(z), p, q

    def step(self, batch, batch_idx):
        (x,) = batch
        z, x_hat, p, q = self._run(x)
        recon = F.mse_loss(x_hat, x, reduction='mean')
        kl = torch.distributions.kl_divergence(q, p).mean() * self.hparams.kl_coeff
        return recon + kl, {'recon': recon, 'kl': kl}

    def training_step(self, batch, batch_idx):
        loss, logs = self.step(batch, batch_idx)
        self.log_dict({f"train_{k}": v for k, v in logs.items()})
        return loss

    def validation_step(self, batch, batch_idx):
        loss, logs = self.step(batch, batch_idx)
        self.log('val_loss', loss)

    def configure_optimizers(self):
        opt = torch.optim.Adam(self.parameters(), lr=self.hparams.lr)
        return [opt], [torch.optim.lr_scheduler.StepLR(opt, 5, 0.5)]

if __name__ == '__main__':
    L.seed_everything(5)
    feats = np.load('input/feat.npy')
    tr = DataLoader(TensorDataset(torch.from_numpy(feats[:320])), batch_size=40, shuffle=True)
    va = DataLoader(TensorDataset(torch.from_numpy(feats[320:])), batch_size=80)
    trainer = L.Trainer(max_epochs=12, accumulate_grad_batches=2, logger=False, enable_checkpointing=False)
    trainer.fit(LinVAE(), tr, va)
