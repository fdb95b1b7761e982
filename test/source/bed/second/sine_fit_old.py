import numpy as np
import torch
from torch.autograd import Variable

xs = np.random.uniform(-3, 3, (400, 1)).astype(np.float32)
ys = np.sin(xs) + 0.05 * np.random.randn(400, 1).astype(np.float32)
use_cuda = torch.cuda.is_available()
net = torch.nn.Sequential(torch.nn.Linear(1, 24), torch.nn.Tanh(), torch.nn.Linear(24, 1))
if use_cuda:
    net = net.cuda()
inputs = Variable(torch.from_numpy(xs))
targets = Variable(torch.from_numpy(ys))
if use_cuda:
    inputs, targets = inputs.cuda(), targets.cuda()
crit = torch.nn.MSELoss()
opt = torch.optim.SGD(net.parameters(), lr=5e-2, momentum=0.9)
for it in range(800):
    pred = net(inputs)
    loss = crit(pred, targets)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if (it + 1) % 100 == 0:
        print('%4d  %.5f' % (it + 1, loss.data))
w = net[0].weight.data.cpu().numpy()
