import { describe, expect, it } from 'vitest';
import { head, loopOf, made, net, plain, unitOf } from './loopScripts';
import { read, readUnit, shapeOfModel } from './reading';

describe('gradients that are summed over batches', () => {
  it.each([
    [
      'with the last batch of a pass as well',
      `for i, (xb, yb) in enumerate(loader):
        loss = criterion(model(xb), yb) / 4
        loss.backward()
        if (i + 1) % 4 == 0 or (i + 1) == len(loader):
            opt.step()
            opt.zero_grad()`,
    ],
    [
      'behind a continue',
      `for i, (xb, yb) in enumerate(loader, start=1):
        criterion(model(xb), yb).backward()
        if i % 4:
            continue
        opt.step()
        opt.zero_grad()`,
    ],
    [
      'with a counter of its own',
      `for xb, yb in loader:
        criterion(model(xb), yb).backward()
        count += 1
        if count % 4 == 0:
            opt.step()
            opt.zero_grad()`,
    ],
    [
      'with a negated remainder',
      `for i, (xb, yb) in enumerate(loader):
        if i % 4 == 0:
            opt.zero_grad()
        criterion(model(xb), yb).backward()
        if not (i + 1) % 4:
            opt.step()`,
    ],
    [
      'in the other branch',
      `for i, (xb, yb) in enumerate(loader):
        criterion(model(xb), yb).backward()
        if (i + 1) % 4 != 0:
            pass
        else:
            opt.step()
            opt.zero_grad()`,
    ],
  ])('%s', (_, loop) => {
    expect(loopOf(`${made}count = 0\nopt.zero_grad()\nfor epoch in range(3):\n    ${loop}\n`)).toEqual({
      ...plain,
      accumulation: 4,
    });
  });

  it('in an inner loop that draws batches', () => {
    const body = `${made}batches = iter(loader)
for step in range(30):
    opt.zero_grad()
    for micro in range(4):
        xb, yb = next(batches)
        (criterion(model(xb), yb) / 4).backward()
    opt.step()
`;
    expect(loopOf(body)).toEqual({ ...plain, epochs: null, steps: 30, accumulation: 4 });
  });

  it('in a field that a method counts up', () => {
    const body = `class Trainer:
    def __init__(self):
        self.opt = optim.SGD(model.parameters(), lr=0.1)
        self.step_number = 0
    def train_step(self, xb, yb):
        criterion(model(xb), yb).backward()
        self.step_number += 1
        if self.step_number % 4 == 0:
            self.opt.step()
            self.opt.zero_grad()
    def fit(self):
        for epoch in range(3):
            for xb, yb in loader:
                self.train_step(xb, yb)
Trainer().fit()
`;
    expect(loopOf(body)).toEqual({ ...plain, accumulation: 4 });
  });

  const drawn = `import torch
import torch.nn as nn
rows = torch.randn(500, 4)
truth = torch.randn(500, 1)
model = nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.1)
def get_batch():
    at = torch.randint(len(rows), (16,))
    return rows[at], truth[at]
`;

  it('over batches that are drawn in a loop inside', () => {
    const { loop, batches, unread } = readUnit(`${drawn}for step in range(60):
    opt.zero_grad()
    for micro in range(4):
        x, y = get_batch()
        (nn.functional.mse_loss(model(x), y) / 4).backward()
    opt.step()
`);
    expect(unread).toEqual([]);
    expect([loop?.accumulation, loop?.steps?.value, batches?.sampling, batches?.batchSize?.value]).toEqual([
      4,
      60,
      'replacement',
      16,
    ]);
  });

  it('leaves the number of steps that the loop around counts', () => {
    const { loop, batches, unread } = readUnit(`${drawn}x, y = get_batch()
step = 0
while True:
    for micro in range(4):
        loss = nn.functional.mse_loss(model(x), y) / 4
        x, y = get_batch()
        loss.backward()
    opt.step()
    opt.zero_grad()
    step += 1
    if step >= 60:
        break
`);
    expect(unread).toEqual([]);
    expect([loop?.accumulation, loop?.steps?.value, batches?.sampling, batches?.batchSize?.value]).toEqual([
      4,
      60,
      'replacement',
      16,
    ]);
  });

  it('is none where each pass draws the batch of the next one', () => {
    const { loop, batches, unread } = readUnit(`${drawn}x, y = get_batch()
for step in range(60):
    loss = nn.functional.mse_loss(model(x), y)
    x, y = get_batch()
    opt.zero_grad()
    loss.backward()
    opt.step()
`);
    expect(unread).toEqual([]);
    expect([loop?.accumulation, loop?.steps?.value, batches?.sampling, batches?.batchSize?.value]).toEqual([
      1,
      60,
      'replacement',
      16,
    ]);
  });

  it('is none where an object keeps the batch that is drawn for the next pass', () => {
    const { batches, unread } = readUnit(`${drawn}class Trainer:
    def __init__(self):
        self.x, self.y = get_batch()
    def run(self):
        for step in range(60):
            loss = nn.functional.mse_loss(model(self.x), self.y)
            self.x, self.y = get_batch()
            opt.zero_grad()
            loss.backward()
            opt.step()
Trainer().run()
`);
    expect(unread).toEqual([]);
    expect([batches?.sampling, batches?.batchSize?.value]).toEqual(['replacement', 16]);
  });

  it('over a whole pass is not read', () => {
    const body = `${made}for epoch in range(3):
    opt.zero_grad()
    for xb, yb in loader:
        criterion(model(xb), yb).backward()
    opt.step()
`;
    expect(loopOf(body).unread).toEqual(['One step for the gradients of a whole inner loop is not read']);
  });
});

describe('several losses before one step', () => {
  it('are summed', () => {
    const body = `${made}for epoch in range(3):
    for xb, yb in loader:
        opt.zero_grad()
        out = model(xb)
        criterion(out, yb).backward(retain_graph=True)
        (0.1 * (out ** 2).mean()).backward()
        opt.step()
`;
    const unit = unitOf(body);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe(`${net} power(4) mean(7) constant multiply(9,8) add(6,10)`);
  });

  it('are kept apart by a zero_grad between them', () => {
    const body = `${made}for epoch in range(3):
    for xb, yb in loader:
        (model(xb) ** 2).mean().backward()
        opt.zero_grad()
        criterion(model(xb), yb).backward()
        opt.step()
`;
    const unit = unitOf(body);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toBe(net);
  });

  it('of optimizers that train through each other take turns', () => {
    const body = `G = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 4))
D = nn.Sequential(nn.Linear(4, 8), nn.LeakyReLU(0.2), nn.Linear(8, 1), nn.Sigmoid())
bce = nn.BCELoss()
g_opt = optim.Adam(G.parameters(), lr=2e-4, betas=(0.5, 0.999))
d_opt = optim.Adam(D.parameters(), lr=1e-4, betas=(0.5, 0.999))
for epoch in range(10):
    for real, _ in loader:
        fake = G(real + 1)
        d_opt.zero_grad()
        d_loss = bce(D(real), torch.ones(16, 1)) + bce(D(fake.detach()), torch.zeros(16, 1))
        d_loss.backward()
        d_opt.step()
        g_opt.zero_grad()
        g_loss = bce(D(fake), torch.ones(16, 1))
        g_loss.backward()
        g_opt.step()
`;
    const { experiments } = read(head + body);
    expect(experiments.map((e) => [e.unit.name, e.optimizer?.learningRate.value])).toEqual([
      ['g_opt', 2e-4],
      ['d_opt', 1e-4],
    ]);
    const [generator, critic] = experiments;
    for (const { unread } of experiments) expect(unread).toEqual([]);
    expect(generator?.partners).toMatchObject([{ name: 'd_opt', order: 'before', own: 1, steps: 1 }]);
    expect(critic?.partners).toMatchObject([{ name: 'g_opt', order: 'after', own: 1, steps: 1 }]);
    // What one of them trains and the other's loss goes through is one tensor for both.
    const [partner] = generator?.partners ?? [];
    const names = generator?.model?.parameters.map(({ name }) => name) ?? [];
    expect(partner?.model.parameters.map(({ name }, i) => [name, names[partner.parameters[i] ?? -1]])).toEqual(
      partner?.model.parameters.map(({ name }) => [name, name]),
    );
    // Where the script writes 16 it means the rows of the batch.
    const labels = critic?.model?.nodes.filter(({ kind }) => kind === 'filled');
    expect(labels?.map(({ arguments: args }) => args)).toEqual([
      { shape: [{ symbol: 'rows' }, 1], value: 1 },
      { shape: [{ symbol: 'rows' }, 1], value: 0 },
    ]);
  });

  it('joint training with two optimizers takes both gradients first', () => {
    const body = `top = nn.Linear(3, 3)
a, b = optim.Adam(model.parameters(), lr=1e-3), optim.SGD(top.parameters(), lr=0.1)
for epoch in range(3):
    for xb, yb in loader:
        a.zero_grad(); b.zero_grad()
        criterion(top(model(xb)), yb).backward()
        a.step(); b.step()
`;
    const { experiments } = read(head + body);
    expect(experiments.map(({ unread }) => unread)).toEqual([[], []]);
    expect(experiments.map(({ partners }) => partners?.map(({ name, order }) => [name, order]))).toEqual([
      [['b', 'together']],
      [['a', 'together']],
    ]);
  });
});

describe('an optimizer that steps less often than the other of its loop', () => {
  const nets = `
import torch
from torch import nn
X = torch.rand(90, 4)
G, D = nn.Linear(4, 4), nn.Linear(4, 1)
g, d = torch.optim.Adam(G.parameters(), lr=1e-3), torch.optim.Adam(D.parameters(), lr=1e-3)
loader = torch.utils.data.DataLoader(X, batch_size=10, shuffle=True)
`;
  const steps = (optimizer: string, loss: string, indent: string): string =>
    [`${optimizer}.zero_grad()`, `${loss}.backward()`, `${optimizer}.step()`].map((line) => `${indent}${line}\n`).join('');
  const both = (x: string, indent: string): string => steps('d', `D(G(${x}).detach()).mean()`, indent);
  const loopsOf = (body: string): unknown[] =>
    read(nets + body).experiments.map(({ loop, partners, unread }) => {
      expect(unread).toEqual([]);
      return [loop?.epochs.value, loop?.steps?.value, loop?.takenEvery, partners?.map(({ own, steps: its }) => [own, its])];
    });

  it('takes every n-th batch of each epoch', () => {
    const body = `for epoch in range(3):\n    for i, x in enumerate(loader):\n${both('x', '        ')}        if i % 4 == 0:\n${steps('g', '(-D(G(x)).mean())', '            ')}`;
    expect(loopsOf(body)).toEqual([
      [3, undefined, 4, [[1, 4]]],
      [3, undefined, undefined, [[4, 1]]],
    ]);
  });

  it('is counted over all passes of the loop around', () => {
    const body = `for epoch in range(10):\n    for _ in range(5):\n${both('X', '        ')}    for _ in range(1):\n${steps('g', '(-D(G(X)).mean())', '        ')}`;
    expect(loopsOf(body)).toEqual([
      [1, 10, undefined, [[1, 5]]],
      [1, 50, undefined, [[5, 1]]],
    ]);
  });
});

describe('a loss that could not be followed', () => {
  it('may be made of what is called with gradients, which is no evaluation then', () => {
    const { experiments } = read(`
import torch
from torch import nn
from torch.distributions import Categorical
policy = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 2), nn.Softmax(dim=1))
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)
env = make_env()
for episode in range(10):
    state, saved, done = env.reset(), [], False
    while not done:
        chosen = Categorical(policy(torch.ones(1, 4)))
        action = chosen.sample()
        saved.append(chosen.log_prob(action))
        state, reward, done = env.step(action)
    loss = torch.cat([-p * unknown_return() for p in saved]).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
`);
    expect(experiments[0]?.model?.loss ?? null).toBeNull();
    expect(experiments[0]?.loop?.backward).not.toBeNull();
    expect(experiments[0]?.loop?.evaluation).toBeNull();
  });
});
