import pandas as pd
import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader
from sklearn.preprocessing import LabelEncoder, StandardScaler
from sklearn.model_selection import train_test_split

RANDOM_SEED = 42


class PenguinData(Dataset):
    def __init__(self, X, y):
        self.X = torch.tensor(X, dtype=torch.float32)
        self.y = torch.tensor(y, dtype=torch.long)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, idx):
        return self.X[idx], self.y[idx]


def prepare(path):
    df = pd.read_csv(path)
    df = df.dropna().reset_index(drop=True)
    features = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g']
    df['sex'] = df['sex'].str.lower().map({'male': 0, 'female': 1})
    X = df[features + ['sex']].values
    y = LabelEncoder().fit_transform(df['species'])
    return X, y


X, y = prepare('penguins.csv')
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=RANDOM_SEED)
scaler = StandardScaler()
X_train = scaler.fit_transform(X_train)
X_test = scaler.transform(X_test)
train_dl = DataLoader(PenguinData(X_train, y_train), batch_size=16, shuffle=True)
test_dl = DataLoader(PenguinData(X_test, y_test), batch_size=16, shuffle=False)

n_classes = len(set(y))
model = nn.Sequential(nn.Linear(X_train.shape[1], 32), nn.ReLU(), nn.Linear(32, n_classes))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(50):
    model.train()
    epoch_loss = 0
    for features, labels in train_dl:
        optimizer.zero_grad()
        outputs = model(features)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    model.eval()
    correct = 0
    with torch.inference_mode():
        for features, labels in test_dl:
            correct += (model(features).argmax(dim=1) == labels).sum().item()
    if (epoch + 1) % 10 == 0:
        print(epoch + 1, epoch_loss / len(train_dl), correct / len(test_dl.dataset))
