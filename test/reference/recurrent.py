"""Losses, gradients and Hessian-vector products of recurrent modules in PyTorch, in float64.

    python3 recurrent.py > recurrent.json

Each case is the two bodies of a module as a script has them; the test reads the same text. The loss is
mean((model(x) - y)^2) on fixed numbers, the direction of the product is cos(1, 2, 3, ...) over all parameters.
Made with PyTorch 1.13; nothing here differs in PyTorch 2.
"""

import json
import math
import sys
import textwrap

import torch
import torch.nn as nn

torch.set_default_dtype(torch.float64)


def numbers(*shape, seed=0, scale=1.0):
    """Fixed numbers in place of a random generator, so that every version makes the same."""
    return torch.tensor([scale * math.sin(1.7 * i + 0.3 + seed) for i in range(math.prod(shape))]).round(decimals=3).reshape(shape)


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
}


def module_of(init, forward):
    body = "class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    body += textwrap.indent("\n".join(init), 8 * " ") + "\n    def forward(self, x):\n" + textwrap.indent("\n".join(forward), 8 * " ")
    scope = {"nn": nn, "torch": torch}
    exec(body, scope)
    return scope["Net"]()


def dump(tensors):
    return [float(f"{v:.10g}") for tensor in tensors for v in tensor.detach().flatten().tolist()]


def measured(init, forward):
    model = module_of(init, forward)
    named = dict(model.named_parameters())
    with torch.no_grad():
        for k, p in enumerate(named.values()):
            p.copy_(numbers(*p.shape, seed=k, scale=0.7))
    x, y = numbers(5, 6, 3, seed=1), numbers(5, 2, seed=2)
    loss = ((model(x) - y) ** 2).mean()
    gradients = torch.autograd.grad(loss, list(named.values()), create_graph=True)
    start, directions = 1, []
    for p in named.values():
        directions.append(torch.cos(torch.arange(start, start + p.numel(), dtype=torch.float64)).reshape(p.shape))
        start += p.numel()
    product = torch.autograd.grad(sum((g * d).sum() for g, d in zip(gradients, directions)), list(named.values()))
    return {"parameters": {name: list(p.shape) for name, p in named.items()}, "loss": float(loss.detach()),
            "gradient": dump(gradients), "product": dump(product)}


cases = [{"name": name, "init": init, "forward": forward, **measured(init, forward)} for name, (init, forward) in CASES.items()]
json.dump({"torch": torch.__version__, "cases": cases}, sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
