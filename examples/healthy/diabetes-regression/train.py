"""Disease progression, minibatches, tanh units."""
import pandas as pd
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(11)
data = pd.read_csv("../../data/diabetes.csv")
x = data.drop("progression", axis=1).values
y = data[["progression"]].values
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.2, random_state=11)
sx, sy = StandardScaler(), StandardScaler()
x_train, x_test = sx.fit_transform(x_train), sx.transform(x_test)
y_train, y_test = sy.fit_transform(y_train), sy.transform(y_test)

train_ds = TensorDataset(torch.tensor(x_train, dtype=torch.float32), torch.tensor(y_train, dtype=torch.float32))
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
x_test = torch.tensor(x_test, dtype=torch.float32)
y_test = torch.tensor(y_test, dtype=torch.float32)


class Regressor(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(n_in, n_hidden),
            nn.Tanh(),
            nn.Linear(n_hidden, 1),
        )

    def forward(self, x):
        return self.layers(x)


model = Regressor(10, 16)
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(30):
    model.train()
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        print(epoch, criterion(model(x_test), y_test).item())
