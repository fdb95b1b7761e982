# My loss gets stuck around 0.69, what am I doing wrong?
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(42)
np.random.seed(42)


def generate_data(n):
    x = np.random.uniform(-3, 3, size=(n, 2)).astype(np.float32)
    y = ((x[:, 0] ** 2 + x[:, 1] ** 2) < 4).astype(np.float32)
    return x, y


class CircleDataset(Dataset):
    def __init__(self, n):
        self.X, self.Y = generate_data(n)
        self.X = torch.from_numpy(self.X)
        self.Y = torch.from_numpy(self.Y).reshape(-1, 1)

    def __len__(self):
        return self.X.shape[0]

    def __getitem__(self, index):
        return self.X[index, :], self.Y[index, :]


class Model(nn.Module):
    def __init__(self, input_size, H1, output_size):
        super().__init__()
        self.linear = nn.Linear(input_size, H1)
        self.linear2 = nn.Linear(H1, output_size)

    def forward(self, x):
        x = torch.sigmoid(self.linear(x))
        x = torch.sigmoid(self.linear2(x))
        return x

    def predict(self, x):
        pred = self.forward(x)
        if pred >= 0.5:
            return 1
        else:
            return 0


train_dl = DataLoader(CircleDataset(1000), batch_size=50, shuffle=True)
model = Model(2, 4, 1)
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 100
losses = []
for i in range(epochs):
    running_loss = 0.0
    for x_train, y_train in train_dl:
        y_pred = model.forward(x_train)
        loss = criterion(y_pred, y_train)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        running_loss += loss.item() * x_train.shape[0]
    losses.append(running_loss / len(train_dl.dataset))
    print("epoch:", i, "loss:", losses[-1])
