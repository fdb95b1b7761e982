import argparse, random
import numpy as np
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset, SubsetRandomSampler
from sklearn import datasets


class DigitDataset(Dataset):
    def __init__(self, split='train', val_ratio=0.2, noise=0.0):
        d = datasets.load_digits()
        images = d.images.astype(np.float32) / 16.0
        n_val = int(len(images) * val_ratio)
        if split == 'train':
            self.images = images[n_val:]
            self.labels = d.target[n_val:]
        else:
            self.images = images[:n_val]
            self.labels = d.target[:n_val]

    def __len__(self):
        return len(self.images)

    def __getitem__(self, idx):
        img = torch.from_numpy(self.images[idx]).unsqueeze(0)
        label = int(self.labels[idx])
        return img, label


def build_model(width, depth):
    layers = [nn.Flatten()]
    last = 64
    for _ in range(depth):
        layers += [nn.Linear(last, width), nn.BatchNorm1d(width), nn.ReLU()]
        last = width
    layers.append(nn.Linear(last, 10))
    return nn.Sequential(*layers)


def train_one_epoch(model, loader, optimizer, criterion, device):
    model.train()
    total, correct, loss_sum = 0, 0, 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        optimizer.zero_grad()
        out = model(x)
        loss = criterion(out, y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        loss_sum += loss.item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
        total += len(y)
    return loss_sum / total, correct / total


@torch.no_grad()
def evaluate(model, loader, criterion, device):
    model.eval()
    total, correct, loss_sum = 0, 0, 0.0
    for x, y in loader:
        x, y = x.to(device), y.to(device)
        out = model(x)
        loss_sum += criterion(out, y).item() * len(y)
        correct += (out.argmax(1) == y).sum().item()
        total += len(y)
    return loss_sum / total, correct / total


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument('--lr', type=float, default=0.1)
    ap.add_argument('--width', type=int, default=128)
    ap.add_argument('--depth', type=int, default=2)
    ap.add_argument('--epochs', type=int, default=15)
    ap.add_argument('--bs', type=int, default=64)
    ap.add_argument('--seed', type=int, default=0)
    args = ap.parse_args()
    random.seed(args.seed); np.random.seed(args.seed); torch.manual_seed(args.seed)
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    train_loader = DataLoader(DigitDataset('train'), args.bs, shuffle=True)
    val_loader = DataLoader(DigitDataset('val'), args.bs)
    model = build_model(args.width, args.depth).to(device)
    criterion = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=args.lr, momentum=0.9, nesterov=True)
    scheduler = optim.lr_scheduler.CosineAnnealingLR(optimizer, args.epochs)
    best = 0
    for epoch in range(args.epochs):
        tl, ta = train_one_epoch(model, train_loader, optimizer, criterion, device)
        vl, va = evaluate(model, val_loader, criterion, device)
        scheduler.step()
        if va > best:
            best = va
            torch.save({'model': model.state_dict(), 'epoch': epoch}, 'best.pt')
        print(f'{epoch:02d} {tl:.4f} {ta:.3f} {vl:.4f} {va:.3f}')


if __name__ == '__main__':
    main()
