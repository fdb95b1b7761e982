import numpy as np
import torch
import torch.nn as nn
torch.manual_seed(1234)

# 1D heat equation u_t = alpha u_xx on [0,1]x[0,1]
alpha = 0.1

class PINN(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.depth = len(layers) - 1
        self.activation = torch.nn.Tanh
        self.linears = nn.ModuleList([nn.Linear(layers[i], layers[i+1]) for i in range(self.depth)])
        for i in range(self.depth):
            nn.init.xavier_normal_(self.linears[i].weight.data, gain=1.0)
            nn.init.zeros_(self.linears[i].bias.data)
        self.act = nn.Tanh()
    def forward(self, x, t):
        a = torch.cat([x, t], dim=1)
        for i in range(self.depth - 1):
            a = self.act(self.linears[i](a))
        return self.linears[-1](a)

net = PINN([2, 20, 20, 20, 1])
mse_cost_function = torch.nn.MSELoss()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)

def residual(x, t, net):
    u = net(x, t)
    u_x = torch.autograd.grad(u.sum(), x, create_graph=True)[0]
    u_xx = torch.autograd.grad(u_x.sum(), x, create_graph=True)[0]
    u_t = torch.autograd.grad(u.sum(), t, create_graph=True)[0]
    return u_t - alpha * u_xx

x_ic = np.random.uniform(low=0.0, high=1.0, size=(200, 1))
t_ic = np.zeros((200, 1))
u_ic = np.sin(np.pi * x_ic)
x_bc = np.vstack([np.zeros((100, 1)), np.ones((100, 1))])
t_bc = np.random.uniform(low=0.0, high=1.0, size=(200, 1))
u_bc = np.zeros((200, 1))

pt_x_ic = torch.from_numpy(x_ic).float()
pt_t_ic = torch.from_numpy(t_ic).float()
pt_u_ic = torch.from_numpy(u_ic).float()
pt_x_bc = torch.from_numpy(x_bc).float()
pt_t_bc = torch.from_numpy(t_bc).float()
pt_u_bc = torch.from_numpy(u_bc).float()

iterations = 150
for it in range(iterations):
    optimizer.zero_grad()
    loss_ic = mse_cost_function(net(pt_x_ic, pt_t_ic), pt_u_ic)
    loss_bc = mse_cost_function(net(pt_x_bc, pt_t_bc), pt_u_bc)
    x_c = torch.rand(500, 1, requires_grad=True)
    t_c = torch.rand(500, 1, requires_grad=True)
    f_out = residual(x_c, t_c, net)
    loss_f = mse_cost_function(f_out, torch.zeros_like(f_out))
    loss = loss_ic + loss_bc + loss_f
    loss.backward()
    optimizer.step()
    with torch.autograd.no_grad():
        if it % 50 == 0:
            print(it, "Training Loss:", loss.data)
