# prepared: X y
import pandas as pd, numpy as np, torch
from torch import nn
from sklearn.preprocessing import RobustScaler
train = pd.read_csv('data/houses.csv')
missing = train.isnull().sum() / len(train)
train = train.drop(missing[missing > 0.5].index, axis=1)
train.drop('Id', axis=1, inplace=True)
for col in train.columns:
    if train[col].isnull().sum() > 0:
        if train[col].dtype == 'object':
            train[col].fillna(train[col].mode()[0], inplace=True)
        else:
            train[col].fillna(train[col].median(), inplace=True)
target = np.log1p(train['SalePrice'])
train = train.drop(['SalePrice'], axis=1)
num_cols = list(train.select_dtypes(exclude='object').columns)
train[num_cols] = RobustScaler().fit_transform(train[num_cols])
train = pd.get_dummies(train)
X = torch.from_numpy(train.values.astype(np.float32))
y = torch.from_numpy(target.values.astype(np.float32)).unsqueeze(1)
model = nn.Linear(X.shape[1], 1)
opt = torch.optim.SGD(model.parameters(), lr=0.01)
for epoch in range(50):
    loss = nn.functional.mse_loss(model(X), y)
    opt.zero_grad(); loss.backward(); opt.step()
