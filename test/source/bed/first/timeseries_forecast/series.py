import numpy as np
import pandas as pd
import torch
from torch.utils.data import Dataset


class WindowDataset(Dataset):
    def __init__(self, path, window, horizon):
        frame = pd.read_csv(path, parse_dates=['time'], index_col='time')
        values = frame['load'].values.astype('float32')
        self.mean, self.std = values.mean(), values.std()
        self.values = (values - self.mean) / self.std
        self.window, self.horizon = window, horizon

    def __len__(self):
        return len(self.values) - self.window - self.horizon + 1

    def __getitem__(self, i):
        a = self.values[i:i + self.window]
        b = self.values[i + self.window:i + self.window + self.horizon]
        return torch.from_numpy(a), torch.from_numpy(b)
