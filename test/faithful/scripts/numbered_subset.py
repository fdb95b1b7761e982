"""The first rows by their numbers, a column set by its name as an attribute, and a cosine over as many steps as these rows have batches."""
import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import LabelEncoder
from torch.utils.data import DataLoader, Dataset, Subset


class Flowers(Dataset):
    def __init__(self, path):
        df = pd.read_csv(path)
        df.species = LabelEncoder().fit_transform(df.species.values)
        self.x = df.iloc[:, :4].values.astype(np.float32)
        self.y = df["species"].values
        self.x = (self.x - self.x.mean(axis=0)) / self.x.std(axis=0)

    def __len__(self):
        return self.x.shape[0]

    def __getitem__(self, index):
        return torch.as_tensor(self.x[index]), int(self.y[index])


torch.manual_seed(9)
flowers = Flowers("../../../examples/data/iris.csv")
numbers = np.arange(len(flowers))
train = Subset(flowers, numbers[:110])
loader = DataLoader(train, batch_size=10, shuffle=True)
net = nn.Sequential(nn.Linear(4, 10), nn.ReLU(), nn.Linear(10, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.2, momentum=0.9)
epochs = 5
sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=epochs * len(loader))
for epoch in range(epochs):
    for xb, yb in loader:
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
