import pandas as pd
import torch
from torch import nn, optim
from torch.utils.data import Dataset, DataLoader, random_split


class HouseDataset(Dataset):
    def __init__(self, csv_file):
        data = pd.read_csv(csv_file)
        self.x = torch.tensor(data.iloc[:, :-1].values, dtype=torch.float32)
        self.y = torch.tensor(data.iloc[:, -1].values, dtype=torch.float32).view(-1, 1)
        self.x = (self.x - self.x.mean(0)) / self.x.std(0)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, idx):
        return self.x[idx], self.y[idx]


class Regressor(nn.Module):
    def __init__(self, in_dim, hidden=(64, 32)):
        super().__init__()
        dims = [in_dim, *hidden]
        blocks = []
        for a, b in zip(dims[:-1], dims[1:]):
            blocks += [nn.Linear(a, b), nn.ReLU()]
        blocks.append(nn.Linear(dims[-1], 1))
        self.net = nn.Sequential(*blocks)

    def forward(self, x):
        return self.net(x)


def main():
    torch.manual_seed(0)
    dataset = HouseDataset('data/houses.csv')
    n_train = int(0.8 * len(dataset))
    train_set, val_set = random_split(dataset, [n_train, len(dataset) - n_train])
    train_loader = DataLoader(train_set, batch_size=64, shuffle=True, drop_last=True)
    val_loader = DataLoader(val_set, batch_size=64)
    model = Regressor(8)
    loss_fn = nn.SmoothL1Loss()
    opt = optim.Adam(model.parameters(), lr=1e-3)
    sched = optim.lr_scheduler.CosineAnnealingLR(opt, T_max=100)
    for epoch in range(100):
        model.train()
        for x, y in train_loader:
            opt.zero_grad()
            pred = model(x)
            loss = loss_fn(pred, y)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
        sched.step()
        model.eval()
        mse = 0
        with torch.no_grad():
            for x, y in val_loader:
                mse += ((model(x) - y) ** 2).sum().item()
        print(f'{epoch}: rmse {(mse / len(val_set)) ** 0.5:.3f}')


if __name__ == "__main__":
    main()
