# prepared: X_train y_train
import pandas as pd, torch
from torch import nn
df = pd.read_csv('data/titanic.csv')
df['Filled'] = df.groupby(['Sex', 'Pclass'])['Age'].transform(lambda x: x.fillna(x.median()))
df['Below'] = df.groupby('Pclass')['Fare'].transform(lambda x: (x.max() - x) / x.std())
df['Before'] = df.groupby('Pclass')['Age'].transform(lambda s: s.shift(1).rolling(3, min_periods=1).mean())
df['Carried'] = df.groupby('Pclass')['Before'].ffill()
df['Count'] = df.groupby('Sex').cumcount()
df['Sum'] = df.groupby('Sex')['Fare'].cumsum()
X_train = df[['Filled', 'Below', 'Before', 'Carried', 'Count', 'Sum']].fillna(-1).values / 100
y_train = df['Survived'].values
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
