import { expect, it } from 'vitest';
import { markedCellsText } from '../../../src/source/notebook/markedCells';
import { readScript } from '../../../src/source/read';
import { parser, textAt } from '../reading';

const script = `import torch
# %% setup
%matplotlib inline
!pip install torch
from torch import nn
X, y = torch.randn(64, 4), torch.randn(64, 1)
# %%
%%bash
ls -l "unclosed
# %% train
model = nn.Linear(4, 1)
opt = torch.optim.SGD(model.parameters(), lr=0.05)
for epoch in range(10):
    opt.zero_grad()
    loss = nn.functional.mse_loss(model(X), y)
    loss.backward()
    opt.step()
`;

it('reads a file of cells with lines for IPython, each place where it stands', () => {
  const { experiments, syntaxErrors } = readScript(parser, '/project/cells.py', script, { read: () => null, folders: [] });
  expect(syntaxErrors).toEqual([]);
  expect(experiments[0]?.unread).toEqual([]);
  expect(textAt(script, experiments[0]?.optimizer?.learningRate.place)).toBe('0.05');
});

it('keeps lines and columns, and leaves files alone that have no cells or say nothing to IPython', () => {
  const lines = markedCellsText(script).split('\n');
  expect(lines).toHaveLength(script.split('\n').length);
  expect(lines.filter((line, at) => line !== script.split('\n')[at]).length).toBe(4);
  for (const text of ['%matplotlib inline\nx = 1\n', '# %%\r\nx = 5 % 3\r\n', 'x = (1\n  % 2)\n'])
    expect(markedCellsText(text)).toBe(text);
});

it('is not led astray by a remainder at the start of a line', () => {
  const text = '# %%\nx = (7\n     % 4)\n!ls\ny = x\n';
  expect(markedCellsText(text).split('\n')[2]).toBe('     % 4)');
});
