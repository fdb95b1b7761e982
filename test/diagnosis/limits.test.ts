import { describe, expect, it } from 'vitest';
import { bestGradientDescent, bestHeavyBall, bestNesterov } from '../../src/diagnosis/dynamics';
import { limitFor, minibatchRateLimit, type StabilityLimit } from '../../src/diagnosis/limits';
import type { Optimizer } from '../../src/records/optimizer';
import { Random } from '../../src/base/random';
import { optimizer, said } from './evidence';

/** One step of an optimizer on the loss λθ²/2, written from PyTorch's documentation; the second moment is frozen at P = 1. */
type Stepper = (theta: number, gradient: number, t: number) => number;

function stepper(o: Optimizer): Stepper {
  const rate = o.learningRate.value;
  let buffer = 0;
  switch (o.kind) {
    case 'sgd': {
      const { momentum, dampening, weightDecay, nesterov } = o.settings;
      return (theta, gradient, t) => {
        const g = gradient + weightDecay.value * theta;
        if (momentum.value === 0) return theta - rate * g;
        buffer = t === 1 ? g : momentum.value * buffer + (1 - dampening.value) * g;
        return theta - rate * (nesterov.value ? g + momentum.value * buffer : buffer);
      };
    }
    case 'rmsprop':
      return (theta, gradient) => {
        buffer = o.settings.momentum.value * buffer + gradient;
        return theta - rate * buffer;
      };
    case 'adam':
    case 'adamw': {
      const beta = o.settings.beta1.value;
      const decay = o.kind === 'adamw' ? o.settings.weightDecay.value : 0;
      return (theta, gradient, t) => {
        buffer = beta * buffer + (1 - beta) * gradient;
        return theta * (1 - rate * decay) - (rate * buffer) / (1 - beta ** t);
      };
    }
    case 'adamax':
    case 'radam': {
      const beta = o.settings.beta1.value;
      return (theta, gradient, t) => {
        buffer = beta * buffer + (1 - beta) * gradient;
        return theta - (rate * buffer) / (1 - beta ** t);
      };
    }
    case 'nadam': {
      // From the first step that is judged on, with its momentum.
      const beta = o.settings.beta1.value;
      const momentum = beta * (1 - 0.5 * 0.96 ** (30 * o.settings.momentumDecay.value));
      return (theta, gradient) => {
        buffer = beta * buffer + (1 - beta) * gradient;
        return theta - rate * ((1 - momentum) * gradient + momentum * buffer);
      };
    }
    case 'asgd': {
      // The rate as it is at first: it falls without end.
      const { pull, weightDecay } = o.settings;
      return (theta, gradient) => theta * (1 - rate * pull.value) - rate * (gradient + weightDecay.value * theta);
    }
    case 'lbfgs':
    case 'rprop':
    case 'adadelta':
    case 'adagrad':
      return (theta, gradient) => theta - rate * gradient;
  }
}

/** Growth per step of |θ|, from its largest values in two late windows. */
function simulatedGrowth(o: Optimizer, curvature: number): number {
  const step = stepper(o);
  const peak = { early: 0, late: 0 };
  let theta = 1;
  for (let t = 1; t <= 6000; t++) {
    theta = step(theta, curvature * theta, t);
    if (t > 1000 && t <= 2000) peak.early = Math.max(peak.early, Math.abs(theta));
    if (t > 5000) peak.late = Math.max(peak.late, Math.abs(theta));
    if (Math.abs(theta) > 1e100) return Infinity;
    if (Math.abs(theta) < 1e-100) return 0;
  }
  return (peak.late / peak.early) ** (1 / 4000);
}

const cases: readonly (readonly [string, Optimizer])[] = [
  ['SGD', optimizer('sgd', 0.1)],
  ['SGD with weight decay', optimizer('sgd', 0.1, { weightDecay: said(0.5) })],
  ['SGD, dampening without momentum', optimizer('sgd', 0.1, { dampening: said(0.5) })],
  ['heavy ball', optimizer('sgd', 0.1, { momentum: said(0.9) })],
  [
    'heavy ball with dampening and decay',
    optimizer('sgd', 0.1, { momentum: said(0.9), dampening: said(0.3), weightDecay: said(0.2) }),
  ],
  ['Nesterov', optimizer('sgd', 0.1, { momentum: said(0.9), nesterov: said(true) })],
  ['Nesterov with decay', optimizer('sgd', 0.1, { momentum: said(0.5), nesterov: said(true), weightDecay: said(1) })],
  ['RMSprop', optimizer('rmsprop', 0.1)],
  ['RMSprop with momentum', optimizer('rmsprop', 0.1, { momentum: said(0.9) })],
  ['Adam', optimizer('adam', 0.01)],
  ['Adam with β1 .5', optimizer('adam', 0.01, { beta1: said(0.5) })],
  ['AdamW', optimizer('adamw', 0.1, { weightDecay: said(0.5) })],
  ['AdamW without decay', optimizer('adamw', 0.1, { weightDecay: said(0) })],
  ['Adagrad', optimizer('adagrad', 0.5)],
  ['Adadelta', optimizer('adadelta', 0.5)],
  ['Adamax', optimizer('adamax', 0.1)],
  ['RAdam', optimizer('radam', 0.1)],
  ['ASGD with a pull and decay', optimizer('asgd', 0.1, { pull: said(0.5), weightDecay: said(0.2) })],
  ['NAdam', optimizer('nadam', 0.1)],
  ['NAdam with Keras’s momentum', optimizer('nadam', 0.1, { momentumDecay: said(1) })],
];

/** The limit of an optimizer that has one. */
function lawOf(o: Optimizer): StabilityLimit {
  const law = limitFor(o);
  if (law === null) throw new Error(`${o.kind} has no limit`);
  return law;
}

describe('stability limits', () => {
  it('has none for LBFGS and Rprop', () => {
    expect(limitFor(optimizer('lbfgs', 1))).toBeNull();
    expect(limitFor(optimizer('rprop', 1))).toBeNull();
  });

  it.each(cases)('%s: growth changes sign within 1 %% of the limit', (_, o) => {
    const law = lawOf(o);
    const limit = law.curvature(o.learningRate.value);
    expect(simulatedGrowth(o, 0.99 * limit)).toBeLessThan(1);
    expect(simulatedGrowth(o, 1.01 * limit)).toBeGreaterThan(1);
  });

  it.each(cases)('%s: the limits in λ and in η are inverse, and the growth there is 1', (_, o) => {
    const law = lawOf(o);
    const rate = o.learningRate.value;
    expect(law.rate(law.curvature(rate))).toBeCloseTo(rate, 10);
    expect(law.growth(rate, law.curvature(rate))).toBeCloseTo(1, 10);
  });

  it.each(cases)('%s: growth per step is that of a simulation', (_, o) => {
    const law = lawOf(o);
    const rate = o.learningRate.value;
    const slightly = 1.0002 * law.curvature(rate);
    expect(Math.log(law.growth(rate, slightly))).toBeCloseTo(Math.log(simulatedGrowth(o, slightly)), 5);
  });

  it('gives the numbers of the textbook at η = .01', () => {
    expect(lawOf(optimizer('adam', 0.01)).curvature(0.01)).toBeCloseTo(3800, 6);
    expect(lawOf(optimizer('sgd', 0.01, { momentum: said(0.9) })).curvature(0.01)).toBeCloseTo(380, 6);
    expect(lawOf(optimizer('adam', 0.01)).firstStep).toBeCloseTo(30, 6);
  });

  it('minibatch momentum: the mean square of a random quadratic turns at the limit', () => {
    const [curvature, momentum, spread] = [2, 0.5, 1.5];
    const limit = minibatchRateLimit(curvature, momentum, spread * spread);
    // Second moments of (θ, v) with λ_B = λ ± spread, each with probability a half.
    const growth = (rate: number): number => {
      let [tt, tv, vv] = [1, 0, 0];
      let total = 1;
      for (let i = 0; i < 4000; i++) {
        const next = [0, 0, 0] as [number, number, number];
        for (const l of [curvature - spread, curvature + spread]) {
          const [a, b, c, d] = [1 - rate * l, -rate * momentum, l, momentum];
          next[0] += 0.5 * (a * a * tt + 2 * a * b * tv + b * b * vv);
          next[1] += 0.5 * (a * c * tt + (a * d + b * c) * tv + b * d * vv);
          next[2] += 0.5 * (c * c * tt + 2 * c * d * tv + d * d * vv);
        }
        [tt, tv, vv] = next;
        total = tt + vv;
        if (total > 1e200 || total < 1e-200) break;
      }
      return total;
    };
    expect(growth(0.99 * limit)).toBeLessThan(1);
    expect(growth(1.01 * limit)).toBeGreaterThan(1);
  });
});

describe('best settings on quadratics', () => {
  const [top, bottom] = [10, 0.1];
  /** Slowest decay per step over both ends of the spectrum and between. */
  const worst = (rate: number, momentum: number, nesterov = false): number =>
    Math.max(
      ...Array.from({ length: 200 }, (_, i) => bottom + ((top - bottom) * i) / 199).map((curvature) =>
        lawOf(optimizer('sgd', rate, { momentum: said(momentum), nesterov: said(nesterov) })).growth(rate, curvature),
      ),
    );

  it.each([
    ['gradient descent', bestGradientDescent(top, bottom), false],
    ['heavy ball', bestHeavyBall(top, bottom), false],
    ['Nesterov', bestNesterov(top, bottom), true],
  ] as const)('%s: no setting near it is faster', (name, best, nesterov) => {
    const random = new Random(3);
    const reached = worst(best.rate, best.momentum, nesterov);
    for (let i = 0; i < 100; i++) {
      const rate = best.rate * Math.exp(random.uniform(-0.3, 0.3));
      const momentum = name === 'gradient descent' ? 0 : Math.min(0.999, best.momentum + random.uniform(-0.1, 0.1));
      expect(worst(rate, momentum, nesterov)).toBeGreaterThanOrEqual(reached - 1e-4);
    }
  });

  it('heavy ball reaches √μ per step', () => {
    const best = bestHeavyBall(top, bottom);
    expect(worst(best.rate, best.momentum)).toBeCloseTo(Math.sqrt(best.momentum), 4);
  });
});
