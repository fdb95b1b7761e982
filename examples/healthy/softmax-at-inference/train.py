"""Softmax is used where it belongs: on the logits, for reading the prediction."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import LabelEncoder

torch.manual_seed(9)
df = pd.read_csv("../../data/iris.csv")
features = df[["sepal_length", "sepal_width", "petal_length", "petal_width"]].values
targets = LabelEncoder().fit_transform(df["species"])
X = torch.tensor(features, dtype=torch.float32)
y = torch.tensor(targets, dtype=torch.long)


class IrisNet(nn.Module):
    def __init__(self, hidden_size):
        super().__init__()
        self.fc1 = nn.Linear(4, hidden_size)
        self.act = nn.Sigmoid()
        self.fc2 = nn.Linear(hidden_size, 3)

    def forward(self, x):
        return self.fc2(self.act(self.fc1(x)))


model = IrisNet(hidden_size=10)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.05)

for epoch in range(200):
    optimizer.zero_grad()
    logits = model(X)
    loss = criterion(logits, y)
    loss.backward()
    optimizer.step()

with torch.no_grad():
    probabilities = torch.softmax(model(X), dim=1)
    print(probabilities[:5])
