import pandas as pd
import torch
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import MinMaxScaler
from torch.utils.data import DataLoader, TensorDataset


def load_tables(path, target, batch):
    df = pd.read_csv(path).dropna()
    y = df.pop(target).to_numpy()
    a, b, ya, yb = train_test_split(df.to_numpy(), y, test_size=0.25, random_state=8)
    sc = MinMaxScaler()
    a, b = sc.fit_transform(a), sc.transform(b)
    wrap = lambda u, v: TensorDataset(torch.Tensor(u), torch.Tensor(v).view(-1, 1))
    return DataLoader(wrap(a, ya), batch, shuffle=True), DataLoader(wrap(b, yb), batch)
