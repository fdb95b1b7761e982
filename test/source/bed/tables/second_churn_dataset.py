# prepared: X_train y_train
import pandas as pd, torch
from torch import nn
from torch.utils.data import Dataset, DataLoader, random_split
from sklearn.preprocessing import LabelEncoder, MinMaxScaler
class ChurnDataset(Dataset):
    def __init__(self, path):
        data = pd.read_csv(path)
        data = data.drop('customerID', axis=1)
        data['TotalCharges'] = data['TotalCharges'].replace(' ', 0).astype(float)
        self.encoders = {}
        for col in data.select_dtypes(include='object').columns:
            self.encoders[col] = LabelEncoder()
            data[col] = self.encoders[col].fit_transform(data[col])
        X = data.drop('Churn', axis=1).values
        self.X = torch.tensor(MinMaxScaler().fit_transform(X), dtype=torch.float32)
        self.y = torch.tensor(data['Churn'].values, dtype=torch.float32).unsqueeze(1)
    def __len__(self):
        return self.X.shape[0]
    def __getitem__(self, idx):
        return self.X[idx], self.y[idx]
dataset = ChurnDataset('data/churn.csv')
n_train = int(0.8 * len(dataset))
train_set, val_set = random_split(dataset, [n_train, len(dataset) - n_train], generator=torch.Generator().manual_seed(42))
X_train, y_train = dataset.X[train_set.indices], dataset.y[train_set.indices]
loader = DataLoader(train_set, batch_size=32, shuffle=True)
model = nn.Sequential(nn.Linear(9, 16), nn.ReLU(), nn.Dropout(0.3), nn.Linear(16, 1))
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
for epoch in range(20):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
