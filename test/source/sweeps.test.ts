import { describe, expect, it } from 'vitest';
import { read, readUnit, textAt } from './reading';
import { head, training } from './trainingScript';

describe('a sweep', () => {
  it.each([
    ['itertools.product', 'import itertools\nfor lr, bs in itertools.product([0.1, 0.01], [16, 32]):', 'lr', 'bs', 4],
    [
      'nested loops',
      "grid = {'lr': [0.1, 0.01], 'bs': [16, 32]}\nfor lr, bs in [(l, b) for l in grid['lr'] for b in grid['bs']]:",
      'lr',
      'bs',
      4,
    ],
    [
      'a grid of scikit-learn',
      "from sklearn.model_selection import ParameterGrid\nfor p in ParameterGrid({'lr': [0.1, 0.01], 'bs': [16, 32]}):",
      "p['lr']",
      "p['bs']",
      4,
    ],
    ['numbered values', 'for i, (lr, bs) in enumerate(zip([0.1, 0.01], [16, 32])):', 'lr', 'bs', 2],
  ])('of %s keeps all values of each number', (_, loop, rate, size, count) => {
    const text = `${head}${loop}\n${training(rate, '3', size, '    ')}`;
    const unit = readUnit(text);
    expect(unit.optimizer?.learningRate.value).toBe(0.1);
    expect(unit.batches?.batchSize?.value).toBe(16);
    expect(textAt(text, unit.optimizer?.learningRate.place)).toBe('0.1');
    expect(unit.optimizer?.learningRate.sweep).toEqual([0.1, 0.01]);
    expect(unit.batches?.batchSize?.sweep).toEqual([16, 32]);
    expect(unit.assumptions.map((a) => a.text)).toEqual([`Of the ${count} values of this loop the first is read`]);
  });

  it('of settings that are written out gives a unit for each', () => {
    const text = `${head}for cfg in [{'name': 'a', 'lr': 0.1}, {'name': 'b', 'lr': 0.01}]:\n${training("cfg['lr']", '3', '16', '    ')}`;
    const { experiments } = read(text);
    expect(experiments.map((e) => [textAt(text, e.optimizer?.learningRate.place), e.assumptions.length])).toEqual([
      ['0.1', 0],
      ['0.01', 0],
    ]);
  });

  it('of optimizers gives a unit for each kind', () => {
    const text = `${head}for make in [optim.SGD, optim.Adam]:
    model = nn.Linear(4, 3)
    opt = make(model.parameters(), lr=0.1)
    for epoch in range(3):
        loss = F.cross_entropy(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
`;
    expect(read(text).experiments.map((e) => e.optimizer?.kind)).toEqual(['sgd', 'adam']);
  });
});

describe('assumptions', () => {
  it('belong to the unit that they were made for', () => {
    const one = (name: string, extra: string): string => `${name} = nn.Linear(4, 3)
opt_${name} = optim.SGD(${name}.parameters(), lr=0.1)
for epoch in range(3):
    opt_${name}.zero_grad()
${extra}
    loss = F.cross_entropy(${name}(x), y)
    loss.backward()
    opt_${name}.step()
`;
    const text = `${head}import os
scale = float(os.getenv('SCALE', '1'))
${one('a', "    with torch.autocast('cpu'):\n        out = a(x)")}${one('b', '')}`;
    expect(read(text).experiments.map((e) => e.assumptions.map((a) => a.text))).toEqual([
      ['The environment variable SCALE is taken as not set', 'Mixed precision is trained in 32-bit numbers here'],
      ['The environment variable SCALE is taken as not set'],
    ]);
  });
});

describe('places of layers', () => {
  it('are those of the arguments that findings speak of', () => {
    const text = `${head}drop, width = 0.4, 3
model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(drop), nn.Linear(8, out_features=width))
opt = optim.SGD(model.parameters(), lr=0.1)
for epoch in range(3):
    loss = F.cross_entropy(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
`;
    const nodes = readUnit(text).model?.nodes ?? [];
    expect(textAt(text, nodes.find((n) => n.kind === 'dropout')?.places['p'])).toBe('0.4');
    expect(nodes.filter((n) => n.kind === 'linear').map((n) => textAt(text, n.places['out']))).toEqual(['8', '3']);
  });
});
