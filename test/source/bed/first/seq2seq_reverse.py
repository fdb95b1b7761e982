import random
import torch
import torch.nn as nn

PAD, SOS, EOS = 0, 1, 2
VOCAB = 20
MAX_LEN = 8
HID = 64
device = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def make_batch(bs):
    src = torch.randint(3, VOCAB, (bs, MAX_LEN))
    tgt = torch.flip(src, dims=[1])
    sos = torch.full((bs, 1), SOS, dtype=torch.long)
    return src.to(device), torch.cat([sos, tgt], dim=1).to(device)


class Encoder(nn.Module):
    def __init__(self, vocab, hid):
        super().__init__()
        self.emb = nn.Embedding(vocab, hid)
        self.gru = nn.GRU(hid, hid, batch_first=True)

    def forward(self, src):
        out, h = self.gru(self.emb(src))
        return out, h


class Decoder(nn.Module):
    def __init__(self, vocab, hid):
        super().__init__()
        self.emb = nn.Embedding(vocab, hid)
        self.gru = nn.GRU(hid, hid, batch_first=True)
        self.out = nn.Linear(hid, vocab)

    def forward(self, tok, h):
        o, h = self.gru(self.emb(tok), h)
        return self.out(o), h


class Seq2Seq(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, src, tgt):
        _, h = self.encoder(src)
        logits, _ = self.decoder(tgt[:, :-1], h)
        return logits


model = Seq2Seq(Encoder(VOCAB, HID), Decoder(VOCAB, HID)).to(device)
optim = torch.optim.Adam(model.parameters(), lr=2e-3)
loss_fn = nn.CrossEntropyLoss(ignore_index=PAD)
for step in range(1, 2001):
    src, tgt = make_batch(64)
    logits = model(src, tgt)
    loss = loss_fn(logits.reshape(-1, VOCAB), tgt[:, 1:].reshape(-1))
    optim.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optim.step()
    if step % 200 == 0:
        acc = (logits.argmax(-1) == tgt[:, 1:]).float().mean()
        print(step, loss.item(), acc.item())
