# prepared: X_train y_train
import numpy as np, pandas as pd, torch, torch.nn as nn
from sklearn.preprocessing import StandardScaler
from sklearn.model_selection import train_test_split
df = pd.read_csv('data/breast_cancer.csv')
df = df.replace({'diagnosis': {'M': 1, 'B': 0}})
corr = df.corr()['diagnosis'].abs()
mean_cols = [c for c in df.columns if c.startswith('mean_')]
X = df[mean_cols].to_numpy(dtype=np.float32)
y = df.diagnosis.to_numpy(dtype=np.float32).reshape(-1, 1)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=101, shuffle=True)
scaler = StandardScaler()
scaler.fit(X_train)
X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
model = nn.Sequential(nn.Linear(len(mean_cols), 8), nn.ReLU(), nn.Linear(8, 1), nn.Sigmoid())
loss_fn = nn.BCELoss()
opt = torch.optim.RMSprop(model.parameters(), lr=1e-3)
Xt, yt = torch.tensor(X_train, dtype=torch.float32), torch.tensor(y_train)
for epoch in range(100):
    loss = loss_fn(model(Xt), yt)
    opt.zero_grad(); loss.backward(); opt.step()
