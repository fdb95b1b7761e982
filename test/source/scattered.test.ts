import { describe, expect, test } from 'vitest';
import { readUnit } from './reading';

/** A net whose forward pass is h = relu(a(x)), the lines, and b(out). */
const scriptOf = (lines: readonly string[]): string => `
import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(4, 6)
        self.b = nn.Linear(6, 2)
    def forward(self, x):
        h = torch.relu(self.a(x))
${lines.map((line) => `        ${line}`).join('\n')}
        return self.b(out)
torch.manual_seed(0)
x = torch.randn(5, 4)
y = torch.randn(5, 2)
model = Net()
opt = torch.optim.SGD(model.parameters(), lr=0.1)
for e in range(10):
    opt.zero_grad()
    loss = ((model(x) - y) ** 2).mean()
    loss.backward()
    opt.step()
`;

/** The model up to its output, as text. */
function modelOf(lines: readonly string[]): string {
  const { model, unread } = readUnit(scriptOf(lines));
  expect(unread).toEqual([]);
  const nodes = model?.nodes.slice(0, model.lossStart) ?? [];
  return nodes.map(({ kind, inputs }) => `${kind}(${inputs.join(',')})`).join(' ');
}

const before = 'input() linear(0) relu(1)';
const rows = 'i = torch.tensor([0, 1, 1, 2, 4])';
const places = 'i = torch.tensor([[0, 1, 1, 2, 4, 0]] * 5)';

describe('rows and elements that are added up by place', () => {
  test.each([
    [[rows, 'out = torch.zeros_like(h).index_add(0, i, h)'], `${before} filled() values() indexAdd(3,4,2) linear(5)`],
    [[rows, 'out = torch.index_add(h, 0, i, h, alpha=2)'], `${before} values() indexAdd(2,3,2) linear(4)`],
    [[places, 'out = torch.scatter_add(h, 1, i, h)'], `${before} values() scatterAdd(2,3,2) linear(4)`],
    [[places, 'out = h.scatter_add(1, i, h)'], `${before} values() scatterAdd(2,3,2) linear(4)`],
  ])('%s', (lines, expected) => {
    expect(modelOf(lines)).toBe(expected);
  });
});

describe('a table of zeros that the model writes into', () => {
  test.each([
    [[rows, 'out = torch.zeros(5, 6)', 'out.index_add_(0, i, h)'], `${before} filled() values() indexAdd(3,4,2) linear(5)`],
    [[places, 'out = torch.zeros(5, 6)', 'out.scatter_add_(1, i, h)'], `${before} filled() values() scatterAdd(3,4,2) linear(5)`],
    [['out = torch.zeros(5, 6)', 'out.add_(h)'], `${before} filled() add(3,2) linear(4)`],
    [['out = torch.zeros(5, 6)', 'same = out', 'out.add_(h)', 'out = same'], `${before} filled() add(3,2) linear(4)`],
  ])('is what it became: %s', (lines, expected) => {
    expect(modelOf(lines)).toBe(expected);
  });
});
