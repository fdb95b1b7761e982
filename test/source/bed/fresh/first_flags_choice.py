import argparse, json, os, time
import torch, torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from torch.utils.tensorboard import SummaryWriter

def get_args():
    p = argparse.ArgumentParser(formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument('--opt', choices=['sgd', 'adam', 'adamw'], required=True)
    p.add_argument('--lr', type=float, default=3e-3)
    p.add_argument('--act', default='tanh')
    p.add_argument('--hidden', nargs='+', type=int, default=[40, 40])
    p.add_argument('--epochs', type=int, default=20)
    p.add_argument('--accum', type=int, default=2)
    p.add_argument('--logdir', default='runs')
    return p.parse_args()

ACTS = {'tanh': nn.Tanh, 'relu': nn.ReLU, 'softplus': nn.Softplus}

def build_model(args):
    dims = [4] + args.hidden + [1]
    seq = nn.Sequential()
    for i, (a, b) in enumerate(zip(dims[:-1], dims[1:])):
        seq.add_module(f'fc{i}', nn.Linear(a, b))
        if i < len(dims) - 2:
            seq.add_module(f'act{i}', ACTS[args.act]())
    return seq

def build_optimizer(args, params):
    if args.opt == 'sgd':
        return torch.optim.SGD(params, lr=args.lr, momentum=0.9)
    elif args.opt == 'adam':
        return torch.optim.Adam(params, lr=args.lr)
    elif args.opt == 'adamw':
        return torch.optim.AdamW(params, lr=args.lr, weight_decay=1e-2)
    raise ValueError(f'unknown optimizer {args.opt}')

def main():
    args = get_args()
    torch.manual_seed(0)
    x = torch.rand(512, 4) * 2 - 1
    y = (x[:, :1] * x[:, 1:2] + torch.sin(3 * x[:, 2:3]) - x[:, 3:] ** 2)
    ds = TensorDataset(x, y)
    dl = DataLoader(ds, batch_size=32, shuffle=True)
    model = build_model(args)
    opt = build_optimizer(args, model.parameters())
    writer = SummaryWriter(args.logdir)
    crit = nn.MSELoss()
    it = 0
    for ep in range(args.epochs):
        opt.zero_grad()
        for i, (xb, yb) in enumerate(dl):
            loss = crit(model(xb), yb) / args.accum
            loss.backward()
            if (i + 1) % args.accum == 0:
                opt.step()
                opt.zero_grad()
            writer.add_scalar('loss', loss.item() * args.accum, it)
            it += 1
    writer.close()

if __name__ == '__main__':
    main()
