# prepared: X_train y_train
import pandas as pd, torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader, WeightedRandomSampler
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
df = pd.read_csv('data/churn.csv')
df['TotalCharges'] = pd.to_numeric(df.TotalCharges, errors='coerce')
df['TotalCharges'] = df['TotalCharges'].fillna(df['TotalCharges'].median())
df = df.drop(columns='customerID')
binary = ['Partner', 'PhoneService', 'Churn']
for c in binary:
    df[c] = df[c].map({'Yes': 1, 'No': 0})
df['gender'] = df['gender'].astype('category').cat.codes
multi = [c for c in df.columns if df[c].dtype == 'O']
df = pd.concat([df.drop(multi, axis=1), pd.get_dummies(df[multi], drop_first=True)], axis=1)
X, y = df.drop('Churn', axis=1), df['Churn']
X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.2, random_state=1)
scale_cols = ['tenure', 'MonthlyCharges', 'TotalCharges']
scaler = StandardScaler()
X_train[scale_cols] = scaler.fit_transform(X_train[scale_cols])
X_test[scale_cols] = scaler.transform(X_test[scale_cols])
train_ds = TensorDataset(torch.tensor(X_train.values.astype('float32')), torch.tensor(y_train.values.astype('float32')))
train_dl = DataLoader(train_ds, batch_size=64, shuffle=True)
class Net(nn.Module):
    def __init__(self, d):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(d, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Linear(32, 1))
    def forward(self, x):
        return self.net(x).squeeze(-1)
model = Net(X_train.shape[1])
ratio = (y_train == 0).sum() / (y_train == 1).sum()
crit = nn.BCEWithLogitsLoss(pos_weight=torch.tensor(ratio))
opt = torch.optim.AdamW(model.parameters(), lr=1e-3)
for epoch in range(20):
    for xb, yb in train_dl:
        opt.zero_grad()
        loss = crit(model(xb), yb)
        loss.backward()
        opt.step()
