import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { escapeGrowth, escapeSteps } from '../../src/diagnosis/escape';
import type { Optimizer } from '../../src/records/optimizer';
import { optimizer, said } from './evidence';

interface EscapeReference {
  readonly name: 'sgd' | 'adam' | 'adamw' | 'rmsprop' | 'adagrad' | 'adamax' | 'nadam' | 'radam';
  readonly settings: Readonly<Record<string, number | boolean>>;
  readonly start: number;
  readonly to: number;
  readonly steps: number;
  readonly points: readonly { readonly steps: number; readonly x: number; readonly divisor: number | null }[];
}

const references = JSON.parse(
  readFileSync(new URL('./reference/escape.json', import.meta.url), 'utf8'),
) as readonly EscapeReference[];

/** PyTorch's settings under this project's names. */
const names: Readonly<Record<string, string>> = {
  momentum: 'momentum',
  dampening: 'dampening',
  nesterov: 'nesterov',
  centered: 'centered',
  alpha: 'alpha',
  eps: 'epsilon',
  beta1: 'beta1',
  beta2: 'beta2',
  lr_decay: 'learningRateDecay',
  momentum_decay: 'momentumDecay',
  initial_accumulator_value: 'initialAccumulator',
  weight_decay: 'weightDecay',
};

function optimizerOf({ name, settings }: EscapeReference): Optimizer {
  const own = Object.entries(settings).flatMap(([key, value]) => (names[key] ? [[names[key], said(value)]] : []));
  return optimizer(name, settings['lr'] as number, Object.fromEntries(own) as never) as Optimizer;
}

const titled = references.map((one) => ({ ...one, of: JSON.stringify(one.settings) }));

describe('the way out of a saddle, beside the steps of PyTorch’s own optimizers on -x²/2', () => {
  it.each(titled)('$name from $start: as many steps as it takes, foretold on the way ($of)', (one) => {
    const unit = optimizerOf(one);
    const rate = unit.learningRate.value;
    expect(one.points.length).toBeGreaterThan(1);
    for (const { steps, x, divisor } of one.points) {
      const memory = divisor === null ? null : { scale: rectified(one, steps, divisor), steps };
      const foretold = escapeSteps(unit, { rate, slope: -1, from: x, to: one.to, memory });
      const taken = one.steps - steps;
      expect((foretold ?? NaN) / taken).toBeGreaterThan(0.8);
      expect((foretold ?? NaN) / taken).toBeLessThan(1.25);
    }
  });

  it.each(titled.filter(({ points }) => points[0]?.divisor))('$name anew from $start: step for step ($of)', (one) => {
    const unit = optimizerOf(one);
    const path = { rate: unit.learningRate.value, slope: -1, from: one.start, to: one.to, memory: null };
    expect(Math.abs((escapeSteps(unit, path) ?? NaN) - one.steps)).toBeLessThanOrEqual(1);
  });
});

/** The engine's P of RAdam and Adagrad: what the step divides by, with the rectification or the rate's fall in it. */
function rectified({ name, settings }: EscapeReference, steps: number, divisor: number): number {
  if (name === 'adagrad') return divisor * (1 + (steps - 1) * (settings['lr_decay'] as number));
  if (name !== 'radam') return divisor;
  const beta2 = settings['beta2'] as number;
  const most = 2 / (1 - beta2) - 1;
  const length = most - (2 * steps * beta2 ** steps) / (1 - beta2 ** steps);
  if (length <= 5) return 1;
  return divisor / Math.sqrt(((length - 4) * (length - 2) * most) / ((most - 4) * (most - 2) * length));
}

describe('growth on negative curvature', () => {
  it('is of the loss that is trained: its L2 term is in the curvature already', () => {
    const plain = optimizer('sgd', 0.1, { momentum: said(0.9) });
    const decayed = optimizer('sgd', 0.1, { momentum: said(0.9), weightDecay: said(0.5) });
    expect(escapeGrowth(decayed, 0.1, -0.2)).toBe(escapeGrowth(plain, 0.1, -0.2));
  });

  it('is z of z² - (1+μ+η|λ|)z + μ = 0 for heavy ball, and 1 where nothing curves down', () => {
    const unit = optimizer('sgd', 0.01, { momentum: said(0.9) });
    const z = escapeGrowth(unit, 0.01, -1) ?? NaN;
    expect(z * z - (1 + 0.9 + 0.01) * z + 0.9).toBeCloseTo(0, 12);
    expect(1 / Math.log(z)).toBeGreaterThan(15);
    expect(1 / Math.log(z)).toBeLessThan(17);
    expect(escapeGrowth(unit, 0.01, 1)).toBeCloseTo(1, 12);
  });

  it('is shrunk by a decoupled decay: AdamW stays where it pulls harder than the saddle pushes', () => {
    const growth = (decay: number): number =>
      escapeGrowth(optimizer('adamw', 0.1, { weightDecay: said(decay) }), 0.1, -0.5) ?? NaN;
    expect(growth(0)).toBeGreaterThan(1);
    expect(growth(0.4)).toBeGreaterThan(1);
    expect(growth(0.6)).toBeLessThan(1);
  });

  it.each([optimizer('lbfgs', 1), optimizer('rprop', 1), optimizer('adadelta', 1)])(
    '$kind has no factor from step to step',
    (unit) => {
      expect(escapeGrowth(unit, 1, -1)).toBeNull();
      expect(escapeSteps(unit, { rate: 1, slope: -1, from: 0.1, to: 1, memory: null })).toBeNull();
    },
  );
});

it('never leaves from exactly on the saddle, and has left where it is further away', () => {
  for (const unit of [optimizer('sgd', 0.1), optimizer('adam', 0.1), optimizer('adagrad', 0.1)]) {
    expect(escapeSteps(unit, { rate: 0.1, slope: -1, from: 0, to: 1, memory: null })).toBe(Infinity);
    expect(escapeSteps(unit, { rate: 0.1, slope: -1, from: 2, to: 1, memory: null })).toBe(0);
  }
});
