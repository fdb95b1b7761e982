import torch
from torch import nn

critic = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.1), nn.Linear(64, 1))
gen = nn.Sequential(nn.Linear(4, 64), nn.ReLU(), nn.Linear(64, 2))
oc = torch.optim.RMSprop(critic.parameters(), lr=5e-5)
og = torch.optim.RMSprop(gen.parameters(), lr=5e-5)
data = torch.randn(5000, 2) * torch.tensor([1.0, 0.3]) + 2
for step in range(4000):
    for _ in range(5):
        real = data[torch.randint(0, 5000, (128,))]
        fake = gen(torch.randn(128, 4)).detach()
        lc = critic(fake).mean() - critic(real).mean()
        oc.zero_grad()
        lc.backward()
        oc.step()
        for p in critic.parameters():
            p.data.clamp_(-0.01, 0.01)
    lg = -critic(gen(torch.randn(128, 4))).mean()
    og.zero_grad()
    lg.backward()
    og.step()
