import numpy as np
import pandas as pd
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

train = pd.read_csv('input/train.csv')
test = pd.read_csv('input/test.csv')

for df in [train, test]:
    df['Sex'] = df['Sex'].apply(lambda s: 1 if s == 'male' else 0)
    df['Age'].fillna(df['Age'].median(), inplace=True)
    df['Fare'] = df['Fare'].fillna(df['Fare'].mean())
    df['FamilySize'] = df['SibSp'] + df['Parch'] + 1
    df['IsAlone'] = 0
    df.loc[df['FamilySize'] == 1, 'IsAlone'] = 1
    df['Embarked'] = df['Embarked'].fillna('S').map({'S': 0, 'C': 1, 'Q': 2}).astype(int)
    df.loc[df['Fare'] > 300, 'Fare'] = 300

features = ['Pclass', 'Sex', 'Age', 'Fare', 'FamilySize', 'IsAlone', 'Embarked']
X = train[features].values
y = train['Survived'].values
X = (X - X.mean(axis=0)) / X.std(axis=0)

dataset = TensorDataset(torch.tensor(X, dtype=torch.float), torch.tensor(y, dtype=torch.long))
n_val = int(len(dataset) * 0.2)
train_set, val_set = random_split(dataset, [len(dataset) - n_val, n_val], generator=torch.Generator().manual_seed(1))
train_dl = DataLoader(train_set, batch_size=16, shuffle=True)
val_dl = DataLoader(val_set, batch_size=256)


class TitanicNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(len(features), 32), nn.LeakyReLU(0.1), nn.Dropout(0.2),
            nn.Linear(32, 16), nn.LeakyReLU(0.1),
            nn.Linear(16, 2))

    def forward(self, x):
        return self.net(x)


def accuracy(outputs, labels):
    _, preds = torch.max(outputs, dim=1)
    return torch.tensor(torch.sum(preds == labels).item() / len(preds))


def fit(epochs, lr, model, train_loader, val_loader, opt_func=torch.optim.SGD):
    history = []
    optimizer = opt_func(model.parameters(), lr)
    for epoch in range(epochs):
        for batch in train_loader:
            xb, yb = batch
            loss = nn.functional.cross_entropy(model(xb), yb)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
        with torch.no_grad():
            accs = [accuracy(model(xb), yb) for xb, yb in val_loader]
        history.append(torch.stack(accs).mean().item())
    return history


model = TitanicNet()
history = fit(25, 0.01, model, train_dl, val_dl, torch.optim.Adam)
