import torch
from torch import nn

T = 100
betas = torch.linspace(1e-4, 0.02, T)
alpha_bar = torch.cumprod(1 - betas, dim=0)
points = torch.randn(2000, 2)
points = points / points.norm(dim=1, keepdim=True)


class Eps(nn.Module):
    def __init__(self, h=128):
        super().__init__()
        self.time = nn.Embedding(T, 16)
        self.net = nn.Sequential(nn.Linear(18, h), nn.SiLU(), nn.Linear(h, h), nn.SiLU(), nn.Linear(h, 2))

    def forward(self, x, t):
        return self.net(torch.cat([x, self.time(t)], dim=-1))


model = Eps()
opt = torch.optim.Adam(model.parameters(), lr=3e-4)
loader = torch.utils.data.DataLoader(points, batch_size=256, shuffle=True)
for epoch in range(100):
    for x0 in loader:
        t = torch.randint(0, T, (x0.shape[0],))
        noise = torch.randn_like(x0)
        a = alpha_bar[t].unsqueeze(1)
        xt = a.sqrt() * x0 + (1 - a).sqrt() * noise
        loss = nn.functional.mse_loss(model(xt, t), noise)
        opt.zero_grad()
        loss.backward()
        opt.step()
