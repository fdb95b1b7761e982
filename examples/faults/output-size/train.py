"""Three species, two outputs."""
import pandas as pd
import torch
import torch.nn as nn
from sklearn.preprocessing import LabelEncoder

torch.manual_seed(18)
df = pd.read_csv("../../data/iris.csv")
X = torch.tensor(df.iloc[:, :4].values, dtype=torch.float32)
y = torch.tensor(LabelEncoder().fit_transform(df["species"]), dtype=torch.long)
model = nn.Sequential(
    nn.Linear(4, 10),
    nn.ReLU(),
    nn.Linear(10, 2),  # <- output-size
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(100):
    optimizer.zero_grad()
    loss = criterion(model(X), y)
    loss.backward()
    optimizer.step()
