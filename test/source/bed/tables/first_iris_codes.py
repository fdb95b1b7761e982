# prepared: X_train y_train
import pandas as pd, torch, torch.nn as nn, torch.nn.functional as F
df = pd.read_csv('data/iris.csv')
df['species'] = df['species'].astype('category').cat.codes
df = df.sample(frac=1, random_state=42).reset_index(drop=True)
features = df.columns.tolist()
features.remove('species')
n = int(len(df) * 0.8)
train, test = df[:n], df[n:]
X_train = torch.tensor(train[features].values, dtype=torch.float32)
y_train = torch.tensor(train['species'].values, dtype=torch.long)
X_test = torch.tensor(test[features].values, dtype=torch.float32)
model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 3))
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for epoch in range(150):
    logits = model(X_train)
    loss = F.cross_entropy(logits, y_train)
    opt.zero_grad()
    loss.backward()
    opt.step()
