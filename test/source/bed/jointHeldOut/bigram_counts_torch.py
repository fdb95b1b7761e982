import torch
import torch.nn.functional as F

text = open('alice.txt').read().lower()
chars = sorted(list(set(text)))
stoi = {c: i for i, c in enumerate(chars)}
V = len(chars)
ids = torch.tensor([stoi[c] for c in text])
xs, ys = ids[:-1], ids[1:]
W = torch.zeros((V, V), requires_grad=True)
for k in range(200):
    xenc = F.one_hot(xs, num_classes=V).float()
    logits = xenc @ W
    counts = logits.exp()
    probs = counts / counts.sum(1, keepdim=True)
    loss = -probs[torch.arange(len(ys)), ys].log().mean() + 0.01 * (W ** 2).mean()
    W.grad = None
    loss.backward()
    W.data += -50 * W.grad
