import torch
import torch.nn as nn


class NoamOpt:
    "Optim wrapper that implements rate."

    def __init__(self, model_size, factor, warmup, optimizer):
        self.optimizer = optimizer
        self._step = 0
        self.warmup = warmup
        self.factor = factor
        self.model_size = model_size
        self._rate = 0

    def step(self):
        "Update parameters and rate"
        self._step += 1
        rate = self.rate()
        for p in self.optimizer.param_groups:
            p['lr'] = rate
        self._rate = rate
        self.optimizer.step()

    def rate(self, step=None):
        "Implement `lrate` above"
        if step is None:
            step = self._step
        return self.factor * (self.model_size ** (-0.5) * min(step ** (-0.5), step * self.warmup ** (-1.5)))


class Encoder(nn.Module):
    def __init__(self, vocab, d_model=32, n_heads=4, n_layers=2, max_len=12):
        super().__init__()
        self.tok = nn.Embedding(vocab, d_model)
        self.pos = nn.Parameter(torch.zeros(1, max_len, d_model))
        layer = nn.TransformerEncoderLayer(d_model, n_heads, dim_feedforward=64, dropout=0.0, batch_first=True)
        self.enc = nn.TransformerEncoder(layer, n_layers)
        self.out = nn.Linear(d_model, vocab)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)

    def forward(self, x):
        return self.out(self.enc(self.tok(x) + self.pos[:, :x.size(1)]))


def data_gen(V, batch, nbatches):
    for i in range(nbatches):
        data = torch.randint(1, V, size=(batch, 12))
        data[:, 0] = 1
        yield data


V = 11
criterion = nn.CrossEntropyLoss()
model = Encoder(V)
model_opt = NoamOpt(32, 1, 400, torch.optim.Adam(model.parameters(), lr=0, betas=(0.9, 0.98), eps=1e-9))
for epoch in range(10):
    model.train()
    for batch in data_gen(V, 30, 20):
        logits = model(batch)
        loss = criterion(logits.reshape(-1, V), batch.reshape(-1))
        model_opt.optimizer.zero_grad()
        loss.backward()
        model_opt.step()
