import argparse
import numpy as np
import torch
import torch.nn as nn


def load_data(path):
    data = np.genfromtxt(path, delimiter=',', skip_header=1)
    X, y = data[:, :-1], data[:, -1]
    X[np.isnan(X)] = 0
    y[y == -1] = 0
    X[:, 0] = np.log(X[:, 0] + 1)
    mu, sigma = X.mean(0), X.std(0)
    sigma[sigma == 0] = 1.0
    X = (X - mu) / sigma
    return X.astype(np.float32), y.astype(np.float32)


def split(X, y, frac, rng):
    order = rng.permutation(len(X))
    cut = int(frac * len(X))
    return X[order[:cut]], y[order[:cut]], X[order[cut:]], y[order[cut:]]


def train(args):
    rng = np.random.RandomState(args.seed)
    X, y = load_data(args.data)
    X_tr, y_tr, X_te, y_te = split(X, y, 0.75, rng)
    X_tr, y_tr = torch.from_numpy(X_tr), torch.from_numpy(y_tr)
    X_te, y_te = torch.from_numpy(X_te), torch.from_numpy(y_te)
    model = nn.Sequential(nn.Linear(11, args.hidden), nn.ReLU(), nn.Linear(args.hidden, 1), nn.Flatten(0))
    optimizer = torch.optim.Adagrad(model.parameters(), lr=args.lr)
    bce = nn.BCEWithLogitsLoss()
    num_batches = len(X_tr) // args.batch_size
    for epoch in range(args.epochs):
        total = 0.0
        for b in range(num_batches):
            lo, hi = b * args.batch_size, (b + 1) * args.batch_size
            loss = bce(model(X_tr[lo:hi]), y_tr[lo:hi])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        with torch.no_grad():
            acc = ((model(X_te) > 0).float() == y_te).float().mean()
        print('epoch {:3d}  loss {:.4f}  test accuracy {:.3f}'.format(epoch, total / num_batches, acc))


if __name__ == '__main__':
    p = argparse.ArgumentParser(description='Loan default')
    p.add_argument('data', nargs='?', default='data/loans.csv')
    p.add_argument('--hidden', type=int, default=20)
    p.add_argument('--lr', type=float, default=0.02)
    p.add_argument('--batch-size', type=int, default=40)
    p.add_argument('--epochs', type=int, default=25)
    p.add_argument('--seed', type=int, default=1)
    train(p.parse_args())
