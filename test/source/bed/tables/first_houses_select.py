# prepared: X_train y_train
import pandas as pd, numpy as np, torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler, LabelEncoder

data = pd.read_csv('data/houses.csv')
data = data.drop(columns=['Id', 'Alley'])
num_cols = data.select_dtypes(include=['int64', 'float64']).columns.drop('SalePrice')
cat_cols = data.select_dtypes(include=['object']).columns
for c in num_cols:
    data[c] = data[c].fillna(data[c].mean())
for c in cat_cols:
    data[c] = data[c].fillna('None')
    data[c] = LabelEncoder().fit_transform(data[c])

X = data.drop('SalePrice', axis=1)
y = np.log(data['SalePrice'])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=7)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
train_ds = TensorDataset(torch.FloatTensor(X_train), torch.FloatTensor(y_train.values).unsqueeze(1))
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(X_train.shape[1], 64), nn.ReLU(), nn.Linear(64, 1))
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
loss_fn = nn.MSELoss()
for epoch in range(30):
    for xb, yb in train_dl:
        pred = model(xb)
        loss = loss_fn(pred, yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
