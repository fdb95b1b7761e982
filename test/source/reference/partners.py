"""Losses of two optimizers that train in one loop, as PyTorch gives them: run with Python and torch 1.13, prints partners.json."""

import json

import torch

HEAD = """import torch
import torch.nn as nn
import torch.nn.functional as F
x = torch.linspace(-1, 1, 24).view(6, 4)
y = torch.linspace(0, 1, 18).view(6, 3)
a = nn.Linear(4, 3)
b = nn.Linear(3, 1)
nn.init.eye_(a.weight)
nn.init.constant_(a.bias, 0.1)
nn.init.constant_(b.weight, 0.3)
nn.init.zeros_(b.bias)
"""

CASES = {
    "both gradients before either step": """first = torch.optim.Adam(a.parameters(), lr=0.05)
second = torch.optim.SGD(b.parameters(), lr=0.1, momentum=0.9)
for step in range(12):
    first.zero_grad()
    second.zero_grad()
    loss = F.mse_loss(torch.tanh(b(torch.tanh(a(x)))), y[:, :1])
    loss.backward()
    LOG('first', loss)
    LOG('second', loss)
    first.step()
    second.step()
""",
    "one after the other": """first = torch.optim.SGD(b.parameters(), lr=0.2)
second = torch.optim.Adam(a.parameters(), lr=0.02)
for step in range(12):
    fake = a(x)
    critic = F.binary_cross_entropy_with_logits(b(y), torch.ones(6, 1)) + F.binary_cross_entropy_with_logits(b(fake.detach()), torch.zeros(6, 1))
    first.zero_grad()
    critic.backward()
    LOG('first', critic)
    first.step()
    made = F.binary_cross_entropy_with_logits(b(fake), torch.ones(6, 1))
    second.zero_grad()
    made.backward()
    LOG('second', made)
    second.step()
""",
    "three steps for one": """first = torch.optim.Adam(b.parameters(), lr=0.05)
second = torch.optim.SGD(a.parameters(), lr=0.3)
for step in range(4):
    for turn in range(3):
        critic = b(a(x).detach()).mean() - b(y).mean() + 0.1 * (b.weight ** 2).sum()
        first.zero_grad()
        critic.backward()
        LOG('first', critic)
        first.step()
    made = -torch.sigmoid(b(a(x))).mean()
    second.zero_grad()
    made.backward()
    LOG('second', made)
    second.step()
""",
    "the second only after the first batch of an epoch and every fourth from there on": """loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=1)
first = torch.optim.Adam(b.parameters(), lr=0.05)
second = torch.optim.SGD(a.parameters(), lr=0.3)
for epoch in range(3):
    for i, (p, q) in enumerate(loader):
        critic = b(a(p).detach()).mean() - b(q).mean() + 0.1 * (b.weight ** 2).sum()
        first.zero_grad()
        critic.backward()
        LOG('first', critic)
        first.step()
        if i % 4 == 0:
            made = -torch.sigmoid(b(a(p))).mean()
            second.zero_grad()
            made.backward()
            LOG('second', made)
            second.step()
""",
    "the second before the first, after the last of each four batches": """loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=1)
second = torch.optim.SGD(a.parameters(), lr=0.3)
first = torch.optim.Adam(b.parameters(), lr=0.05)
for epoch in range(3):
    for i, (p, q) in enumerate(loader):
        if (i + 1) % 4 == 0:
            made = -torch.sigmoid(b(a(p))).mean()
            second.zero_grad()
            made.backward()
            LOG('second', made)
            second.step()
        critic = b(a(p).detach()).mean() - b(q).mean() + 0.1 * (b.weight ** 2).sum()
        first.zero_grad()
        critic.backward()
        LOG('first', critic)
        first.step()
""",
}

results = []
for name, body in CASES.items():
    losses = {"first": [], "second": []}
    exec(HEAD + body, {"LOG": lambda unit, loss: losses[unit].append(round(loss.item(), 7))})
    text = HEAD + "".join(line for line in body.splitlines(True) if "LOG(" not in line)
    results.append({"name": name, "text": text, "losses": losses})
print(json.dumps({"cases": results}, indent=1))
