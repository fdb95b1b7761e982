import math
import torch

torch.manual_seed(2)
x = torch.linspace(-math.pi, math.pi, 2000)
y = torch.cos(x)
powers = torch.tensor([1, 2, 3, 4])
xx = x.unsqueeze(-1).pow(powers)
model = torch.nn.Sequential(torch.nn.Linear(4, 1), torch.nn.Flatten(0, 1))
loss_fn = torch.nn.MSELoss(reduction='sum')
rate = 1e-6
for t in range(1500):
    y_hat = model(xx)
    loss = loss_fn(y_hat, y)
    model.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in model.parameters():
            p -= rate * p.grad
