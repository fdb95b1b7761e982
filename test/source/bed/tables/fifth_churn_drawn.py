# prepared: X_train y_train
import numpy as np
import pandas as pd, torch
from torch import nn
from sklearn.model_selection import StratifiedShuffleSplit
df = pd.read_csv('data/churn.csv')
stayed, left = df[df['Churn'] == 'No'], df[df['Churn'] == 'Yes']
df = pd.concat([left, stayed.sample(n=len(left), random_state=1)]).reset_index(drop=True)
X = df[['tenure', 'MonthlyCharges', 'SeniorCitizen']].values / 100
y = (df['Churn'] == 'Yes').astype(int).values
kept = np.isin(df['Contract'].map({'One year': 1, 'Two year': 2, 'Month-to-month': 0}).values, [0, 1])
X, y = X[kept], y[kept]
splitter = StratifiedShuffleSplit(n_splits=1, test_size=0.25, random_state=4)
for first, second in splitter.split(X, y):
    X_train, X_test = X[first], X[second]
    y_train, y_test = y[first], y[second]
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
