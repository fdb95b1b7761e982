/** What is written into an optimizer's argument so that nothing is missing: the edited script is read again and has to pass. */
import { describe, expect, it } from 'vitest';
import { parametersNotOptimized } from '../../src/diagnosis/rules/parametersNotOptimized';
import { read } from '../source/reading';
import { applied, trial, evidence, unrun } from './evidence';
import { findingOf, kindOf } from './settle';

const evidenceOf = (text: string) => {
  const experiment = read(text).experiments.find(({ unit }) => unit.name === 'optimizer');
  if (experiment === undefined) throw new Error('no such unit');
  return { experiment, texts: { '/project/train.py': text } };
};

const net = `class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.ModuleList([nn.Linear(8, 8), nn.Linear(8, 8)])
        self.head = nn.Linear(8, 1)
    def forward(self, x):
        for layer in self.body:
            x = torch.relu(layer(x))
        return self.head(x)
net = Net()`;

const script = (model: string, argument: string, output = 'net(X)'): string => `import torch
from torch import nn
X = torch.randn(64, 8)
y = torch.randn(64, 1)
${model}
optimizer = torch.optim.SGD(${argument}, lr=0.05)
for epoch in range(50):
    optimizer.zero_grad()
    loss = nn.functional.mse_loss(${output}, y)
    loss.backward()
    optimizer.step()
`;

const parts = 'encoder = nn.Sequential(nn.Linear(8, 16), nn.ReLU())\ndecoder = nn.Linear(16, 1)';
const both = 'decoder(encoder(X))';
const own = 'w = torch.zeros(8, 1, requires_grad=True)\nb = torch.zeros(1, requires_grad=True)';

describe('the argument that is completed', () => {
  it.each([
    ['one part of a module', net, 'net.head.parameters()', 'net.parameters()', undefined],
    ['a named argument', net, 'params=net.head.parameters()', 'params=net.parameters()', undefined],
    [
      'a part that is filtered',
      net,
      'filter(lambda p: p.requires_grad, net.head.parameters())',
      'filter(lambda p: p.requires_grad, net.parameters())',
      undefined,
    ],
    [
      'groups of a module',
      net,
      "[{'params': net.head.parameters(), 'lr': 0.1}, {'params': net.body[0].parameters()}]",
      "[{'params': net.head.parameters(), 'lr': 0.1}, {'params': net.body[0].parameters()}, {'params': net.body[1].parameters()}]",
      undefined,
    ],
    ['one of two modules', parts, 'decoder.parameters()', 'list(decoder.parameters()) + list(encoder.parameters())', both],
    [
      'a list made before',
      `${parts}\nparams = list(decoder.parameters())`,
      'params',
      'list(params) + list(encoder.parameters())',
      both,
    ],
    ['a tensor of the script', own, '[w]', '[w, b]', 'X @ w + b'],
    [
      'a tensor beside a module',
      `${parts}\nscale = torch.ones(1, requires_grad=True)`,
      'list(encoder.parameters()) + list(decoder.parameters())',
      'list(encoder.parameters()) + list(decoder.parameters()) + [scale]',
      `scale * ${both}`,
    ],
  ])('has the rest: %s', (_, model, argument, completed, output) => {
    const text = script(model, argument, output);
    const [fix] = findingOf(parametersNotOptimized, unrun(evidenceOf(text))).fixes;
    const edited = applied(text, fix?.edits ?? []);
    expect(edited).toBe(script(model, completed, output));
    expect(kindOf(parametersNotOptimized, unrun(evidenceOf(edited)))).toBe('passed');
  });

  it('is not written where another optimizer may hold the rest, or its expression is not known', () => {
    const two = script(`${net}\nother = torch.optim.Adam(net.body.parameters(), lr=1e-3)`, 'net.head.parameters()');
    expect(findingOf(parametersNotOptimized, unrun(evidenceOf(two)))).toMatchObject({ severity: 'information', fixes: [] });
    const chosen = script(net, "[p for n, p in net.named_parameters() if 'head' in n]");
    expect(findingOf(parametersNotOptimized, unrun(evidenceOf(chosen)))).toMatchObject({ severity: 'warning', fixes: [] });
  });

  it('is offered when the run with it ends no higher, and not when it ends higher', () => {
    const e = evidence({ ...evidenceOf(script(net, 'net.head.parameters()')), baseline: trial(0.4) });
    const tried = (end: number) =>
      findingOf(parametersNotOptimized, e, { 'parameters-not-optimized:fix': trial(end), unchanged: trial(0.4) });
    expect(tried(0.1).fixes).toMatchObject([
      { title: 'Give the optimizer net.parameters()', verified: { helped: true, seeds: 2, before: 0.4, after: 0.1 } },
    ]);
    expect(tried(0.5)).toMatchObject({ severity: 'warning', fixes: [] });
  });
});
