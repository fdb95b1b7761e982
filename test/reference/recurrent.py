"""Recurrent modules in PyTorch.

    python3 recurrent.py > recurrent.json

The form of a case is told in module_cases.py. Made with PyTorch 1.13; nothing here differs in PyTorch 2.
"""

from module_cases import write

LAST = ["out, _ = self.rnn(x)", "return self.fc(out[:, -1, :])"]
CASES = {
    "RNN": (["self.rnn = nn.RNN(3, 4, batch_first=True)", "self.fc = nn.Linear(4, 2)"], LAST),
    "RNN with relu and without bias": (
        ["self.rnn = nn.RNN(3, 4, 2, nonlinearity='relu', bias=False, batch_first=True)", "self.fc = nn.Linear(4, 2)"], LAST),
    "LSTM": (["self.rnn = nn.LSTM(3, 4, batch_first=True)", "self.fc = nn.Linear(4, 2)"], LAST),
    "GRU": (["self.rnn = nn.GRU(3, 4, batch_first=True)", "self.fc = nn.Linear(4, 2)"], LAST),
    "GRU without bias": (["self.rnn = nn.GRU(3, 4, bias=False, batch_first=True)", "self.fc = nn.Linear(4, 2)"], LAST),
    "LSTM, its end state": (
        ["self.lstm = nn.LSTM(input_size=3, hidden_size=4, num_layers=2, batch_first=True)", "self.fc = nn.Linear(4, 2)"],
        ["_, (h_n, c_n) = self.lstm(x)", "return self.fc(h_n[-1])"]),
    "LSTM, its end cell": (
        ["self.lstm = nn.LSTM(3, 4, batch_first=True)", "self.fc = nn.Linear(4, 2)"],
        ["out, (h, c) = self.lstm(x)", "return self.fc(torch.cat((h.squeeze(0), out[:, 2]), dim=1)[:, :4] + c.squeeze(0))"]),
    "LSTM in both directions, stacked": (
        ["self.lstm = nn.LSTM(3, 4, num_layers=2, batch_first=True, bidirectional=True)", "self.fc = nn.Linear(8, 2)"],
        ["output, (h, c) = self.lstm(x)", "return self.fc(torch.cat((h[-2, :, :], h[-1, :, :]), dim=1))"]),
    "GRU in both directions, mean over time": (
        ["self.gru = nn.GRU(3, 4, batch_first=True, bidirectional=True)", "self.fc = nn.Linear(8, 2)"],
        ["out, h = self.gru(x)", "return self.fc(out.mean(dim=1))"]),
    "RNN in both directions, all times flattened": (
        ["self.rnn = nn.RNN(3, 2, batch_first=True, bidirectional=True)", "self.fc = nn.Linear(24, 2)"],
        ["out = self.rnn(x)[0]", "return self.fc(out.reshape(out.size(0), -1))"]),
    "LSTM with times first": (
        ["self.lstm = nn.LSTM(3, 4)", "self.fc = nn.Linear(4, 2)"],
        ["x = x.permute(1, 0, 2)", "out, hidden = self.lstm(x)", "return self.fc(out[-1])"]),
    "GRU with times first, end state in a view": (
        ["self.hidden_size = 4", "self.gru = nn.GRU(3, self.hidden_size)", "self.fc = nn.Linear(self.hidden_size, 2)"],
        ["_, h = self.gru(x.transpose(0, 1))", "return self.fc(h.view(-1, self.hidden_size))"]),
    "LSTM with zero states given": (
        ["self.num_layers = 2", "self.hidden_size = 4", "self.lstm = nn.LSTM(3, 4, self.num_layers, batch_first=True)",
         "self.fc = nn.Linear(4, 2)"],
        ["h0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).to(x.device)",
         "c0 = torch.zeros(self.num_layers, x.size(0), self.hidden_size).requires_grad_()",
         "out, (hn, cn) = self.lstm(x, (h0.detach(), c0.detach()))", "out = self.fc(out[:, -1, :])", "return out"]),
    "encoder and decoder": (
        ["self.encoder = nn.LSTM(3, 4, 2, batch_first=True)", "self.decoder = nn.LSTM(3, 4, 2, batch_first=True)",
         "self.fc = nn.Linear(4, 2)"],
        ["_, (h, c) = self.encoder(x)", "out, _ = self.decoder(x[:, :3], (h, c))", "return self.fc(out)[:, -1]"]),
    "RNN cell over time": (
        ["self.cell = nn.RNNCell(3, 4)", "self.fc = nn.Linear(4, 2)"],
        ["h = torch.zeros(x.size(0), 4)", "for t in range(x.size(1)):", "    h = self.cell(x[:, t, :], h)", "return self.fc(h)"]),
    "GRU cell over time": (
        ["self.cell = nn.GRUCell(3, 4, bias=False)", "self.fc = nn.Linear(4, 2)"],
        ["h = None", "for t in range(x.shape[1]):", "    h = self.cell(x[:, t], h)", "return self.fc(h)"]),
    "LSTM cells over time, two layers": (
        ["self.first = nn.LSTMCell(3, 4)", "self.second = nn.LSTMCell(4, 2)"],
        ["h1 = torch.zeros(x.size(0), 4)", "c1 = torch.zeros(x.size(0), 4)", "h2 = torch.zeros(x.size(0), 2)",
         "c2 = torch.zeros(x.size(0), 2)", "outputs = []", "for x_t in x.permute(1, 0, 2):", "    h1, c1 = self.first(x_t, (h1, c1))", "    h2, c2 = self.second(h1, (h2, c2))", "    outputs.append(h2)",
         "return torch.stack(outputs, 1).mean(1)"]),
    "embedding with a padding row": (
        ["self.embedding = nn.Embedding(4, 3, padding_idx=-4)", "self.rnn = nn.GRU(3, 4, batch_first=True)", "self.fc = nn.Linear(4, 2)"],
        ["out, h = self.rnn(self.embedding((x[:, :, 0].abs() * 3).long()))", "return self.fc(h[0])"]),
    "rows without times": (["self.rnn = nn.GRU(18, 4)", "self.fc = nn.Linear(4, 2)"], ["out, h = self.rnn(x.flatten(1))", "return self.fc(out)"]),
    "LSTM with projected states, both directions, stacked": (
        ["self.lstm = nn.LSTM(3, 4, 2, batch_first=True, bidirectional=True, proj_size=2)", "self.fc = nn.Linear(4, 2)"],
        ["out, (h, c) = self.lstm(x)", "return self.fc(out[:, -1]) + h[-1] + c[0, :, :2]"]),
    "LSTM with projected states, given": (
        ["self.a = nn.LSTM(3, 5, batch_first=True, proj_size=2)", "self.b = nn.LSTM(3, 5, batch_first=True, bias=False, proj_size=2)"],
        ["_, hidden = self.a(x)", "out, _ = self.b(x[:, :2], hidden)", "return out[:, -1]"]),
}

write(CASES)
