import torch
import torch.nn as nn
from sklearn.datasets import make_moons

T = 100
betas = torch.linspace(1e-4, 0.02, T)
alphas = 1. - betas
alphas_bar = torch.cumprod(alphas, dim=0)
x0_all = torch.tensor(make_moons(5000, noise=0.05)[0], dtype=torch.float32)


class Denoiser(nn.Module):
    def __init__(self, hidden=128):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(3, hidden), nn.SiLU(), nn.Linear(hidden, hidden), nn.SiLU(), nn.Linear(hidden, 2))

    def forward(self, x, t):
        return self.net(torch.cat([x, t[:, None].float() / T], dim=1))


model = Denoiser()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x0_all), batch_size=256, shuffle=True, drop_last=True)
for epoch in range(100):
    for (x0,) in loader:
        t = torch.randint(0, T, (x0.shape[0],))
        noise = torch.randn_like(x0)
        ab = alphas_bar[t].unsqueeze(1)
        xt = ab.sqrt() * x0 + (1 - ab).sqrt() * noise
        loss = nn.functional.mse_loss(model(xt, t), noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
