# prepared: X_train y_train pos_weight
import numpy as np, pandas as pd, torch
from torch import nn
from torch.utils.data import Dataset, DataLoader
from sklearn.model_selection import train_test_split
df = pd.read_csv('data/pima.csv')
target = 'Outcome'
feature_cols = df.columns.difference([target])
df[feature_cols] = (df[feature_cols] - df[feature_cols].mean()) / df[feature_cols].std()
train_df, val_df = train_test_split(df, test_size=0.15, random_state=11)
neg, pos = np.bincount(train_df[target])
pos_weight = torch.tensor([neg / pos], dtype=torch.float32)

class PimaDataset(Dataset):
    def __init__(self, frame):
        self.x = torch.tensor(frame[feature_cols].values, dtype=torch.float32)
        self.y = torch.tensor(frame[target].values, dtype=torch.float32)
    def __len__(self):
        return len(self.x)
    def __getitem__(self, i):
        return self.x[i], self.y[i]

X_train, y_train = train_df[feature_cols].values, train_df[target].values
loader = DataLoader(PimaDataset(train_df), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(len(feature_cols), 24), nn.ReLU(), nn.Linear(24, 1))
loss_fn = nn.BCEWithLogitsLoss(pos_weight=pos_weight)
optim = torch.optim.AdamW(model.parameters(), lr=3e-3)
for epoch in range(20):
    for xb, yb in loader:
        optim.zero_grad()
        loss = loss_fn(model(xb).squeeze(1), yb)
        loss.backward()
        optim.step()
