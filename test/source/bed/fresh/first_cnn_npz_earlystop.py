import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader, SubsetRandomSampler

BATCH, EPOCHS, LR, PATIENCE = 32, 8, 1e-3, 3
use_gpu = torch.cuda.is_available()
with np.load("input/img.npz") as f:
    images, labels = f["x"], f["y"]
images = (images - images.mean()) / (images.std() + 1e-7)
ds = TensorDataset(torch.Tensor(images), torch.LongTensor(labels))
indices = list(range(len(ds)))
np.random.seed(11)
np.random.shuffle(indices)
split = int(np.floor(0.2 * len(ds)))
train_idx, valid_idx = indices[split:], indices[:split]
train_loader = DataLoader(ds, batch_size=BATCH, sampler=SubsetRandomSampler(train_idx))
valid_loader = DataLoader(ds, batch_size=BATCH, sampler=SubsetRandomSampler(valid_idx))

class ConvBNReLU(nn.Sequential):
    def __init__(self, cin, cout, k=3, s=1, groups=1):
        super().__init__(
            nn.Conv2d(cin, cout, k, s, (k - 1) // 2, groups=groups, bias=False),
            nn.BatchNorm2d(cout, momentum=0.01),
            nn.ReLU6(inplace=True))

class SE(nn.Module):
    def __init__(self, c, r=4):
        super().__init__()
        self.fc1, self.fc2 = nn.Conv2d(c, c // r, 1), nn.Conv2d(c // r, c, 1)
    def forward(self, x):
        w = x.mean((2, 3), keepdim=True)
        w = torch.sigmoid(self.fc2(torch.relu(self.fc1(w))))
        return x * w

class SmallNet(nn.Module):
    cfg = [(8, 1), (16, 2), (32, 2)]
    def __init__(self, n_classes=4):
        super().__init__()
        c = 1
        blocks = nn.ModuleList()
        for out, s in self.cfg:
            blocks.append(nn.Sequential(ConvBNReLU(c, out, s=s), ConvBNReLU(out, out, groups=out), SE(out)))
            c = out
        self.blocks = blocks
        self.dropout = nn.Dropout2d(0.1)
        self.fc = nn.Linear(c, n_classes)
        self._init()
    def _init(self):
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode='fan_out', nonlinearity='relu')
            elif isinstance(m, (nn.BatchNorm2d,)):
                nn.init.constant_(m.weight, 1)
                nn.init.constant_(m.bias, 0)
    def forward(self, x):
        for b in self.blocks:
            x = b(x)
        x = self.dropout(x).mean([2, 3])
        return self.fc(x)

model = SmallNet()
if use_gpu: model = model.cuda()
print(sum(p.numel() for p in model.parameters() if p.requires_grad), 'parameters')
criterion = nn.CrossEntropyLoss(weight=torch.tensor([1.0, 1.0, 2.0, 1.0]))
optimizer = torch.optim.NAdam(model.parameters(), LR)
scheduler = torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.9)
best_loss, bad = float('inf'), 0
for epoch in range(1, EPOCHS + 1):
    model.train()
    for x, t in train_loader:
        if use_gpu: x, t = x.cuda(), t.cuda()
        optimizer.zero_grad()
        loss = criterion(model(x), t)
        loss.backward()
        optimizer.step()
    scheduler.step()
    model.eval()
    vl = []
    with torch.no_grad():
        for x, t in valid_loader:
            vl.append(criterion(model(x), t).item())
    v = np.mean(vl)
    print(f'{epoch:02d} {v:.4f}')
    if v < best_loss:
        best_loss, bad = v, 0
        torch.save(model.state_dict(), 'best.pt')
    else:
        bad += 1
        if bad >= PATIENCE:
            print('early stop')
            break
