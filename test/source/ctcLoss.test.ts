import { describe, expect, it } from 'vitest';
import { readUnit, shapeOfModel } from './reading';

const script = (loss: string, before = '') => `import torch
from torch import nn
import torch.nn.functional as F
x, y = torch.randn(32, 6, 3), torch.randint(1, 5, (32, 2))
ends = torch.randint(1, 3, (32,))
net = nn.Linear(3, 5)
opt = torch.optim.SGD(net.parameters(), lr=0.1)
${before}
for step in range(20):
    z = net(x).permute(1, 0, 2).log_softmax(2)
    loss = ${loss}
    opt.zero_grad()
    loss.backward()
    opt.step()
`;

const lossOf = (text: string) => {
  const { model, unread } = readUnit(text);
  expect(unread.map((reason) => reason.text)).toEqual([]);
  const node = model?.nodes.find(({ kind }) => kind === 'ctc');
  return { settings: node?.arguments, lengths: node?.inputs.slice(2).map((index) => model?.nodes[index]) };
};

describe('the CTC loss', () => {
  it.each([
    ['lengths in a list', 'F.ctc_loss(z, y, [6] * 32, [2] * 32)'],
    ['lengths in a tuple', 'F.ctc_loss(z, y, (6,) * 32, (2,) * 32)'],
    ['lengths in a filled tensor', 'F.ctc_loss(z, y, torch.full((32,), z.size(0)), torch.full((32,), 2, dtype=torch.long))'],
    ['lengths in a tensor of a list', 'F.ctc_loss(z, y, torch.tensor([6] * 32), torch.LongTensor([2] * 32))'],
  ])('takes equal %s for one number', (_, call) => {
    const { settings, lengths } = lossOf(script(call));
    expect(settings).toEqual({ reduction: 'mean', blank: 0, infinityIsZero: false });
    expect(lengths).toMatchObject([
      { kind: 'constant', arguments: { value: 6 } },
      { kind: 'constant', arguments: { value: 2 } },
    ]);
  });

  it('takes lengths from the data, and its settings', () => {
    const made = "criterion = nn.CTCLoss(blank=4, reduction='sum', zero_infinity=True)";
    const text = script('criterion(z, y, torch.full((32,), 6), ends)', made);
    expect(lossOf(text).settings).toEqual({ reduction: 'sum', blank: 4, infinityIsZero: true });
    expect(shapeOfModel(readUnit(text))).toMatch(/^input linear\(0\) .*\| target .*ctc\(/);
  });

  it('says which lengths it does not follow', () => {
    const { unread } = readUnit(script('F.ctc_loss(z, y, [6] * 32, [1, 2] * 16)'));
    expect(unread[0]?.text).toBe('Lengths that differ are followed as a column of the data, not as a list');
  });
});
