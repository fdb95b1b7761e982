import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readUnit } from './reading';

type Plain = number | boolean | string | readonly number[];
interface Reference {
  readonly optimizers: Readonly<
    Record<string, { readonly order: readonly string[]; readonly defaults: Readonly<Record<string, Plain>> }>
  >;
  readonly layers: Readonly<
    Record<string, { readonly order: readonly string[]; readonly defaults: Readonly<Record<string, Plain>> }>
  >;
}

/** Written by defaults.py from PyTorch itself. */
const reference = JSON.parse(readFileSync(join(import.meta.dirname, 'reference/defaults.json'), 'utf8')) as Reference;

const script = (layers: string, optimizer: string, loss = 'nn.MSELoss()'): string => `import torch
from torch import nn
x, y = torch.randn(20, 4), torch.randn(20, 4)
model = nn.Sequential(${layers})
criterion = ${loss}
optimizer = torch.optim.${optimizer}
for i in range(3):
    optimizer.zero_grad()
    criterion(model(x), y).backward()
    optimizer.step()
`;

/** Our name of a setting for PyTorch's. */
const settingNames: Readonly<Record<string, string>> = {
  momentum: 'momentum',
  dampening: 'dampening',
  weight_decay: 'weightDecay',
  nesterov: 'nesterov',
  eps: 'epsilon',
  amsgrad: 'amsgrad',
  alpha: 'alpha',
  centered: 'centered',
  lr_decay: 'learningRateDecay',
  initial_accumulator_value: 'initialAccumulator',
};

const settingsOf = (
  call: string,
): Readonly<Record<string, { readonly value: unknown; readonly isDefault: boolean }>> & {
  readonly rate: { readonly value: unknown; readonly isDefault: boolean };
} => {
  const { optimizer } = readUnit(script('nn.Linear(4, 4)', call));
  if (!optimizer) throw new Error('no optimizer');
  return { ...optimizer.settings, rate: optimizer.learningRate } as never;
};

describe('defaults of optimizers', () => {
  it.each(Object.entries(reference.optimizers))('%s', (name, { order, defaults }) => {
    const settings = settingsOf(`${name}(model.parameters(), lr=0.25)`);
    for (const [key, value] of Object.entries(defaults)) {
      if (key === 'betas') expect([settings['beta1']?.value, settings['beta2']?.value]).toEqual(value);
      else if (settingNames[key]) expect(settings[settingNames[key]]).toMatchObject({ value, isDefault: true });
    }
    if (defaults['lr'] !== undefined)
      expect(settingsOf(`${name}(model.parameters())`).rate).toMatchObject({ value: defaults['lr'], isDefault: true });
    // The numbers 0.5, 0.25, ... in PyTorch's own positional order.
    const positional = order.slice(1).filter((key) => key === 'lr' || key === 'betas' || settingNames[key] !== undefined);
    const values = positional.map((key, i) =>
      typeof defaults[key] === 'boolean' ? 'True' : key === 'betas' ? '(0.5, 0.75)' : String(2 ** -(i + 1)),
    );
    const given = settingsOf(`${name}(model.parameters(), ${values.join(', ')})`);
    positional.forEach((key, i) => {
      const ours = key === 'lr' ? given.rate : key === 'betas' ? given['beta1'] : given[settingNames[key] ?? ''];
      const want = key === 'betas' ? 0.5 : typeof defaults[key] === 'boolean' ? true : 2 ** -(i + 1);
      expect([key, ours?.value, ours?.isDefault]).toEqual([key, want, false]);
    });
  });
});

describe('defaults of layers', () => {
  const arguments_: Readonly<Record<string, readonly [call: string, ours: Readonly<Record<string, string>>]>> = {
    LeakyReLU: ['nn.LeakyReLU()', { negative_slope: 'slope' }],
    ELU: ['nn.ELU()', { alpha: 'alpha' }],
    CELU: ['nn.CELU()', { alpha: 'alpha' }],
    GELU: ['nn.GELU()', { approximate: 'approximate' }],
    Hardtanh: ['nn.Hardtanh()', { min_val: 'low', max_val: 'high' }],
    Softplus: ['nn.Softplus()', { beta: 'beta', threshold: 'threshold' }],
    Softshrink: ['nn.Softshrink()', { lambd: 'lambda' }],
    Hardshrink: ['nn.Hardshrink()', { lambd: 'lambda' }],
    Dropout: ['nn.Dropout()', { p: 'p' }],
    BatchNorm1d: ['nn.BatchNorm1d(4)', { eps: 'epsilon', momentum: 'momentum', track_running_stats: 'trackStatistics' }],
    LayerNorm: ['nn.LayerNorm(4)', { eps: 'epsilon' }],
    GroupNorm: ['nn.GroupNorm(2, 4)', { eps: 'epsilon' }],
    Flatten: ['nn.Flatten()', { start_dim: 'start', end_dim: 'end' }],
  };
  it.each(Object.entries(arguments_))('%s', (name, [call, ours]) => {
    const unit = readUnit(script(`nn.Linear(4, 4), ${call}`, 'SGD(model.parameters(), lr=0.1)'));
    const node = unit.model?.nodes[2];
    for (const [theirs, key] of Object.entries(ours))
      expect([theirs, (node?.arguments as Record<string, unknown>)[key]]).toEqual([
        theirs,
        reference.layers[name]?.defaults[theirs],
      ]);
  });

  const losses: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    CrossEntropyLoss: { reduction: 'reduction', ignore_index: 'ignoreIndex', label_smoothing: 'labelSmoothing' },
    NLLLoss: { reduction: 'reduction', ignore_index: 'ignoreIndex' },
    BCELoss: { reduction: 'reduction' },
    BCEWithLogitsLoss: { reduction: 'reduction' },
    MSELoss: { reduction: 'reduction' },
    L1Loss: { reduction: 'reduction' },
    HuberLoss: { reduction: 'reduction', delta: 'delta' },
    SmoothL1Loss: { reduction: 'reduction', beta: 'beta' },
    KLDivLoss: { reduction: 'reduction', log_target: 'logTarget' },
  };
  it.each(Object.entries(losses))('%s', (name, ours) => {
    const unit = readUnit(script('nn.Linear(4, 4)', 'SGD(model.parameters(), lr=0.1)', `nn.${name}()`));
    const node = unit.model?.nodes[unit.model.loss ?? -1];
    for (const [theirs, key] of Object.entries(ours))
      expect([theirs, (node?.arguments as Record<string, unknown>)[key]]).toEqual([
        theirs,
        reference.layers[name]?.defaults[theirs],
      ]);
  });
});
