import numpy as np
import torch
from torch import nn
from sklearn.datasets import load_digits
from sklearn.preprocessing import MinMaxScaler


def iterate_minibatches(inputs, targets, batchsize, shuffle=False):
    assert len(inputs) == len(targets)
    if shuffle:
        indices = np.arange(len(inputs))
        np.random.shuffle(indices)
    for start_idx in range(0, len(inputs) - batchsize + 1, batchsize):
        if shuffle:
            excerpt = indices[start_idx:start_idx + batchsize]
        else:
            excerpt = slice(start_idx, start_idx + batchsize)
        yield inputs[excerpt], targets[excerpt]


def one_hot(labels, n_classes):
    out = np.zeros((len(labels), n_classes))
    out[np.arange(len(labels)), labels] = 1
    return out


digits = load_digits()
X = MinMaxScaler().fit_transform(digits.data)
Y = one_hot(digits.target, 10)
n_train = int(0.8 * len(X))
X_train, X_test = X[:n_train], X[n_train:]
Y_train, Y_test = Y[:n_train], Y[n_train:]

net = nn.Sequential(nn.Linear(64, 48), nn.Tanh(), nn.Linear(48, 10), nn.Softmax(dim=1))
optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
loss_func = nn.MSELoss()

for epoch in range(50):
    train_err = 0
    train_batches = 0
    for batch in iterate_minibatches(X_train, Y_train, 32, shuffle=True):
        inputs, targets = batch
        inputs = torch.from_numpy(inputs).float()
        targets = torch.from_numpy(targets).float()
        optimizer.zero_grad()
        loss = loss_func(net(inputs), targets)
        loss.backward()
        optimizer.step()
        train_err += loss.item()
        train_batches += 1
    print("epoch %d: %.5f" % (epoch, train_err / train_batches))
