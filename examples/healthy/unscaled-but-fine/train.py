"""Iris in centimetres: not standardised, and it does not need to be."""
import pandas as pd
import torch
from torch import nn
from sklearn.model_selection import train_test_split

torch.manual_seed(12)
df = pd.read_csv("../../data/iris.csv")
df["species"] = df["species"].map({"setosa": 0, "versicolor": 1, "virginica": 2})
X_train, X_test, y_train, y_test = train_test_split(
    df.drop("species", axis=1).values, df["species"].values, test_size=0.2, random_state=12
)
X_train, X_test = torch.FloatTensor(X_train), torch.FloatTensor(X_test)
y_train, y_test = torch.LongTensor(y_train), torch.LongTensor(y_test)


class Model(nn.Module):
    def __init__(self, in_features=4, h1=8, h2=9, out_features=3):
        super().__init__()
        self.fc1 = nn.Linear(in_features, h1)
        self.fc2 = nn.Linear(h1, h2)
        self.out = nn.Linear(h2, out_features)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.out(x)


model = Model()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
epochs = 200
losses = []
for i in range(epochs):
    y_pred = model(X_train)
    loss = criterion(y_pred, y_train)
    losses.append(loss.item())
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
