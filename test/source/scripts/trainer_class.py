import pandas as pd, numpy as np, torch
import torch.nn as nn
from sklearn.preprocessing import StandardScaler, LabelEncoder
from sklearn.model_selection import train_test_split
df = pd.read_csv('titanic.csv', usecols=['Survived', 'Pclass', 'Sex', 'Age', 'Fare', 'Embarked'])
df['Age'] = df['Age'].fillna(df['Age'].median())
df['Age'].fillna(df['Age'].mean(), inplace=True)
df['Sex'] = df['Sex'].map({'male': 0, 'female': 1})
df = pd.get_dummies(df, columns=['Embarked'], drop_first=True)
df = df.dropna()
X = df.drop('Survived', axis=1)
y = df['Survived']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42, stratify=y)
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)
X_train_t = torch.FloatTensor(X_train)
y_train_t = torch.FloatTensor(y_train.values).reshape(-1, 1)
X_test_t = torch.tensor(X_test, dtype=torch.float32)
y_test_t = torch.tensor(y_test.values, dtype=torch.float32).reshape(-1, 1)
class TitanicDataset(torch.utils.data.Dataset):
    def __init__(self, X, y):
        self.X, self.y = X, y
    def __len__(self):
        return len(self.X)
    def __getitem__(self, i):
        return self.X[i], self.y[i]
class Trainer:
    def __init__(self, model, lr=0.01, epochs=50):
        self.model = model
        self.lr = lr
        self.epochs = epochs
        self.opt = torch.optim.Adam(self.model.parameters(), lr=self.lr)
        self.loss_fn = nn.BCELoss()
    def fit(self, loader, Xv, yv):
        for epoch in range(self.epochs):
            loss = self._train_epoch(loader)
            self.evaluate(Xv, yv)
    def _train_epoch(self, loader):
        self.model.train()
        total = 0
        for xb, yb in loader:
            self.opt.zero_grad()
            out = self.model(xb)
            loss = self.loss_fn(out, yb)
            loss.backward()
            self.opt.step()
            total += loss.item()
        return total / len(loader)
    @torch.no_grad()
    def evaluate(self, X, y):
        self.model.eval()
        out = self.model(X)
        acc = ((out > 0.5).float() == y).float().mean()
        return acc
hidden = [32, 16]
layers = []
n_in = X_train.shape[1]
for h in hidden:
    layers += [nn.Linear(n_in, h), nn.ReLU(), nn.Dropout(p=0.2)]
    n_in = h
layers += [nn.Linear(n_in, 1), nn.Sigmoid()]
model = nn.Sequential(*layers)
loader = torch.utils.data.DataLoader(TitanicDataset(X_train_t, y_train_t), batch_size=16, shuffle=True)
Trainer(model, lr=1e-2).fit(loader, X_test_t, y_test_t)
