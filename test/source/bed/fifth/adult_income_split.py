import pandas as pd
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.autograd import Variable

names = ['age', 'workclass', 'fnlwgt', 'education', 'education_num', 'marital', 'occupation', 'relationship', 'race', 'sex',
         'gain', 'loss', 'hours', 'country', 'income']
df = pd.read_csv('adult.data', names=names, na_values=' ?', skipinitialspace=True)
df.dropna(inplace=True)
df['income'] = df['income'].apply(lambda v: 1 if v == '>50K' else 0)
df['sex'] = np.where(df['sex'] == 'Male', 1, 0)
df['has_gain'] = (df.gain > 0).astype(int)
df['age_bin'] = pd.cut(df['age'], bins=[0, 25, 45, 65, 100], labels=[0, 1, 2, 3]).astype(int)
df = df[['age', 'education_num', 'hours', 'sex', 'has_gain', 'age_bin', 'income']]
for c in ['age', 'education_num', 'hours']:
    df[c] = (df[c] - df[c].mean()) / df[c].std()
msk = np.random.rand(len(df)) < 0.8
train, test = df[msk], df[~msk]
X = Variable(torch.from_numpy(train.iloc[:, :-1].values).float())
Y = Variable(torch.from_numpy(train.iloc[:, -1].values).long())

model = nn.Sequential(nn.Linear(6, 12), nn.ReLU(), nn.Linear(12, 2))
optimizer = optim.SGD(model.parameters(), lr=0.1, momentum=0.5, weight_decay=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(300):
    optimizer.zero_grad()
    out = model(X)
    loss = criterion(out, Y)
    loss.backward()
    optimizer.step()
    if epoch % 50 == 0:
        print(epoch, loss.data.item())
