"""A step after every fourth batch and after the last one of each epoch, however few came before it; the rate falls with the steps."""
import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(8)
df = pd.read_csv("../../../examples/data/wine.csv")
features = torch.tensor(df.iloc[:, :13].values, dtype=torch.float32)
features = (features - features.mean(dim=0)) / features.std(dim=0)
train_loader = DataLoader(TensorDataset(features, torch.tensor(df.iloc[:, 13].values)), batch_size=10, shuffle=True)
net = nn.Sequential(nn.Linear(13, 16), nn.ReLU(), nn.Linear(16, 3))
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=7, gamma=0.8)
accum_iter = 4
for epoch in range(11):
    for batch_idx, (inputs, labels) in enumerate(train_loader):
        loss = loss_fn(net(inputs), labels) / accum_iter
        loss.backward()
        if ((batch_idx + 1) % accum_iter == 0) or (batch_idx + 1 == len(train_loader)):
            optimizer.step()
            optimizer.zero_grad()
            scheduler.step()
