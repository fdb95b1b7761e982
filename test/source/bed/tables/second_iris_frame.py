# prepared: X_train y_train
import pandas as pd, torch, torch.nn as nn
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
iris = load_iris()
df = pd.DataFrame(data=iris.data, columns=iris.feature_names)
df['target'] = iris.target
df['petal_area'] = df['petal length (cm)'] * df['petal width (cm)']
X = df.drop('target', axis=1)
y = df['target']
X_train, X_test, y_train, y_test = train_test_split(X.values, y.values, test_size=0.2, random_state=41)
X_train = torch.FloatTensor(X_train); y_train = torch.LongTensor(y_train)
class Model(nn.Module):
    def __init__(self, in_features=5, h1=8, h2=9, out_features=3):
        super().__init__()
        self.fc1 = nn.Linear(in_features, h1)
        self.fc2 = nn.Linear(h1, h2)
        self.out = nn.Linear(h2, out_features)
    def forward(self, x):
        return self.out(torch.relu(self.fc2(torch.relu(self.fc1(x)))))
model = Model()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(100):
    loss = criterion(model.forward(X_train), y_train)
    optimizer.zero_grad(); loss.backward(); optimizer.step()
