"""An engine that is given its step, and handlers of its events; one of them lowers the rate."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from engine import Engine, Events

torch.manual_seed(3)
data = np.loadtxt("../../../../examples/data/wine.csv", delimiter=",", skiprows=1)
x = data[:, :13].astype(np.float32)
x = torch.from_numpy((x - x.mean(0)) / x.std(0))
loader = DataLoader(TensorDataset(x, torch.tensor(data[:, 13]).long()), batch_size=40, shuffle=True)
model = nn.Sequential(nn.Linear(13, 8), nn.SiLU(), nn.Linear(8, 3))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 2, gamma=0.3)
criterion = nn.CrossEntropyLoss()


def update(engine, batch):
    optimizer.zero_grad()
    inputs, labels = batch
    loss = criterion(model(inputs), labels)
    loss.backward()
    torch.nn.utils.clip_grad_value_(model.parameters(), 0.5)
    optimizer.step()
    return loss.item()


trainer = Engine(update)


@trainer.on(Events.EPOCH_COMPLETED)
def report(engine):
    print(engine.epoch, engine.output)


@trainer.on(Events.EPOCH_COMPLETED)
def decay(engine):
    scheduler.step()


trainer.run(loader, 6)
