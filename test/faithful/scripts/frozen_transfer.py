"""A frozen first layer, NLL on log-softmax, PReLU, exponential decay per epoch."""
import argparse
import torch
from torch import nn, optim
from sklearn import datasets
from sklearn.model_selection import train_test_split
from torch.utils.data import DataLoader, TensorDataset


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--hidden", type=int, default=32)
    p.add_argument("--lr", type=float, default=0.05)
    p.add_argument("--batch_size", type=int, default=40)
    p.add_argument("--epochs", type=int, default=4)
    return p.parse_args()


def build(hidden):
    model = nn.Sequential(
        nn.Linear(64, hidden),
        nn.PReLU(),
        nn.Linear(hidden, hidden),
        nn.LeakyReLU(0.2),
        nn.Linear(hidden, 10),
        nn.LogSoftmax(dim=1),
    )
    for p in model[0].parameters():
        p.requires_grad = False
    nn.init.xavier_uniform_(model[2].weight)
    return model


def train_epoch(model, loader, optimizer, criterion):
    model.train()
    for xb, yb in loader:
        optimizer.zero_grad()
        criterion(model(xb), yb).backward()
        optimizer.step()


def main():
    args = get_args()
    torch.manual_seed(11)
    d = datasets.load_digits()
    xtr, xte, ytr, yte = train_test_split(d.data / 16, d.target, test_size=0.2, shuffle=True, stratify=d.target)
    loader = DataLoader(
        TensorDataset(torch.from_numpy(xtr).float(), torch.from_numpy(ytr).long()),
        batch_size=args.batch_size,
        shuffle=True,
        drop_last=True,
    )
    model = build(args.hidden)
    optimizer = optim.SGD(filter(lambda p: p.requires_grad, model.parameters()), lr=args.lr, momentum=0.9, nesterov=True)
    scheduler = optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
    criterion = nn.NLLLoss()
    for epoch in range(args.epochs):
        train_epoch(model, loader, optimizer, criterion)
        scheduler.step()


if __name__ == "__main__":
    main()
