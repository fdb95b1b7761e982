import torch
import torch.nn as nn
from torch.optim.lr_scheduler import LambdaLR
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

X, y = load_breast_cancer(return_X_y=True)
X_tr, X_te, y_tr, y_te = train_test_split(X, y, random_state=0)
sc = StandardScaler()
X_tr = torch.tensor(sc.fit_transform(X_tr)).float()
X_te = torch.tensor(sc.transform(X_te)).float()
y_tr = torch.tensor(y_tr).float()


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.backbone = nn.Sequential(nn.Linear(30, 32), nn.ReLU())
        self.head = nn.Linear(32, 1)
        for m in self.modules():
            if isinstance(m, nn.Linear):
                nn.init.kaiming_normal_(m.weight, nonlinearity='relu')
                nn.init.constant_(m.bias, 0)

    def forward(self, x):
        return self.head(self.backbone(x)).squeeze(1)


net = Net()
optimizer = torch.optim.AdamW([
    {'params': net.backbone.parameters(), 'lr': 1e-4},
    {'params': net.head.parameters(), 'lr': 1e-3},
], weight_decay=1e-2)
scheduler = LambdaLR(optimizer, lr_lambda=[lambda e: 0.95 ** e, lambda e: 0.9 ** e])
crit = nn.BCEWithLogitsLoss()
for epoch in range(60):
    optimizer.zero_grad()
    loss = crit(net(X_tr), y_tr)
    loss.backward()
    optimizer.step()
    scheduler.step()
