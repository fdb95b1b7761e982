import numpy as np
import torch
import torch.nn as nn
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler


def get_model():
    return nn.Sequential(nn.Linear(30, 16), nn.ReLU(), nn.Linear(16, 1))


def train_fold(X_tr, y_tr, X_va, y_va, lr=0.01, epochs=30, batch_size=32):
    model = get_model()
    optimizer = torch.optim.Adam(model.parameters(), lr=lr)
    loss_fn = nn.BCEWithLogitsLoss()
    for epoch in range(epochs):
        perm = np.random.permutation(len(X_tr))
        for i in range(0, len(X_tr), batch_size):
            batch = perm[i:i + batch_size]
            logits = model(X_tr[batch])
            loss = loss_fn(logits, y_tr[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        pred = (torch.sigmoid(model(X_va)) > 0.5).float()
    return (pred == y_va).float().mean().item()


X, y = load_breast_cancer(return_X_y=True)
kf = KFold(n_splits=10, shuffle=True, random_state=7)
scores = []
for fold, (tr, va) in enumerate(kf.split(X), 1):
    scaler = StandardScaler()
    X_tr = torch.tensor(scaler.fit_transform(X[tr]), dtype=torch.float32)
    X_va = torch.tensor(scaler.transform(X[va]), dtype=torch.float32)
    y_tr = torch.tensor(y[tr], dtype=torch.float32).unsqueeze(1)
    y_va = torch.tensor(y[va], dtype=torch.float32).unsqueeze(1)
    acc = train_fold(X_tr, y_tr, X_va, y_va)
    scores.append(acc)
    print(f'fold {fold}: {acc:.4f}')
print(np.mean(scores), np.std(scores))
