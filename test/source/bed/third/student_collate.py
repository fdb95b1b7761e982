import torch
import torch.nn as nn
import pandas as pd
from torch.utils.data import Dataset, DataLoader, random_split

torch.manual_seed(0)


class StudentDataset(Dataset):
    def __init__(self, path):
        df = pd.read_csv(path, sep=';')
        df['school'] = (df['school'] == 'GP').astype(int)
        df['higher'] = df['higher'].map({'yes': 1, 'no': 0})
        self.df = df
        self.columns = ['school', 'age', 'studytime', 'failures', 'absences', 'higher']

    def __len__(self):
        return len(self.df)

    def __getitem__(self, i):
        row = self.df.iloc[i]
        x = torch.tensor([row['school'], row['age'], row['studytime'], row['failures'], row['absences'], row['higher']],
                         dtype=torch.float32)
        y = torch.tensor(row['G3'], dtype=torch.float32)
        return x, y


def collate(batch):
    xs, ys = zip(*batch)
    return torch.stack(xs), torch.stack(ys).unsqueeze(1)


full = StudentDataset('student-por.csv')
train_size = int(0.8 * len(full))
train_set, test_set = random_split(full, [train_size, len(full) - train_size])
loader = DataLoader(train_set, batch_size=20, shuffle=True, collate_fn=collate)

model = nn.Sequential(nn.BatchNorm1d(6), nn.Linear(6, 24), nn.ReLU(), nn.Linear(24, 1))
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=3, factor=0.5)

for epoch in range(40):
    total = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item()
    scheduler.step(total / len(loader))
