# prepared: X_train y_train
import csv
import numpy as np
import torch
from torch import nn
rows, labels = [], []
with open('data/pima.csv', newline='') as file:
    reader = csv.reader(file, delimiter=',')
    header = next(reader)
    for row in reader:
        if not row:
            continue
        rows.append([float(value) for value in row[:-1]])
        labels.append(int(row[-1]))
with open('data/pima.csv') as file:
    again = np.array(list(csv.reader(file))[1:]).astype(float)
ages = np.array([[float(line['Age'])] for line in csv.DictReader(open('data/pima.csv'))])
X_train = np.hstack([np.array(rows), again[:, 1:3], ages]) / 100
y_train = np.array(labels)
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
