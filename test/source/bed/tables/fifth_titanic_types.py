# prepared: X_train y_train
import numpy as np
import pandas as pd, torch
from torch import nn
df = pd.read_csv('data/titanic.csv')
df['Has_Cabin'] = df['Cabin'].apply(lambda x: 0 if type(x) == float else 1)
df['Deck_Known'] = df['Cabin'].apply(lambda x: 1 if isinstance(x, str) else 0)
df['Port'] = pd.Categorical(df['Embarked'].fillna('S'), categories=['S', 'C', 'Q'], ordered=True).codes
df = df.query("Pclass in [1, 3] and not (Fare > 200 | Parch == 5)")
df['Group'] = np.select([df['Age'] < 12, df['Age'] < 30], [0, 1], default=2)
df = df[df[['Fare', 'Age']].notnull().all(axis=1)]
df = df[(df[['SibSp', 'Parch']] < 4).all(axis=1)]
X_train = df[['Has_Cabin', 'Deck_Known', 'Port', 'Group', 'Fare']].values / 10
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
