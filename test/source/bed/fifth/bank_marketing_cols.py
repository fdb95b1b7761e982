import pandas as pd
import torch
import torch.nn as nn
import torch.optim as optim
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler
from torch.utils.data import DataLoader, TensorDataset

data = pd.read_csv("bank-full.csv", sep=";")
le = LabelEncoder()
for col in data.columns:
    if data[col].dtype == "object":
        data[col] = le.fit_transform(data[col])
X = data.drop("y", axis=1)
y = data["y"]
X = MinMaxScaler().fit_transform(X)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=1)
train = TensorDataset(torch.tensor(X_train).float(), torch.tensor(y_train.values).float().view(-1, 1))
loader = DataLoader(train, batch_size=128, shuffle=True)
net = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.1), nn.Linear(32, 1), nn.Sigmoid())
opt = optim.Adam(net.parameters(), lr=1e-3)
bce = nn.BCELoss()
for epoch in range(20):
    running_loss = 0.0
    for i, (inputs, labels) in enumerate(loader, 0):
        opt.zero_grad()
        loss = bce(net(inputs), labels)
        loss.backward()
        opt.step()
        running_loss += loss.item()
        if i % 100 == 99:
            print('[%d, %5d] loss: %.3f' % (epoch + 1, i + 1, running_loss / 100))
            running_loss = 0.0
