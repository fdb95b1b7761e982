import { describe, expect, test } from 'vitest';
import { readUnit, shapeOfModel, textAt } from './reading';

/** A script that trains a module with a recurrent layer called `rnn` on made-up rows. */
const script = (parts: {
  readonly init?: string;
  readonly forward?: string;
  readonly before?: string;
  readonly loop?: string;
}): string => `
import torch
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = ${parts.init ?? 'nn.GRU(3, 4, batch_first=True)'}
        self.fc = nn.Linear(4, 2)
    def forward(self, x, h=None):
        ${(parts.forward ?? 'out, h = self.rnn(x, h)\nreturn self.fc(out[:, -1])').split('\n').join('\n        ')}

x, y = torch.randn(20, 6, 3), torch.randn(20, 2)
model = Net()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
${parts.before ?? ''}
for epoch in range(10):
    for i in range(0, 20, 5):
        optimizer.zero_grad()
        ${(parts.loop ?? 'loss = criterion(model(x[i:i + 5]), y[i:i + 5])').split('\n').join('\n        ')}
        loss.backward()
        optimizer.step()
`;

const reasonsOf = (text: string): readonly string[] => readUnit(text).unread.map((reason) => reason.text);

describe('recurrent layers', () => {
  test('are one node for each layer and direction, with dropout between layers', () => {
    const text = script({ init: 'nn.GRU(3, 2, num_layers=2, batch_first=True, bidirectional=True, dropout=0.3)' });
    const unit = readUnit(text);
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(
      /^input gru\(0\) gru\(0\) concatenate\(1,2\) dropout\(3\) gru\(4\) gru\(4\) concatenate\(5,6\) slice\(7\) squeeze\(8\) linear\(9\) \|/,
    );
    const dropout = unit.model?.nodes[4];
    expect(textAt(text, dropout?.places['p'])).toBe('0.3');
    expect(unit.model?.nodes[2]?.arguments).toMatchObject({ reverse: true, in: 3, hidden: 2, result: 'sequence' });
    expect(unit.model?.nodes[5]?.arguments).toMatchObject({ reverse: false, in: 4 });
  });

  test('start with PyTorch’s uniform numbers, biases too', () => {
    const { model } = readUnit(
      script({ init: 'nn.LSTM(3, 4, batch_first=True)', forward: 'return self.fc(self.rnn(x)[0][:, -1])' }),
    );
    const own = model?.parameters.filter(({ name }) => name.startsWith('rnn.'));
    expect(own?.map(({ name, shape }) => [name, shape])).toEqual([
      ['rnn.weight_ih_l0', [16, 3]],
      ['rnn.weight_hh_l0', [16, 4]],
      ['rnn.bias_ih_l0', [16]],
      ['rnn.bias_hh_l0', [16]],
    ]);
    for (const { initializer } of own ?? []) expect(initializer).toEqual({ kind: 'uniform', low: -0.5, high: 0.5 });
  });

  test('take an initialisation by the names of their parameters', () => {
    const init =
      'nn.GRU(3, 4, batch_first=True)\n        for name, p in self.rnn.named_parameters():\n            if "weight_hh" in name:\n                nn.init.orthogonal_(p)\n            elif "bias" in name:\n                nn.init.zeros_(p)';
    const { model } = readUnit(script({ init }));
    const kinds = Object.fromEntries((model?.parameters ?? []).map(({ name, initializer }) => [name, initializer.kind]));
    expect(kinds).toMatchObject({
      'rnn.weight_ih_l0': 'uniform',
      'rnn.weight_hh_l0': 'orthogonal',
      'rnn.bias_ih_l0': 'constant',
      'rnn.bias_hh_l0': 'constant',
    });
  });

  test('take zeros, made anew in each pass, as their first state', () => {
    const loop = 'h0 = torch.zeros(1, 5, 4)\nloss = criterion(model(x[i:i + 5], h0), y[i:i + 5])';
    const unit = readUnit(script({ loop }));
    expect(unit.unread).toEqual([]);
    expect(shapeOfModel(unit)).toMatch(/^input gru\(0\) slice/);
  });
});

describe('what is not read of recurrent layers is said', () => {
  test.each([
    [
      'a random first state',
      { forward: 'out, h = self.rnn(x, torch.randn(1, x.size(0), 4))\nreturn self.fc(out[:, -1])' },
      /other numbers than zeros/,
    ],
    [
      'zeros from before the loop',
      { before: 'h = torch.zeros(1, 5, 4)', loop: 'loss = criterion(model(x[i:i + 5], h), y[i:i + 5])' },
      /carried from batch to batch/,
    ],
    [
      'a state carried by a variable',
      {
        forward: 'out, h = self.rnn(x, h)\nreturn self.fc(out[:, -1]), h',
        before: 'h = None',
        loop: 'out, h = model(x[i:i + 5], h)\nh = h.detach()\nloss = criterion(out, y[i:i + 5])',
      },
      /carries from batch to batch/,
    ],
    [
      'a state carried by an attribute',
      {
        init: 'nn.GRU(3, 4, batch_first=True)\n        self.h = None',
        forward: 'out, self.h = self.rnn(x, self.h)\nself.h = self.h.detach()\nreturn self.fc(out[:, -1])',
      },
      /carries from batch to batch/,
    ],
    [
      'a packed sequence',
      { forward: 'out, h = self.rnn(nn.utils.rnn.pack_padded_sequence(x, [6] * 5))\nreturn self.fc(h[-1])' },
      /pack_padded_sequence/,
    ],
  ] as const)('%s', (_, parts, expected) => {
    expect(reasonsOf(script(parts)).join('\n')).toMatch(expected);
  });
});
