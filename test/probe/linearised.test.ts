import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { Random } from '../../src/base/random';
import { toDense } from '../../src/curvature/dense';
import { normalVector } from '../../src/curvature/vector';
import { limitFor } from '../../src/diagnosis/limits';
import type { Optimizer } from '../../src/records/optimizer';
import { jacobiEigen } from '../curvature/jacobi';
import { dataset, experiment, fullBatch, loop, optimizer, perceptron, sourced } from '../engine/experiments';
import { allRows, normalTensor, separableClasses, twinOf } from '../engine/twins';

const rows = 48;
const x = normalTensor([rows, 3], 7);
const y = separableClasses(x);

/** A trained state: dense Hessian there, and the optimizer's diagonal. */
interface State {
  readonly dim: number;
  readonly hessian: Float64Array;
  readonly diagonal: Float64Array;
}

async function stateOf(o: Optimizer, steps: number): Promise<State> {
  const model = perceptron([3, 5, 3], 'tanh', 'crossEntropy');
  const unit = experiment({ model, optimizer: o, batches: fullBatch, loop: loop({ epochs: sourced(steps) }) });
  const twin = await twinOf(unit, dataset(x, y));
  const run = twin.start(0);
  await run.advance(steps, never);
  const objective = twin.objective('train', allRows(rows));
  const at = await objective.hessian(run.theta.slice());
  const { dim } = twin;
  const entries = await toDense({ dim, selfAdjoint: true, apply: at.apply.bind(at) });
  const hessian = entries.map((entry, k) => (entry + (entries[(k % dim) * dim + Math.floor(k / dim)] as number)) / 2);
  const diagonal = Float64Array.from(run.preconditioner() ?? new Float32Array(dim).fill(1));
  at.dispose();
  objective.dispose();
  run.dispose();
  twin.dispose();
  return { dim, hessian, diagonal };
}

/** Steps before the state at which an optimizer is looked at: the first from which Adam and its kin are judged, 3/(1-β1). */
const trained = 30;

/** One entry's update, from PyTorch's documentation; `slope` is the gradient over the second moment's root, which stands still. */
type Update = (theta: number, slope: number, t: number) => number;

function updateOf(o: Optimizer, rate: number): Update {
  let buffer = 0;
  const descent: Update = (theta, slope) => theta - rate * slope;
  switch (o.kind) {
    case 'sgd': {
      const { momentum, dampening, weightDecay, nesterov } = o.settings;
      return (theta, slope, t) => {
        const g = slope + weightDecay.value * theta;
        if (momentum.value === 0) return theta - rate * g;
        buffer = t === 1 ? g : momentum.value * buffer + (1 - dampening.value) * g;
        return theta - rate * (nesterov.value ? g + momentum.value * buffer : buffer);
      };
    }
    case 'rmsprop':
      return (theta, slope) => {
        buffer = o.settings.momentum.value * buffer + slope;
        return theta - rate * buffer;
      };
    case 'adam':
    case 'adamw':
    case 'adamax':
    case 'radam': {
      const beta = o.settings.beta1.value;
      const decay = o.kind === 'adamw' ? o.settings.weightDecay.value : 0;
      return (theta, slope) => {
        buffer = beta * buffer + (1 - beta) * slope;
        return theta * (1 - rate * decay) - rate * buffer;
      };
    }
    case 'nadam': {
      const beta = o.settings.beta1.value;
      // μₜ of PyTorch's documentation grows over thousands of steps: it stands still at the state's own step, as P does.
      const mu = beta * (1 - 0.5 * 0.96 ** (trained * o.settings.momentumDecay.value));
      return (theta, slope) => {
        buffer = beta * buffer + (1 - beta) * slope;
        return theta - rate * ((1 - mu) * slope + mu * buffer);
      };
    }
    default:
      return descent;
  }
}

/** The stiffest eigenvalue and direction of P^-½HP^-½, and that matrix without its negative side: what curves downwards grows at any rate. */
interface Stiffness {
  readonly largest: number;
  readonly direction: readonly number[];
  readonly upward: Float64Array;
}

function stiffnessOf({ dim, hessian, diagonal }: State): Stiffness {
  const root = diagonal.map(Math.sqrt);
  const scaled = hessian.map((entry, k) => entry / ((root[k % dim] as number) * (root[Math.floor(k / dim)] as number)));
  const { values, vectors } = jacobiEigen(scaled, dim);
  const upward = new Float64Array(dim * dim);
  values.forEach((value, m) => {
    const vector = vectors[m] as number[];
    if (value > 0)
      upward.forEach((entry, k) => {
        upward[k] = entry + value * (vector[k % dim] as number) * (vector[Math.floor(k / dim)] as number);
      });
  });
  return { largest: values[dim - 1] as number, direction: vectors[dim - 1] as number[], upward };
}

/**
 * Growth per step of a random displacement of the parameters, when each takes its own linearised step at the state, as it is seen
 * along the stiffest direction.
 */
function growthOf(o: Optimizer, { dim, diagonal }: State, { direction, upward }: Stiffness, rate: number): number {
  const updates = Array.from({ length: dim }, () => updateOf(o, rate));
  const root = diagonal.map(Math.sqrt);
  let displacement = Float64Array.from(normalVector(dim, new Random(3)));
  const peak = { early: 0, late: 0 };
  for (let t = 1; t <= 500; t++) {
    const scaled = displacement.map((value, i) => value * (root[i] as number));
    displacement = displacement.map((value, i) => {
      let slope = 0;
      for (let j = 0; j < dim; j++) slope += (upward[i * dim + j] as number) * (scaled[j] as number);
      return (updates[i] as Update)(value, slope / (root[i] as number), t);
    });
    const along = Math.abs(
      displacement.reduce((sum, value, i) => sum + value * (root[i] as number) * (direction[i] as number), 0),
    );
    if (t > 100 && t <= 200) peak.early = Math.max(peak.early, along);
    if (t > 400) peak.late = Math.max(peak.late, along);
  }
  return (peak.late / peak.early) ** (1 / 300);
}

const cases: readonly (readonly [string, Optimizer])[] = [
  ['SGD', optimizer('sgd', 0.2, 4)],
  ['heavy ball', optimizer('sgd', 0.05, 4, { momentum: 0.9 })],
  ['heavy ball with dampening and decay', optimizer('sgd', 0.1, 4, { momentum: 0.8, dampening: 0.3, weightDecay: 0.05 })],
  ['Nesterov', optimizer('sgd', 0.05, 4, { momentum: 0.9, nesterov: true })],
  ['RMSprop', optimizer('rmsprop', 0.01, 4)],
  ['RMSprop with momentum', optimizer('rmsprop', 0.002, 4, { momentum: 0.9 })],
  ['centered RMSprop', optimizer('rmsprop', 0.005, 4, { centered: true, alpha: 0.9, epsilon: 1e-3 })],
  ['Adam', optimizer('adam', 0.01, 4)],
  ['Adam with β1 .5', optimizer('adam', 0.01, 4, { beta1: 0.5 })],
  ['AdamW', optimizer('adamw', 0.01, 4, { weightDecay: 0.1 })],
  ['Adagrad', optimizer('adagrad', 0.1, 4)],
  ['Adadelta', optimizer('adadelta', 1, 4)],
  ['Adamax', optimizer('adamax', 0.01, 4)],
  ['NAdam', optimizer('nadam', 0.01, 4)],
  ['NAdam whose momentum has grown', optimizer('nadam', 0.01, 4, { momentumDecay: 0.5 })],
  ['RAdam', optimizer('radam', 0.01, 4)],
  ['ASGD', optimizer('asgd', 0.2, 4)],
];

describe('the linearised step of a net at a frozen state', () => {
  it.each(cases)('%s: begins to grow within a hundredth of the limit', async (name, o) => {
    const state = await stateOf(o, trained);
    const stiffness = stiffnessOf(state);
    const limit = limitFor(o)?.rate(stiffness.largest) ?? NaN;
    expect(limit, name).toBeGreaterThan(0);
    expect(growthOf(o, state, stiffness, 0.99 * limit)).toBeLessThan(1);
    expect(growthOf(o, state, stiffness, 1.01 * limit)).toBeGreaterThan(1);
  });
});

describe('centered RMSprop', () => {
  it('divides by √(v - ḡ²) + ε, of gradients taken again by hand', async () => {
    const [alpha, epsilon, steps] = [0.9, 1e-3, 25];
    const o = optimizer('rmsprop', 0.005, 4, { centered: true, alpha, epsilon });
    const model = perceptron([3, 5, 3], 'tanh', 'crossEntropy');
    const unit = experiment({ model, optimizer: o, batches: fullBatch, loop: loop({ epochs: sourced(steps) }) });
    const twin = await twinOf(unit, dataset(x, y));
    const run = twin.start(0);
    const objective = twin.objective('train', allRows(rows));
    const gradient = new Float32Array(twin.dim);
    const [square, mean] = [new Float64Array(twin.dim), new Float64Array(twin.dim)];
    const plain = new Float64Array(twin.dim);
    for (let step = 0; step < steps; step++) {
      await objective.gradient(run.theta, gradient);
      gradient.forEach((g, i) => {
        square[i] = alpha * (square[i] as number) + (1 - alpha) * g * g;
        mean[i] = alpha * (mean[i] as number) + (1 - alpha) * g;
      });
      await run.advance(1, never);
    }
    const diagonal = run.preconditioner() as Float32Array;
    square.forEach((v, i) => {
      plain[i] = Math.sqrt(v) + epsilon;
      const centred = Math.sqrt(v - (mean[i] as number) ** 2) + epsilon;
      expect(Math.abs((diagonal[i] as number) / centred - 1)).toBeLessThan(0.01);
    });
    // Gradients that keep their direction make the centred diagonal much the smaller one: the limit is lower.
    expect(diagonal.filter((p, i) => p < 0.8 * (plain[i] as number)).length).toBeGreaterThan(twin.dim / 2);
    objective.dispose();
    run.dispose();
    twin.dispose();
  });
});
