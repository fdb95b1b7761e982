import torch
from torch import nn, optim

torch.manual_seed(10)


class TwoTask(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.shared = nn.Linear(d, 16)
        self.w = nn.ParameterDict({
            'a': nn.Parameter(torch.randn(16, 1) * 0.1),
            'b': nn.Parameter(torch.randn(16, 1) * 0.1),
        })
        self.bias = nn.ParameterList([nn.Parameter(torch.zeros(1)) for _ in range(2)])

    def forward(self, x):
        h = torch.tanh(self.shared(x))
        return h @ self.w['a'] + self.bias[0], h.mm(self.w['b']) + self.bias[1]


x = torch.randn(256, 5)
ya = x.sum(1, keepdim=True)
yb = (x[:, 0] * x[:, 1]).unsqueeze(1)
m = TwoTask(5)
opt = optim.Adam(m.parameters(), lr=0.01)
for it in range(500):
    pa, pb = m(x)
    loss = ((pa - ya) ** 2).mean() + ((pb - yb) ** 2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
