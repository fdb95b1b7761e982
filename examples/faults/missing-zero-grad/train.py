"""Benign or malignant: breast cancer from cell measurements."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

torch.manual_seed(7)
data = pd.read_csv("../../data/breast_cancer.csv")
y = (data["diagnosis"] == "M").astype(float).values
X = data.drop(columns="diagnosis").values
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=7)
scaler = StandardScaler().fit(X_train)
X_train = torch.from_numpy(scaler.transform(X_train)).float()
X_test = torch.from_numpy(scaler.transform(X_test)).float()
y_train = torch.from_numpy(y_train).float().view(-1, 1)
y_test = torch.from_numpy(y_test).float().view(-1, 1)


class Classifier(nn.Module):
    def __init__(self, n_features):
        super(Classifier, self).__init__()
        self.hidden = nn.Linear(n_features, 16)
        self.output = nn.Linear(16, 1)

    def forward(self, x):
        x = self.hidden(x).relu()
        return self.output(x)


model = Classifier(X_train.shape[1])
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

for epoch in range(200):
    logits = model(X_train)
    loss = criterion(logits, y_train)
    loss.backward()  # <- missing-zero-grad
    optimizer.step()

    if epoch % 20 == 0:
        with torch.no_grad():
            test_loss = criterion(model(X_test), y_test)
        print(epoch, loss.item(), test_loss.item())
