import collections
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
import torch.nn.functional as F

corpus = [
    'the curve falls slowly',
    'the slope is steep here',
    'a slow curve is flat',
    'here the walk is slow',
]
tokens = [s.split() for s in corpus]
vocabulary = []
for sentence in tokens:
    for token in sentence:
        if token not in vocabulary:
            vocabulary.append(token)
word2idx = {w: idx for (idx, w) in enumerate(vocabulary)}
window_size = 2
idx_pairs = []
for sentence in tokens:
    indices = [word2idx[word] for word in sentence]
    for center in range(len(indices)):
        for w in range(-window_size, window_size + 1):
            context = center + w
            if context < 0 or context >= len(indices) or center == context:
                continue
            idx_pairs.append((indices[center], indices[context]))
idx_pairs = np.array(idx_pairs)


class SkipGram(nn.Module):
    def __init__(self, vocab_size, dim):
        super().__init__()
        self.u = nn.Embedding(vocab_size, dim)
        self.v = nn.Embedding(vocab_size, dim)
        self.u.weight.data.uniform_(-0.5 / dim, 0.5 / dim)
        self.v.weight.data.zero_()

    def forward(self, center, pos, neg):
        e = self.u(center)
        p = self.v(pos)
        n = self.v(neg)
        pos_score = F.logsigmoid((e * p).sum(1))
        neg_score = F.logsigmoid(-torch.bmm(n, e.unsqueeze(2)).squeeze(2)).sum(1)
        return -(pos_score + neg_score).mean()


model = SkipGram(len(vocabulary), 16)
optimizer = optim.SGD(model.parameters(), lr=0.5)
center = torch.from_numpy(idx_pairs[:, 0])
context = torch.from_numpy(idx_pairs[:, 1])
for epoch in range(100):
    perm = torch.randperm(len(center))
    for i in range(0, len(center), 8):
        b = perm[i:i + 8]
        neg = torch.randint(0, len(vocabulary), (len(b), 5))
        loss = model(center[b], context[b], neg)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
