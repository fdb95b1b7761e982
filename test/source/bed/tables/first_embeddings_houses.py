# prepared: x_cat x_num y
import pandas as pd, numpy as np, torch
from torch import nn
df = pd.read_csv('data/houses.csv')
df['GarageType'] = df['GarageType'].fillna('NA')
df['Age'] = 2010 - df['YearBuilt']
cat_cols = ['Neighborhood', 'HouseStyle', 'GarageType', 'CentralAir']
num_cols = ['LotFrontage', 'OverallQual', 'TotalBsmtSF', 'GrLivArea', 'Age']
for c in cat_cols:
    df[c] = df[c].astype('category')
cat_dims = [len(df[c].cat.categories) for c in cat_cols]
emb_dims = [(n, min(50, (n + 1) // 2)) for n in cat_dims]
x_cat = np.stack([df[c].cat.codes.values for c in cat_cols], 1)
df[num_cols] = df[num_cols].fillna(df[num_cols].mean())
x_num = np.stack([df[c].values for c in num_cols], axis=1)
x_num = (x_num - x_num.mean(axis=0)) / x_num.std(axis=0)
y = np.log(df['SalePrice'].values).reshape(-1, 1)
x_cat = torch.tensor(x_cat, dtype=torch.int64); x_num = torch.tensor(x_num, dtype=torch.float); y = torch.tensor(y, dtype=torch.float)
class Tabular(nn.Module):
    def __init__(self, emb_dims, n_cont, out, p=0.1):
        super().__init__()
        self.embeds = nn.ModuleList([nn.Embedding(i, o) for i, o in emb_dims])
        n_emb = sum(o for i, o in emb_dims)
        self.layers = nn.Sequential(nn.Linear(n_emb + n_cont, 50), nn.ReLU(inplace=True), nn.Dropout(p), nn.Linear(50, out))
    def forward(self, xc, xn):
        e = [emb(xc[:, i]) for i, emb in enumerate(self.embeds)]
        x = torch.cat(e + [xn], 1)
        return self.layers(x)
model = Tabular(emb_dims, len(num_cols), 1)
crit = nn.MSELoss()
opt = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(100):
    pred = model(x_cat, x_num)
    loss = torch.sqrt(crit(pred, y))
    opt.zero_grad(); loss.backward(); opt.step()
