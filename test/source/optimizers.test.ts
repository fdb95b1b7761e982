import { describe, expect, it } from 'vitest';
import { readUnit, textAt } from './reading';

const head = `import torch
import torch.nn as nn
import torch.nn.functional as F
x, y = torch.randn(100, 4), torch.randint(0, 3, (100,))
model = nn.Linear(4, 3)
`;

const script = (optimizer: string): string => `${head}opt = torch.optim.${optimizer}
for epoch in range(6):
    opt.zero_grad()
    loss = F.cross_entropy(model(x), y)
    loss.backward()
    opt.step()
`;

const settingsOf = (text: string): unknown => {
  const { optimizer, unread } = readUnit(text);
  expect(unread).toEqual([]);
  const values = Object.entries(optimizer?.settings ?? {}).map(([name, { value }]: [string, { value: unknown }]) => [
    name,
    value,
  ]);
  return [optimizer?.kind, optimizer?.learningRate.value, Object.fromEntries(values)];
};

const moments = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

describe('optimizers with PyTorch’s names and defaults', () => {
  it.each([
    ['Adadelta(model.parameters())', ['adadelta', 1, { rho: 0.9, epsilon: 1e-6, weightDecay: 0 }]],
    ['Adadelta(model.parameters(), 0.5, 0.95, 1e-5, 0.1)', ['adadelta', 0.5, { rho: 0.95, epsilon: 1e-5, weightDecay: 0.1 }]],
    ['Adamax(model.parameters(), betas=(0.8, 0.99))', ['adamax', 2e-3, { ...moments, beta1: 0.8, beta2: 0.99 }]],
    [
      'NAdam(model.parameters(), momentum_decay=0.01)',
      ['nadam', 2e-3, { ...moments, momentumDecay: 0.01, decoupledDecay: false }],
    ],
    [
      'RAdam(model.parameters(), lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)',
      ['radam', 0.01, { ...moments, weightDecay: 0.1, decoupledDecay: true }],
    ],
    [
      'Adam(model.parameters(), lr=0.01, weight_decay=0.1, decoupled_weight_decay=True)',
      ['adamw', 0.01, { ...moments, weightDecay: 0.1, amsgrad: false }],
    ],
    ['ASGD(model.parameters(), lr=0.1, lambd=1e-3)', ['asgd', 0.1, { pull: 1e-3, power: 0.75, weightDecay: 0 }]],
    [
      'Rprop(model.parameters(), etas=(0.4, 1.3))',
      ['rprop', 0.01, { shrinking: 0.4, growing: 1.3, smallestStep: 1e-6, largestStep: 50, weightDecay: 0 }],
    ],
  ])('%s', (call, expected) => {
    expect(settingsOf(script(call))).toEqual(expected);
  });
});

describe('groups of parameters', () => {
  const groups = (more: string): string => `SGD([{'params': model.parameters(), ${more}}], lr=0.1, momentum=0.9)`;

  it('have rates and decays of their own, and may repeat what holds for all', () => {
    const { unread, optimizer } = readUnit(script(groups("'lr': 0.01, 'weight_decay': 0.2, 'momentum': 0.9, 'name': 'all'")));
    expect(unread).toEqual([]);
    expect(optimizer?.groups[0]).toMatchObject({ learningRate: { value: 0.01 }, weightDecay: { value: 0.2 } });
  });

  it('that come later take part', () => {
    const text = script('SGD([model.weight], lr=0.1)').replace(
      'for epoch',
      "opt.add_param_group({'params': [model.bias], 'lr': 0.02})\nfor epoch",
    );
    const { unread, optimizer } = readUnit(text);
    expect(unread).toEqual([]);
    expect(optimizer?.groups).toMatchObject([{ parameters: [0] }, { parameters: [1], learningRate: { value: 0.02 } }]);
  });

  it('and that they join in the middle of a loop is told', () => {
    const text = `${script('SGD([model.weight], lr=0.1)')}    if epoch == 3:\n        opt.add_param_group({'params': [model.bias]})\n`;
    expect(
      readUnit(text)
        .unread.map(({ text: reason }) => reason)
        .join(),
    ).toMatch(/join while it trains/);
  });

  it.each([
    ["'momentum': 0.5", "A group's own `momentum` is not followed"],
    ["'betas': (0.8, 0.99)", "A group's own `betas` is not followed"],
    ["'lr': some_rate", '`some_rate` is not defined'],
  ])('say what is not followed: %s', (more, reason) => {
    expect(
      readUnit(script(groups(more)))
        .unread.map(({ text }) => text)
        .join(),
    ).toContain(reason);
  });
});

describe('averages of the weights leave the training as it is', () => {
  const averaging: readonly (readonly [string, string, string])[] = [
    [
      'AveragedModel with an exponential mean',
      'from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn\nema = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.999))',
      'ema.update_parameters(model)',
    ],
    [
      'a copy that follows by hand',
      'import copy\nema = copy.deepcopy(model)',
      'with torch.no_grad():\n        for p, q in zip(ema.parameters(), model.parameters()):\n            p.data.mul_(0.999).add_(q.data, alpha=0.001)',
    ],
    [
      'a dictionary that follows by hand',
      'ema = {k: v.clone() for k, v in model.state_dict().items()}',
      'for k, v in model.state_dict().items():\n        ema[k] = 0.99 * ema[k] + 0.01 * v',
    ],
  ];
  it.each(averaging)('%s', (name, before, after) => {
    const plain = readUnit(script('SGD(model.parameters(), lr=0.1)'));
    const unit = readUnit(
      `${script('SGD(model.parameters(), lr=0.1)').replace('for epoch', `${before}\nfor epoch`)}    ${after}\n`,
    );
    expect(unit.unread).toEqual([]);
    expect(unit.model?.parameters).toHaveLength(plain.model?.parameters.length ?? 0);
    expect(unit.optimizer?.groups).toEqual(plain.optimizer?.groups);
    expect(unit.loop?.averaging !== undefined).toBe(name.startsWith('Averaged'));
  });

  it('but a rate of its own is told', () => {
    const text = script('SGD(model.parameters(), lr=0.1)').replace(
      'for epoch',
      'from torch.optim.swa_utils import SWALR\nsched = SWALR(opt, swa_lr=0.05)\nfor epoch',
    );
    expect(readUnit(`${text}    sched.step()\n`).unread).toHaveLength(1);
  });
});

describe('LBFGS with its closure', () => {
  const text = `${head}opt = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=8, history_size=7, line_search_fn='strong_wolfe')
for epoch in range(6):
    def closure():
        opt.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        return loss
    opt.step(closure)
`;

  it('is read with what the closure does', () => {
    expect(settingsOf(text)).toEqual([
      'lbfgs',
      0.5,
      {
        maxIterations: 8,
        maxEvaluations: 10,
        gradientTolerance: 1e-7,
        changeTolerance: 1e-9,
        history: 7,
        lineSearch: true,
        weightDecay: 0,
      },
    ]);
    const { loop, model } = readUnit(text);
    expect(loop?.zeroGrad.when).toBe('everyStep');
    expect(textAt(text, loop?.backward)).toBe('loss.backward()');
    expect(textAt(text, loop?.step)).toBe('opt.step(closure)');
    expect(model?.nodes[model.loss ?? -1]?.kind).toBe('crossEntropy');
  });

  it('names a line search that PyTorch does not have', () => {
    expect(readUnit(text.replace('strong_wolfe', 'armijo')).unread[0]?.text).toBe('The line search "armijo" is not known');
  });
});
