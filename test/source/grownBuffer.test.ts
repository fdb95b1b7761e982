import { describe, expect, it } from 'vitest';
import { read } from './reading';

describe('a buffer that a loop fills', () => {
  it.each(['[]', 'deque(maxlen=500)', 'deque([], 500)'])('%s is not as long as one pass makes it', (made) => {
    const { experiments } = read(`
import random
from collections import deque
import torch
from torch import nn
net = nn.Linear(4, 2)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
rows = torch.rand(32, 4)
buffer = ${made}
for step in range(100):
    buffer.append(step)
    if len(buffer) < 32:
        continue
    optimizer.zero_grad()
    net(rows).mean().backward()
    optimizer.step()
`);
    expect(experiments[0]?.loop?.step).toBeTruthy();
    expect(experiments[0]?.loop?.backward).toBeTruthy();
  });
});
