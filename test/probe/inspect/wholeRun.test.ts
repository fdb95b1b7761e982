import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withBatchNorm, withNormalisedInputs } from '../../../src/probe/inspect/changedUnit';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { InspectedRemedies, RemedyKind, TriedRemedy } from '../../../src/records/inspection/remedies';
import type { InspectedFrame } from '../../../src/records/inspection/spectrum';
import { readUnit } from '../../source/reading';
import { jacobiEigen } from '../../curvature/jacobi';
import { dataset, experiment, loop, minibatches, optimizer, perceptron, sourced } from '../../engine/experiments';
import { normalTensor, separableClasses, twinOf } from '../../engine/twins';
import { benched, denseSpectrum, look, type Told } from './units';

const x = normalTensor([96, 4], 5);
const y = separableClasses(x);
// The last two columns are large, so that the inputs make a ravine.
const stretched = { shape: x.shape, values: Float32Array.from(x.values, (value, i) => (i % 4 < 2 ? value : 8 * value + 3)) };
const classifier = experiment({
  model: perceptron([4, 6, 3], 'tanh', 'crossEntropy'),
  optimizer: optimizer('sgd', 0.02, 4),
  batches: minibatches(16),
  loop: loop({ epochs: sourced(20) }),
});

/** Largest eigenvalue of the Hessian's block on some entries, from central differences of the gradient. */
async function largestOfBlock(unit: BenchedUnit, theta: Float32Array, entries: readonly number[]): Promise<number> {
  const n = entries.length;
  const block = new Float64Array(n * n);
  const sides = [new Float32Array(theta.length), new Float32Array(theta.length)] as const;
  for (const [j, entry] of entries.entries()) {
    for (const [side, sign] of [1, -1].entries()) {
      const moved = theta.slice();
      moved[entry] = (theta[entry] as number) + sign * 1e-2;
      await unit.loss.gradient(moved, sides[side] as Float32Array);
    }
    entries.forEach((other, i) => (block[i * n + j] = ((sides[0][other] as number) - (sides[1][other] as number)) / 2e-2));
  }
  const symmetric = block.map((value, k) => (value + (block[(k % n) * n + Math.floor(k / n)] as number)) / 2);
  const { values } = jacobiEigen(symmetric, n);
  return values[values.length - 1] as number;
}

describe('a run as a whole', () => {
  let unit: BenchedUnit;
  let told: Told;
  beforeAll(async () => {
    unit = await benched(classifier, stretched, y);
    told = await look(unit, 60);
  });
  afterAll(() => unit.twin.dispose());
  const frames = (): InspectedFrame[] =>
    told.events.flatMap((event) => (event.kind === 'part' && event.part.part === 'frame' ? [event.part] : []));
  const tried = (remedy: RemedyKind): TriedRemedy => {
    const found = (told.part('remedies') satisfies InspectedRemedies).tried.find((one) => one.remedy === remedy);
    if (!found) throw new Error(remedy);
    return found;
  };

  it('shows the spectrum at steps from the first to the last, its ends those of the dense Hessian', async () => {
    const all = frames();
    const steps = all.map(({ step }) => step).sort((a, b) => a - b);
    expect([steps[0], steps[steps.length - 1]]).toEqual([0, 120]);
    expect(steps).toEqual([...(all[0]?.steps ?? [])]);
    const first = all.find(({ step }) => step === 0) as InspectedFrame;
    const start = unit.course.pointsUpTo(60)[0]?.theta as Float32Array;
    const exact = await denseSpectrum(unit, start);
    const high = exact[exact.length - 1] as number;
    expect(Math.abs(first.largest - high)).toBeLessThan(0.01 * high);
    expect(Math.abs(first.smallest - (exact[0] as number))).toBeLessThan(0.01 * high);
    expect(first.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
  });

  it('measures each layer’s largest eigenvalue on its own block', async () => {
    const first = frames().find(({ step }) => step === 0) as InspectedFrame;
    const start = unit.course.pointsUpTo(60)[0]?.theta as Float32Array;
    expect(first.layers.map(({ name }) => name)).toEqual(['net.0', 'net.2']);
    for (const { name, largest } of first.layers) {
      const entries = unit.twin.parameters
        .filter((parameter) => parameter.name.startsWith(name))
        .flatMap(({ offset, length }) => Array.from({ length }, (_, i) => offset + i));
      const exact = await largestOfBlock(unit, start, entries);
      expect(Math.abs(largest - exact)).toBeLessThan(0.02 * exact);
    }
  });

  it('has the same loss at another end whose units were re-ordered, and a lower barrier', () => {
    const { lines, loss, of } = told.part('minima');
    expect(lines).toHaveLength(of);
    for (const { losses, barrier, matched, loss: other } of lines) {
      const last = losses.length - 1;
      expect(losses[0]).toBeCloseTo(loss, 5);
      expect(losses[last]).toBeCloseTo(other, 6);
      expect(matched?.losses[last]).toBeCloseTo(other, 5);
      expect(barrier).toBeCloseTo(Math.max(...losses) - Math.max(losses[0] as number, losses[last] as number), 6);
      expect(matched?.barrier).toBeLessThanOrEqual(barrier);
    }
  });

  it('tries momentum, Adam and normalised inputs beside the run as it is', () => {
    for (const remedy of ['momentum', 'adam', 'normalised inputs', 'batch norm'] as const) {
      const { curve, asItIs } = tried(remedy);
      expect(curve?.steps[0]).toBe(0);
      expect(asItIs && curve && asItIs.steps.length === curve.steps.length).toBe(true);
    }
    // From here both begin with the same parameters.
    expect(tried('momentum').curve?.losses[0]).toBeCloseTo(told.part('point').loss, 5);
    const last = (losses: Float64Array | undefined): number => losses?.[losses.length - 1] ?? NaN;
    const normalised = tried('normalised inputs');
    expect(last(normalised.curve?.losses)).toBeLessThan(last(normalised.asItIs?.losses));
    expect(normalised.text).toMatch(/times the rate, as near to its limit/);
  });

  it('stands at the same step afterwards', () => {
    expect(unit.course.run.step).toBe(60);
  });
});

describe('a ravine', () => {
  it('has as much left in the model of a linear regression as lies above its minimum', async () => {
    const targets = { shape: [96, 1], values: Float32Array.from({ length: 96 }, (_, i) => (x.values[4 * i] as number) - 0.5) };
    const regression = experiment({
      model: perceptron([4, 1], 'tanh', 'mse'),
      optimizer: optimizer('sgd', 0.001, 2),
      loop: loop({ epochs: sourced(30) }),
    });
    const unit = await benched(regression, stretched, targets);
    const told = await look(unit, 10);
    const { left, best, slowShare, slowBelow, path, shares, shareErrors } = told.part('ravine');
    // The targets are linear in the inputs: the least loss is 0.
    expect(left.value).toBeCloseTo(told.part('point').loss, 4);
    expect(left.error).toBeLessThan(1e-3 * left.value);
    const exact = await denseSpectrum(unit, unit.course.run.theta.slice());
    expect(best?.stiffest).toBeCloseTo(exact[exact.length - 1] as number, 1);
    expect(slowBelow).toBeCloseTo(1 / (0.001 * 30), 6);
    const flat = exact.filter((value) => value < slowBelow).length;
    expect(flat).toBeGreaterThan(0);
    expect(slowShare?.value).toBeGreaterThan(0.05);
    expect(slowShare?.error).toBeLessThan(0.01);
    expect(shareErrors).toHaveLength(shares.length);
    expect(path?.steps).toBe(40);
    unit.twin.dispose();
  });
});

describe('changed units', () => {
  it('get batch norm before each hidden activation, and train', async () => {
    const changed = withBatchNorm(classifier);
    if (!changed) throw new Error('no place');
    expect(changed.model?.nodes.map(({ kind }) => kind)).toEqual([
      'input',
      'linear',
      'batchNorm',
      'tanh',
      'linear',
      'target',
      'crossEntropy',
    ]);
    const [plain, normed] = [await twinOf(classifier, dataset(x, y)), await twinOf(changed, dataset(x, y))];
    expect(normed.dim).toBe(plain.dim + 12);
    expect(withBatchNorm(changed)).toBeNull();
    plain.dispose();
    normed.dispose();
  });

  it('normalise volumes behind a layer that weighs them', () => {
    const text = `import torch
from torch import nn
net = nn.Sequential(nn.Conv3d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 6 ** 3, 3))
x = torch.randn(32, 1, 8, 8, 8)
y = torch.randint(0, 3, (32,))
optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
for epoch in range(10):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(x), y).backward()
    optimizer.step()
`;
    const norm = withBatchNorm(readUnit(text))?.model?.nodes.find(({ kind }) => kind === 'batchNorm');
    expect(norm?.arguments).toMatchObject({ features: 4, dimensions: 3 });
  });

  it('get inputs of mean 0 and deviation 1, once', () => {
    const normalised = withNormalisedInputs(dataset(stretched, y));
    const values = normalised?.train.inputs[0]?.values as Float32Array;
    for (let column = 0; column < 4; column++) {
      const own = values.filter((_, i) => i % 4 === column);
      const mean = own.reduce((sum, value) => sum + value / own.length, 0);
      expect(mean).toBeCloseTo(0, 5);
      expect(own.reduce((sum, value) => sum + (value - mean) ** 2 / own.length, 0)).toBeCloseTo(1, 4);
    }
    expect(normalised && withNormalisedInputs(normalised)).toBeNull();
  });
});
