# prepared: X_train y_train
import pandas as pd, numpy as np, torch
from torch import nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
wine = pd.read_csv('data/winequality.csv', sep=';')
wine.columns = wine.columns.str.replace(' ', '_')
wine['good'] = pd.cut(wine['quality'], bins=(2, 6.5, 8), labels=[0, 1])
wine['good'] = wine['good'].astype(int)
X = wine.drop(['quality', 'good'], axis=1)
y = wine['good']
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.fit_transform(X_test)
X_t = torch.from_numpy(X_train.astype(np.float32))
y_t = torch.from_numpy(y_train.to_numpy().astype(np.float32)).reshape(-1, 1)
model = nn.Sequential(nn.Linear(X_train.shape[1], 32), nn.ReLU(), nn.Linear(32, 1), nn.Sigmoid())
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(60):
    optimizer.zero_grad()
    loss = criterion(model(X_t), y_t)
    loss.backward()
    optimizer.step()
