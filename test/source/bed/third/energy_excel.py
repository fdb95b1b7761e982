import pandas as pd
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset
from sklearn.preprocessing import StandardScaler

frame = pd.read_excel('ENB2012_data.xlsx')
inputs = frame.iloc[:, :8].to_numpy()
outputs = frame.iloc[:, 8:10].to_numpy()
inputs = StandardScaler().fit_transform(inputs)


class Energy(Dataset):
    def __init__(self, a, b):
        self.a = torch.tensor(a, dtype=torch.float32)
        self.b = torch.tensor(b, dtype=torch.float32)

    def __len__(self):
        return self.a.shape[0]

    def __getitem__(self, i):
        return self.a[i], self.b[i]


ds = Energy(inputs, outputs)
dl = DataLoader(ds, 32, True)
model = nn.Sequential(nn.Linear(8, 40), nn.ELU(), nn.Linear(40, 2))
opt = torch.optim.AdamW(model.parameters(), lr=3e-3)
for ep in range(100):
    tot = 0
    for a, b in dl:
        l = nn.functional.l1_loss(model(a), b)
        opt.zero_grad(); l.backward(); opt.step()
        tot += l.item()
    print(ep, tot / len(dl))
