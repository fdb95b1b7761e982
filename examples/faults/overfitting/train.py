"""A wide net, few rows and many epochs: the validation loss turns early."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(23)
df = pd.read_csv("../../data/diabetes.csv")
X, y = df.drop(columns="progression").values, df[["progression"]].values
X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.4, random_state=23)
sx, sy = StandardScaler().fit(X_train), StandardScaler().fit(y_train)
X_train = torch.tensor(sx.transform(X_train), dtype=torch.float32)
X_val = torch.tensor(sx.transform(X_val), dtype=torch.float32)
y_train = torch.tensor(sy.transform(y_train), dtype=torch.float32)
y_val = torch.tensor(sy.transform(y_val), dtype=torch.float32)

EPOCHS = 600  # <- overfitting
model = nn.Sequential(nn.Linear(10, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(EPOCHS):
    model.train()
    optimizer.zero_grad()
    loss = criterion(model(X_train), y_train)
    loss.backward()
    optimizer.step()
    model.eval()
    with torch.no_grad():
        val_loss = criterion(model(X_val), y_val)
