import numpy as np
import torch
import torch.nn as nn
from sklearn.preprocessing import MinMaxScaler

t = np.arange(0, 60, 0.1)
series = (np.sin(t) + 0.3 * np.sin(3.1 * t) + 0.01 * t).reshape(-1, 1)
test_data_size = 60
train_data = series[:-test_data_size]
test_data = series[-test_data_size:]
scaler = MinMaxScaler(feature_range=(-1, 1))
train_norm = scaler.fit_transform(train_data)
train_norm = torch.FloatTensor(train_norm).view(-1)
train_window = 12


def create_inout_sequences(input_data, tw):
    xs, ys = [], []
    L = len(input_data)
    for i in range(L - tw):
        train_seq = input_data[i:i + tw]
        train_label = input_data[i + tw:i + tw + 1]
        xs.append(train_seq)
        ys.append(train_label)
    return torch.stack(xs).unsqueeze(-1), torch.stack(ys)


X, Y = create_inout_sequences(train_norm, train_window)


class LSTM(nn.Module):
    def __init__(self, input_size=1, hidden=32, output_size=1):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(input_size, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, output_size)

    def forward(self, seq):
        h0 = torch.zeros(1, seq.size(0), self.hidden).to(seq.device)
        c0 = torch.zeros(1, seq.size(0), self.hidden).to(seq.device)
        out, _ = self.lstm(seq, (h0.detach(), c0.detach()))
        return self.linear(out[:, -1, :])


model = LSTM()
loss_function = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
batch = 32
for i in range(50):
    order = torch.randperm(X.shape[0])
    epoch_loss = 0.0
    for k in range(0, len(order), batch):
        idx = order[k:k + batch]
        optimizer.zero_grad()
        y_pred = model(X[idx])
        single_loss = loss_function(y_pred, Y[idx])
        single_loss.backward()
        optimizer.step()
        epoch_loss += single_loss.item()
    if i % 25 == 1:
        print(f'epoch: {i:3} loss: {epoch_loss:10.8f}')
