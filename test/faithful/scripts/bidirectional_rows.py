"""Digits read row by row, in both directions and two layers, with dropout between and an initialisation by names."""
import torch
import torch.nn as nn
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch.utils.data import DataLoader, TensorDataset


class Reader(nn.Module):
    def __init__(self, input_size, hidden_size, num_layers, classes):
        super().__init__()
        self.lstm = nn.LSTM(input_size, hidden_size, num_layers, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.2)
        self.out = nn.Linear(2 * hidden_size, classes)
        for name, param in self.lstm.named_parameters():
            if "weight_hh" in name:
                nn.init.orthogonal_(param)
            elif "weight_ih" in name:
                nn.init.xavier_uniform_(param)
            else:
                nn.init.zeros_(param)

    def forward(self, x):
        output, (h, c) = self.lstm(x.reshape(x.size(0), 8, 8))
        ends = torch.cat((h[-2], h[-1]), dim=1)
        return F.log_softmax(self.out(self.drop(ends)), dim=1)


torch.manual_seed(3)
digits = load_digits()
X = torch.from_numpy(digits.images).float().flatten(1) / 16
y = torch.from_numpy(digits.target).long()
loader = DataLoader(TensorDataset(X, y), batch_size=48, shuffle=True)
model = Reader(8, 12, 2, 10)
optimizer = torch.optim.RMSprop(model.parameters(), lr=2e-3)
for epoch in range(3):
    for rows, labels in loader:
        optimizer.zero_grad()
        loss = F.nll_loss(model(rows), labels)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
