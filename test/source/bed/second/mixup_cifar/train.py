import math
import random
import torch
from torch import nn
from net import wide_net
from opts import get_options
from sets import cifar


def mixed(x, y, alpha):
    lam = random.betavariate(alpha, alpha) if alpha > 0 else 1.0
    perm = torch.randperm(x.size(0))
    return lam * x + (1 - lam) * x[perm], y, y[perm], lam


def main():
    o = get_options()
    torch.manual_seed(o.seed)
    train, test = cifar(o.data, o.batch_size)
    net = wide_net(o.depth, o.widen)
    loss_fn = nn.CrossEntropyLoss()
    opt = torch.optim.SGD(net.parameters(), o.lr, momentum=0.9, weight_decay=o.wd, nesterov=True)
    total = o.epochs * len(train)
    sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda i: 0.5 * (1 + math.cos(math.pi * i / total)))
    for epoch in range(o.epochs):
        net.train()
        for x, y in train:
            out = net(x)
            loss = loss_fn(out, y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            sched.step()
        net.eval()
        hit = n = 0
        with torch.no_grad():
            for x, y in test:
                hit += (net(x).argmax(1) == y).sum().item()
                n += y.numel()
        print(f'epoch {epoch} acc {hit / n:.3f}')


if __name__ == '__main__':
    main()
