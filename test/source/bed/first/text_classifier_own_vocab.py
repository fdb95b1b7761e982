import json
import re
from collections import Counter
import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader
from torch.nn.utils.rnn import pad_sequence


def tokenize(text):
    return re.findall(r"[a-z']+", text.lower())


class Reviews(Dataset):
    def __init__(self, path, vocab=None, min_freq=2):
        with open(path) as f:
            self.rows = json.load(f)
        if vocab is None:
            counter = Counter(t for r in self.rows for t in tokenize(r['text']))
            vocab = {'<pad>': 0, '<unk>': 1}
            for word, freq in counter.most_common():
                if freq >= min_freq:
                    vocab[word] = len(vocab)
        self.vocab = vocab

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        row = self.rows[i]
        ids = [self.vocab.get(t, 1) for t in tokenize(row['text'])]
        return torch.tensor(ids), torch.tensor(row['label'], dtype=torch.float)


def collate(batch):
    xs, ys = zip(*batch)
    return pad_sequence(xs, batch_first=True, padding_value=0), torch.stack(ys)


class Classifier(nn.Module):
    def __init__(self, vocab_size, emb=100, hid=128):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, emb, padding_idx=0)
        self.lstm = nn.LSTM(emb, hid, bidirectional=True, batch_first=True)
        self.dropout = nn.Dropout(0.5)
        self.fc = nn.Linear(2 * hid, 1)

    def forward(self, x):
        e = self.dropout(self.embedding(x))
        _, (h, _) = self.lstm(e)
        h = torch.cat((h[-2], h[-1]), dim=1)
        return self.fc(self.dropout(h)).squeeze(1)


train_set = Reviews('data/train.json')
test_set = Reviews('data/test.json', train_set.vocab)
train_loader = DataLoader(train_set, 32, shuffle=True, collate_fn=collate)
test_loader = DataLoader(test_set, 64, collate_fn=collate)
net = Classifier(len(train_set.vocab))
opt = torch.optim.Adam(net.parameters())
crit = nn.BCEWithLogitsLoss()
for ep in range(5):
    net.train()
    for x, y in train_loader:
        opt.zero_grad()
        l = crit(net(x), y)
        l.backward()
        opt.step()
    print(ep, l.item())
