# prepared: X_train y_train
import pandas as pd, numpy as np, torch
import torch.nn as nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
df = pd.read_csv('data/pima.csv')
for col in ['Insulin', 'BMI']:
    q1 = df[col].quantile(0.25)
    q3 = df[col].quantile(0.75)
    iqr = q3 - q1
    df = df[(df[col] >= q1 - 1.5 * iqr) & (df[col] <= q3 + 1.5 * iqr)]
df.loc[df['Glucose'] == 0, 'Glucose'] = df['Glucose'].mean()
df['Obese'] = df['BMI'].apply(lambda b: 1 if b >= 30 else 0)
X = df.loc[:, df.columns != 'Outcome']
y = df.loc[:, 'Outcome']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=9, stratify=y)
sc = StandardScaler()
X_train = pd.DataFrame(sc.fit_transform(X_train), columns=X.columns)
class_counts = y_train.value_counts()
pos_weight = torch.tensor(class_counts[0] / class_counts[1])
xt = torch.tensor(X_train.values, dtype=torch.float32)
yt = torch.tensor(y_train.values, dtype=torch.float32)
net = nn.Sequential(nn.Linear(X_train.shape[1], 12), nn.ReLU(), nn.Linear(12, 1))
crit = nn.BCEWithLogitsLoss(pos_weight=pos_weight)
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for e in range(60):
    opt.zero_grad()
    loss = crit(net(xt).squeeze(), yt)
    loss.backward()
    opt.step()
