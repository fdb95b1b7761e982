import os
import argparse
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader
from torchvision import transforms


class AbaloneDataset(Dataset):
    """Abalone rows with their ring count."""

    def __init__(self, csv_file, transform=None):
        self.frame = pd.read_csv(csv_file)
        self.transform = transform

    def __len__(self):
        return len(self.frame)

    def __getitem__(self, idx):
        if torch.is_tensor(idx):
            idx = idx.tolist()
        features = self.frame.iloc[idx, 1:8]
        features = np.array(features, dtype=float)
        rings = self.frame.iloc[idx, 8]
        sample = {'features': features, 'rings': np.array([rings], dtype=float)}
        if self.transform:
            sample = self.transform(sample)
        return sample


class Rescale(object):
    def __init__(self, factor):
        self.factor = factor

    def __call__(self, sample):
        features, rings = sample['features'], sample['rings']
        return {'features': features * self.factor, 'rings': rings}


class ToTensor(object):
    def __call__(self, sample):
        features, rings = sample['features'], sample['rings']
        return {'features': torch.from_numpy(features).float(), 'rings': torch.from_numpy(rings).float()}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(7, 32)
        self.l2 = nn.Linear(32, 16)
        self.l3 = nn.Linear(16, 1)

    def forward(self, x):
        x = F.relu(self.l1(x))
        x = F.relu(self.l2(x))
        return self.l3(x)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--epochs', type=int, default=30)
    parser.add_argument('--batch-size', type=int, default=64)
    parser.add_argument('--lr', type=float, default=1e-3)
    args = parser.parse_args()

    dataset = AbaloneDataset(os.path.join('data', 'abalone.csv'),
                             transform=transforms.Compose([Rescale(2.0), ToTensor()]))
    loader = DataLoader(dataset, batch_size=args.batch_size, shuffle=True, num_workers=0)
    net = Net()
    criterion = nn.SmoothL1Loss()
    optimizer = torch.optim.RMSprop(net.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        for i_batch, sample_batched in enumerate(loader):
            x, y = sample_batched['features'], sample_batched['rings']
            optimizer.zero_grad()
            loss = criterion(net(x), y)
            loss.backward()
            optimizer.step()
            if i_batch % 20 == 0:
                print(epoch, i_batch, loss.item())


if __name__ == '__main__':
    main()
