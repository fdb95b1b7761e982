import { describe, expect, it } from 'vitest';
import { made, unitOf } from './loopScripts';

describe('after which batches a step takes their gradients', () => {
  const paced = (condition: string, before = '', cleared = '            opt.zero_grad()\n', first = ''): unknown => {
    const { loop, unread } = unitOf(
      `${made}count = 0\nfor epoch in range(3):\n${before}    for i, (xb, yb) in enumerate(loader):\n        count += 1\n${first}        criterion(model(xb), yb).backward()\n        if ${condition}:\n            opt.step()\n${cleared}`,
    );
    return unread[0]?.text ?? [loop?.accumulation, loop?.pace ?? loop?.takenFrom ?? null, loop?.takenEvery ?? null];
  };
  const pace = (first: number, parts = {}): unknown => ({ first, last: false, over: 'epoch', cleared: false, ...parts });

  it.each([
    ['(i + 1) % 4 == 0', [4, null, null]],
    ['i % 4 == 3', [4, null, null]],
    ['i % 4 == 0', [4, pace(1), null]],
    ['not i % 4', [4, pace(1), null]],
    ['i % 4 == 0 and i > 0', [4, pace(5), null]],
    ['i and i % 4 == 0', [4, pace(5), null]],
    ['i != 0 and i % 4 == 0', [4, pace(5), null]],
    ['i >= 6 and i % 4 == 0', [4, pace(9), null]],
    ['(i + 1) % 4 == 0 or i + 1 == len(loader)', [4, pace(4, { last: true }), null]],
    ['(i + 1) % 4 == 0 or i == len(loader) - 1', [4, pace(4, { last: true }), null]],
    ['i == len(loader) - 1 or i % 4 == 2', [4, pace(3, { last: true }), null]],
    ['count % 4 == 0', [4, pace(4, { over: 'run' }), null]],
    ['(i + 1) % 1 == 0', [1, null, null]],
    // Rhythms that are told as unread, and not taken for others.
    ['(i + 1) % 4 == 0 or i + 2 == len(loader)', 'After which batches a step is taken could not be read'],
    ['(i + 1) % 4 == 0 or i % 7 == 0', 'After which batches a step is taken could not be read'],
    ['i + 1 == len(loader)', 'After which batches a step is taken could not be read'],
    ['(epoch + 1) % 4 == 0', 'Steps that are taken in some passes of an outer loop only are not followed'],
  ])('%s', (condition, expected) => {
    expect(paced(condition)).toEqual(expected);
  });

  it('what an epoch leaves is cleared where the script does so before its first batch', () => {
    expect(paced('(i + 1) % 4 == 0', '    opt.zero_grad()\n')).toEqual([4, pace(4, { cleared: true }), null]);
    const atFirst = '        if i % 4 == 0:\n            opt.zero_grad()\n';
    expect(paced('(i + 1) % 4 == 0', '', '', atFirst)).toEqual([4, pace(4, { cleared: true }), null]);
    const elsewhere = '        if i % 4 == 1:\n            opt.zero_grad()\n';
    expect(paced('(i + 1) % 4 == 0', '', '', elsewhere)).toBe(
      'When the gradients that this step takes are cleared is not followed',
    );
  });

  it('gradients that each pass clears are those of one batch', () => {
    expect(paced('(i + 1) % 4 == 0', '', '', '        opt.zero_grad()\n')).toEqual([1, 3, 4]);
  });

  it('a schedule or clipping that goes with each batch is told, where the steps do not', () => {
    const schedule = 'sched = optim.lr_scheduler.StepLR(opt, 5)\n';
    const body = (inside: string): string =>
      `${made}${schedule}for epoch in range(3):\n    for i, (xb, yb) in enumerate(loader):\n        criterion(model(xb), yb).backward()\n${inside}`;
    const step = '        if (i + 1) % 4 == 0:\n            opt.step()\n            opt.zero_grad()\n';
    const told = (inside: string): (string | undefined)[] => unitOf(body(inside)).unread.map(({ text }) => text);
    expect(told(`${step}            sched.step()\n`)).toEqual([]);
    expect(told(`${step}        sched.step()\n`)).toEqual([
      'A schedule that is stepped for every batch, and the optimizer is not, is not followed',
    ]);
    expect(told(`        nn.utils.clip_grad_norm_(model.parameters(), 1.0)\n${step}    sched.step()\n`)).toEqual([
      'Clipping of sums of gradients that no step takes yet is not followed',
    ]);
  });
});

describe('a field that counts up', () => {
  const trainer = (body: string): string => `class Trainer:
    def __init__(self):
        self.opt = optim.SGD(model.parameters(), lr=0.1)
        self.best, self.waited, self.count = 1e9, 0, 0
    def one_epoch(self):
        self.count = 0
        for xb, yb in loader:
            criterion(model(xb), yb).backward()
            self.count += 1
            if self.count % 4 == 0:
                self.opt.step()
                self.opt.zero_grad()
    def fit(self):
        for epoch in range(9):
            self.one_epoch()
            value = criterion(model(x), y).item()
${body}
Trainer().fit()
`;

  it('and is set back when the loss falls waits, and counts no steps', () => {
    const { loop, unread } = unitOf(
      trainer(`            if value < self.best:
                self.best, self.waited = value, 0
            else:
                self.waited += 1
                if self.waited >= 3:
                    break`),
    );
    expect(unread).toEqual([]);
    expect(loop).toMatchObject({ steps: null, epochs: { value: 9 }, earlyStopping: { patience: 3 } });
  });

  it('and begins anew in each epoch counts the batches of an epoch', () => {
    const { loop } = unitOf(trainer('            print(value)'));
    expect([loop?.accumulation, loop?.pace]).toEqual([4, undefined]);
  });
});
