/** Layers in a plain list, which the optimizer never gets. */
import { describe, expect, it } from 'vitest';
import { parametersNotOptimized } from '../../src/diagnosis/rules/parametersNotOptimized';
import { readUnit } from '../source/reading';
import { applied, evidence, trial } from './evidence';
import { findingOf } from './settle';

const network = (made: string, more = ''): string => `import torch
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ${made}
        self.out = nn.Linear(16, 3)
${more}    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.out(x)
net = Net()
x = torch.randn(300, 10)
y = torch.randint(0, 3, (300,))
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for epoch in range(100):
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(net(x), y)
    loss.backward()
    optimizer.step()
`;
const evidenceOf = (text: string) =>
  evidence({ experiment: readUnit(text), texts: { '/project/train.py': text }, baseline: trial(0.9) });
const helps = { 'parameters-not-optimized:fix': trial(0.1), unchanged: trial(0.9) };

describe('layers in a plain list', () => {
  const appended = `self.hidden = []
        for size in [10, 16]:
            self.hidden.append(nn.Linear(size, 16))`;

  it.each([
    [appended, appended.replace('[]', 'nn.ModuleList()')],
    [
      'self.hidden = [nn.Linear(10, 16), nn.Linear(16, 16)]',
      'self.hidden = nn.ModuleList([nn.Linear(10, 16), nn.Linear(16, 16)])',
    ],
    [
      'self.hidden = [nn.Linear(n, 16) for n in (10, 16)]  # two',
      'self.hidden = nn.ModuleList([nn.Linear(n, 16) for n in (10, 16)])  # two',
    ],
  ])('are put into a ModuleList: %s', (made, mended) => {
    const text = network(made);
    const found = findingOf(parametersNotOptimized, evidenceOf(text), helps);
    expect(found).toMatchObject({
      severity: 'warning',
      fixes: [{ title: 'Make self.hidden an nn.ModuleList', verified: { helped: true } }],
    });
    expect(found.message).toContain('4 of 6 parameter tensors');
    expect(found.message).toContain('those of the layers in self.hidden, a plain list');
    const edited = applied(text, found.fixes[0]?.edits ?? []);
    expect(edited).toBe(network(mended));
    expect(readUnit(edited).optimizer?.groups[0]?.parameters).toHaveLength(6);
  });

  it('are left where the list is made in two places', () => {
    const text = network(appended, '    def reset(self):\n        self.hidden = []\n');
    expect(findingOf(parametersNotOptimized, evidenceOf(text), helps).fixes.map(({ title }) => title)).not.toContain(
      'Make self.hidden an nn.ModuleList',
    );
  });
});
