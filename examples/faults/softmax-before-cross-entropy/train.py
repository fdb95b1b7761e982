"""Iris species."""
import pandas as pd
import torch
from torch import nn, optim
from sklearn.preprocessing import LabelEncoder, StandardScaler

torch.manual_seed(3)
iris = pd.read_csv("../../data/iris.csv")
X = StandardScaler().fit_transform(iris.iloc[:, :4])
y = LabelEncoder().fit_transform(iris["species"])
X = torch.FloatTensor(X)
y = torch.LongTensor(y)

model = nn.Sequential(
    nn.Linear(4, 16),
    nn.ReLU(),
    nn.Linear(16, 3),
    nn.Softmax(dim=1),  # <- softmax-before-cross-entropy
)
criterion = nn.CrossEntropyLoss()
optimizer = optim.Adam(model.parameters(), lr=0.01)

for epoch in range(300):
    optimizer.zero_grad()
    outputs = model(X)
    loss = criterion(outputs, y)
    loss.backward()
    optimizer.step()
