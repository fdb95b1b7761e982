import re, random
from collections import Counter
import torch
import torch.nn as nn
from torch.nn.utils.rnn import pad_sequence
from torch.utils.data import DataLoader, Dataset

sentences = [("i love this movie", 1), ("what a great film", 1), ("terrible plot and bad acting", 0), ("i hate it", 0),
             ("wonderful and touching", 1), ("boring boring boring", 0), ("not good at all", 0), ("really good fun", 1)] * 8

def tokenize(s): return re.findall(r"\w+", s.lower())
counter = Counter(t for s, _ in sentences for t in tokenize(s))
vocab = {'<pad>': 0, '<unk>': 1}
for tok, _ in counter.most_common():
    vocab[tok] = len(vocab)

class SentDataset(Dataset):
    def __init__(self, pairs): self.pairs = pairs
    def __len__(self): return len(self.pairs)
    def __getitem__(self, i):
        s, l = self.pairs[i]
        return torch.tensor([vocab.get(t, 1) for t in tokenize(s)]), float(l)

def collate(batch):
    xs, ys = zip(*batch)
    return pad_sequence(xs, batch_first=True, padding_value=0), torch.tensor(ys)

class GRUClassifier(nn.Module):
    def __init__(self, vocab_size, emb=16, hid=24):
        super().__init__()
        self.emb = nn.Embedding(vocab_size, emb, padding_idx=0)
        self.gru = nn.GRU(emb, hid, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(2 * hid, 1)
    def forward(self, x):
        _, h = self.gru(self.emb(x))
        h = torch.cat([h[-2], h[-1]], dim=1)
        return self.fc(h).squeeze(1)

loader = DataLoader(SentDataset(sentences), batch_size=8, shuffle=True, collate_fn=collate)
model = GRUClassifier(len(vocab))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.BCEWithLogitsLoss()
for epoch in range(4):
    total = 0
    for x, y in loader:
        optimizer.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.5)
        optimizer.step()
        total += loss.item()
    print(epoch, total / len(loader))
