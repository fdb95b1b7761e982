# prepared: X_train y_train
import pandas as pd, torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader
from sklearn.model_selection import train_test_split
df = pd.read_csv('data/diabetes.csv')
df = df.rename(columns={'progression': 'target'})
df['sex'] = df['sex'] - 1
X, y = df[df.columns[:-1]], df[df.columns[-1]]
X = (X - X.min()) / (X.max() - X.min())
X_train, X_val, y_train, y_val = train_test_split(X.values, y.values, test_size=0.2, random_state=1)
train_loader = DataLoader(TensorDataset(torch.tensor(X_train).float(), torch.tensor(y_train).float().view(-1, 1)), batch_size=16, shuffle=True)
net = nn.Sequential(nn.Linear(X.shape[1], 32), nn.ReLU(), nn.Linear(32, 1))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(50):
    for xb, yb in train_loader:
        opt.zero_grad()
        nn.functional.mse_loss(net(xb), yb).backward()
        opt.step()
