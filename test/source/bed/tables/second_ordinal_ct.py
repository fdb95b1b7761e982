# prepared: X_train y_train
import pandas as pd, numpy as np, torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset
from sklearn.compose import ColumnTransformer
from sklearn.preprocessing import OrdinalEncoder, OneHotEncoder, MinMaxScaler
from sklearn.model_selection import train_test_split
df = pd.read_csv('data/churn.csv')
y = (df.pop('Churn') == 'Yes').astype(np.float32).values
X = df.drop(columns=['customerID', 'TotalCharges'])
cat = X.columns[X.dtypes == object]
num = X.columns.difference(cat)
ct = ColumnTransformer([
    ('contract', OrdinalEncoder(categories=[['Month-to-month', 'One year', 'Two year']]), ['Contract']),
    ('cat', OneHotEncoder(drop='first'), [c for c in cat if c != 'Contract']),
    ('num', MinMaxScaler(), num),
])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=40, random_state=4)
X_train = ct.fit_transform(X_train).astype(np.float32)
X_test = ct.transform(X_test).astype(np.float32)
loader = DataLoader(TensorDataset(torch.from_numpy(X_train), torch.from_numpy(y_train)), batch_size=64, shuffle=True)
model = nn.Sequential(nn.Linear(X_train.shape[1], 1))
opt = torch.optim.SGD(model.parameters(), lr=0.5)
for epoch in range(25):
    for xb, yb in loader:
        loss = nn.functional.binary_cross_entropy_with_logits(model(xb)[:, 0], yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
