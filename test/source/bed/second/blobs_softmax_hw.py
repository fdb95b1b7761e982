# CS homework: softmax regression with your own loop
import numpy as np
import torch
from sklearn.datasets import make_blobs

data, labels = make_blobs(n_samples=600, centers=4, n_features=2, random_state=11)
x = torch.tensor(data, dtype=torch.float32)
t = torch.tensor(labels)
W = torch.zeros(2, 4, requires_grad=True)
b = torch.zeros(4, requires_grad=True)
eta = 0.05
for k in range(300):
    logits = x @ W + b
    loss = torch.nn.functional.cross_entropy(logits, t)
    loss.backward()
    with torch.no_grad():
        W -= eta * W.grad
        b -= eta * b.grad
        W.grad.zero_()
        b.grad.zero_()
print(loss.item())
