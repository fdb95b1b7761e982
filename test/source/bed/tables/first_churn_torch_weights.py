# prepared: X_train y_train class_weights
import pandas as pd, numpy as np, torch, torch.nn as nn
from sklearn.utils.class_weight import compute_class_weight
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

df = pd.read_csv('data/churn.csv')
df['TotalCharges'] = pd.to_numeric(df['TotalCharges'], errors='coerce')
df = df.dropna()
df = df.drop('customerID', axis=1)
df['Churn'] = df['Churn'].apply(lambda x: 1 if x == 'Yes' else 0)
cat = [c for c in df.columns if df[c].dtype == 'object']
df = pd.get_dummies(df, columns=cat, drop_first=True)
y = df['Churn'].values
X = df.drop(columns=['Churn']).values.astype('float32')
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42, stratify=y)
ss = StandardScaler().fit(X_train)
X_train, X_test = ss.transform(X_train), ss.transform(X_test)
class_weights = compute_class_weight(class_weight='balanced', classes=np.unique(y_train), y=y_train)
weights = torch.tensor(class_weights, dtype=torch.float)
model = nn.Sequential(nn.Linear(X_train.shape[1], 16), nn.ReLU(), nn.Linear(16, 2))
criterion = nn.CrossEntropyLoss(weight=weights)
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
xt = torch.from_numpy(X_train).float()
yt = torch.from_numpy(y_train).long()
for i in range(200):
    out = model(xt)
    loss = criterion(out, yt)
    optimizer.zero_grad(); loss.backward(); optimizer.step()
