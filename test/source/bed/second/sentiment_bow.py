import re
from collections import Counter
import torch
from torch import nn

with open('reviews.tsv', encoding='utf8') as fh:
    pairs = [line.rstrip('\n').split('\t') for line in fh]
labels = torch.tensor([int(p[0]) for p in pairs])
texts = [re.findall(r'\w+', p[1].lower()) for p in pairs]
counts = Counter(w for t in texts for w in t)
vocab = {w: i for i, (w, _) in enumerate(counts.most_common(2000))}
bag = torch.zeros(len(texts), len(vocab))
for i, t in enumerate(texts):
    for w in t:
        if w in vocab:
            bag[i, vocab[w]] += 1
net = nn.Linear(len(vocab), 2)
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(30):
    loss = nn.functional.cross_entropy(net(bag), labels)
    opt.zero_grad()
    loss.backward()
    opt.step()
