# prepared: X_train y_train
import numpy as np
import pandas as pd, torch
from torch import nn
from sklearn.feature_selection import SelectKBest, VarianceThreshold, chi2, f_classif, f_regression
from sklearn.preprocessing import KBinsDiscretizer, StandardScaler
df = pd.read_csv('data/breast_cancer.csv')
X, y = df.drop(columns=[df.columns[-1]]), df[df.columns[-1]]
selector = SelectKBest(chi2, k=20).fit(X, y)
X = selector.transform(X)
X = VarianceThreshold(threshold=0.01).fit_transform(X)
X = SelectKBest(score_func=f_classif, k=9).fit_transform(X, y)
t = y.map({'M': 1, 'B': 0})
X = SelectKBest(f_regression, k=6).fit_transform(X, t)
binned = KBinsDiscretizer(n_bins=4, encode='ordinal', strategy='uniform').fit_transform(X[:, :2])
marks = KBinsDiscretizer(n_bins=3).fit_transform(X[:, 2:4]).toarray()
X_train = np.hstack([binned, marks, StandardScaler().fit_transform(X)])
y_train = t.values
net = nn.Sequential(nn.Linear(X_train.shape[1], 8), nn.ReLU(), nn.Linear(8, 1))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
xs = torch.tensor(X_train, dtype=torch.float32)
ys = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
for epoch in range(50):
    opt.zero_grad()
    loss = nn.functional.mse_loss(net(xs), ys)
    loss.backward()
    opt.step()
