import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils import data
from sklearn.datasets import make_moons

LEARNING_RATE = 2.5e-1
POWER = 0.9
NUM_STEPS = 400
BATCH_SIZE = 20
MOMENTUM = 0.9
WEIGHT_DECAY = 0.0005


def lr_poly(base_lr, iter, max_iter, power):
    return base_lr * ((1 - float(iter) / max_iter) ** (power))


def adjust_learning_rate(optimizer, i_iter):
    lr = lr_poly(LEARNING_RATE, i_iter, NUM_STEPS, POWER)
    optimizer.param_groups[0]['lr'] = lr
    if len(optimizer.param_groups) > 1:
        optimizer.param_groups[1]['lr'] = lr * 10


class Moons(data.Dataset):
    def __init__(self, n, noise):
        self.x, self.y = make_moons(n_samples=n, noise=noise, random_state=42)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return torch.tensor(self.x[i], dtype=torch.float32), torch.tensor(self.y[i], dtype=torch.float32)


def main():
    model = nn.Sequential(nn.Linear(2, 20), nn.Tanh(), nn.Linear(20, 1))
    trainloader = data.DataLoader(Moons(500, 0.1), batch_size=BATCH_SIZE, shuffle=True, num_workers=2)
    trainloader_iter = enumerate(trainloader)
    optimizer = optim.SGD(model.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM, weight_decay=WEIGHT_DECAY)
    optimizer.zero_grad()
    bce_loss = nn.BCEWithLogitsLoss()
    for i_iter in range(NUM_STEPS):
        loss_seg_value = 0
        optimizer.zero_grad()
        adjust_learning_rate(optimizer, i_iter)
        try:
            _, batch = trainloader_iter.__next__()
        except StopIteration:
            trainloader_iter = enumerate(trainloader)
            _, batch = next(trainloader_iter)
        x, y = batch
        pred = model(x).squeeze(1)
        loss = bce_loss(pred, y)
        loss.backward()
        loss_seg_value += loss.data.cpu().numpy()
        optimizer.step()
        if i_iter % 100 == 0:
            print('iter = {0:8d}/{1:8d}, loss = {2:.3f}'.format(i_iter, NUM_STEPS, loss_seg_value))


if __name__ == '__main__':
    main()
