import torch
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset, random_split


def get_loaders(batch_size, val_fraction=0.2):
    digits = load_digits()
    x = torch.as_tensor(digits.images, dtype=torch.float32).unsqueeze(1) / 16.0
    x = (x - x.mean()) / x.std()
    y = torch.as_tensor(digits.target, dtype=torch.long)
    ds = TensorDataset(x, y)
    n_val = int(len(ds) * val_fraction)
    train, val = random_split(ds, [len(ds) - n_val, n_val], generator=torch.Generator().manual_seed(42))
    return (
        DataLoader(train, batch_size=batch_size, shuffle=True, drop_last=True),
        DataLoader(val, batch_size=2 * batch_size),
        {"classes": int(y.max()) + 1},
    )
