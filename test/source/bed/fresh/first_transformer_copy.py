"""Minimal encoder-decoder Transformer, trained to reverse a sequence. Single file, no dependencies."""
import math, time
from dataclasses import dataclass
import torch
import torch.nn as nn
import torch.nn.functional as F

@dataclass
class Config:
    vocab: int = 16
    d_model: int = 32
    n_heads: int = 4
    n_layers: int = 2
    d_ff: int = 64
    max_len: int = 12
    batch_size: int = 32
    steps: int = 60
    warmup: int = 20
    lr: float = 1e-3

cfg = Config()

class PositionalEncoding(nn.Module):
    def __init__(self, d_model, max_len=64):
        super().__init__()
        pe = torch.zeros(max_len, d_model)
        position = torch.arange(0, max_len).unsqueeze(1).float()
        div_term = torch.exp(torch.arange(0, d_model, 2).float() * (-math.log(10000.0) / d_model))
        pe[:, 0::2] = torch.sin(position * div_term)
        pe[:, 1::2] = torch.cos(position * div_term)
        self.register_buffer('pe', pe.unsqueeze(0))
    def forward(self, x):
        return x + self.pe[:, :x.size(1)]

class MultiHeadAttention(nn.Module):
    def __init__(self, d_model, h):
        super().__init__()
        assert d_model % h == 0
        self.h, self.dk = h, d_model // h
        self.wq, self.wk, self.wv, self.wo = [nn.Linear(d_model, d_model) for _ in range(4)]
    def forward(self, q, k, v, mask=None):
        B = q.size(0)
        q, k, v = [l(x).view(B, -1, self.h, self.dk).transpose(1, 2) for l, x in zip((self.wq, self.wk, self.wv), (q, k, v))]
        scores = q @ k.transpose(-2, -1) / math.sqrt(self.dk)
        if mask is not None:
            scores = scores.masked_fill(mask == 0, -1e9)
        out = F.softmax(scores, dim=-1) @ v
        out = out.transpose(1, 2).contiguous().view(B, -1, self.h * self.dk)
        return self.wo(out)

class EncoderLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.attn = MultiHeadAttention(c.d_model, c.n_heads)
        self.ff = nn.Sequential(nn.Linear(c.d_model, c.d_ff), nn.ReLU(), nn.Linear(c.d_ff, c.d_model))
        self.n1, self.n2 = nn.LayerNorm(c.d_model), nn.LayerNorm(c.d_model)
    def forward(self, x):
        x = self.n1(x + self.attn(x, x, x))
        return self.n2(x + self.ff(x))

class DecoderLayer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.self_attn = MultiHeadAttention(c.d_model, c.n_heads)
        self.cross = MultiHeadAttention(c.d_model, c.n_heads)
        self.ff = nn.Sequential(nn.Linear(c.d_model, c.d_ff), nn.ReLU(), nn.Linear(c.d_ff, c.d_model))
        self.norms = nn.ModuleList(nn.LayerNorm(c.d_model) for _ in range(3))
    def forward(self, y, mem, mask):
        y = self.norms[0](y + self.self_attn(y, y, y, mask))
        y = self.norms[1](y + self.cross(y, mem, mem))
        return self.norms[2](y + self.ff(y))

class Transformer(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.src_emb = nn.Embedding(c.vocab, c.d_model)
        self.tgt_emb = nn.Embedding(c.vocab, c.d_model)
        self.pos = PositionalEncoding(c.d_model)
        self.enc = nn.ModuleList([EncoderLayer(c) for _ in range(c.n_layers)])
        self.dec = nn.ModuleList([DecoderLayer(c) for _ in range(c.n_layers)])
        self.out = nn.Linear(c.d_model, c.vocab)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.xavier_uniform_(p)
    def forward(self, src, tgt):
        mem = self.pos(self.src_emb(src) * math.sqrt(cfg.d_model))
        for l in self.enc:
            mem = l(mem)
        y = self.pos(self.tgt_emb(tgt) * math.sqrt(cfg.d_model))
        T = tgt.size(1)
        mask = torch.tril(torch.ones(T, T)).bool()
        for l in self.dec:
            y = l(y, mem, mask)
        return self.out(y)

def get_batch():
    src = torch.randint(1, cfg.vocab, (cfg.batch_size, cfg.max_len))
    tgt = torch.flip(src, dims=[1])
    bos = torch.zeros(cfg.batch_size, 1, dtype=torch.long)
    return src, torch.cat([bos, tgt[:, :-1]], dim=1), tgt

torch.manual_seed(0)
model = Transformer(cfg)
opt = torch.optim.Adam(model.parameters(), lr=cfg.lr, betas=(0.9, 0.98), eps=1e-9)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / cfg.warmup, math.sqrt(cfg.warmup / (s + 1))))
t0 = time.time()
for step in range(cfg.steps):
    src, tgt_in, tgt_out = get_batch()
    logits = model(src, tgt_in)
    loss = F.cross_entropy(logits.view(-1, cfg.vocab), tgt_out.view(-1), label_smoothing=0.1)
    opt.zero_grad(set_to_none=True)
    loss.backward()
    opt.step()
    sched.step()
    if step % 20 == 0:
        print(f"step {step} loss {loss.item():.3f} ({time.time() - t0:.1f}s)")
