import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/base/random';
import { never } from '../../../src/base/cancel';
import { findCriticalPoint } from '../../../src/probe/inspect/nearest';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { CriticalPointSearch } from '../../../src/records/inspection/point';
import type { Tensor } from '../../../src/records/dataset';
import { experiment, loop, optimizer, perceptron, sourced } from '../../engine/experiments';
import { benched, look, plainNet } from './units';

const rows = 90;

/** Three classes by turns; the first stands `apart` from the others, which overlap. */
function threeClasses(apart: number): { readonly x: Tensor; readonly y: Tensor } {
  const random = new Random(4);
  const classes = Int32Array.from({ length: rows }, (_, i) => i % 3);
  const values = Float32Array.from({ length: 2 * rows }, (_, i) => {
    const own = classes[i >> 1] as number;
    const centre = i % 2 === 0 ? (own === 0 ? apart : 0) : own === 2 ? 1 : 0;
    return centre + random.uniform(-1, 1);
  });
  return { x: { shape: [rows, 2], values }, y: { shape: [rows], values: classes } };
}

const units: BenchedUnit[] = [];
afterEach(() => units.splice(0).forEach(({ twin }) => twin.dispose()));

async function searchOf(
  sizes: readonly number[],
  apart: number,
  decay: number,
): Promise<{ readonly search: CriticalPointSearch; readonly theta: Float32Array; readonly unit: BenchedUnit }> {
  const { x, y } = threeClasses(apart);
  const sgd = optimizer('sgd', 0.2, 2 * (sizes.length - 1), { weightDecay: decay });
  const model = perceptron(sizes, 'tanh', 'crossEntropy');
  const unit = await benched(experiment({ model, optimizer: sgd, loop: loop({ epochs: sourced(200) }) }), x, y);
  units.push(unit);
  await unit.course.to(200, never);
  return { ...(await findCriticalPoint(unit, unit.course.run.theta.slice(), never, () => undefined)), unit };
}

// Softmax regression has a finite minimum just where no class can be told apart from the others (Albert and Anderson 1984).
describe('the search for a critical point of a classifier', () => {
  it('names no critical point where one class is told apart, and shows along which output the loss falls for ever', async () => {
    const { search, theta, unit } = await searchOf([2, 3], 4, 0);
    expect(search.stopped).toBe('outward');
    expect(search.outward?.name).toMatch(/^output 0 of .* scaled up$/);
    expect(search.accuracy).toBeLessThan(1);
    const { multiples = [], losses = [] } = search.outward ?? {};
    // The loss where that output's own weights, beside the mean of all, are so many times as large.
    for (const [i, times] of multiples.entries()) {
      const moved = theta.map((value, at) => {
        const column = at < 6 ? at % 2 : 2;
        const rowOf = (row: number): number => theta[column === 2 ? 6 + row : 2 * row + column] as number;
        const isFirst = at < 2 || at === 6;
        return isFirst ? value + times * (value - (rowOf(0) + rowOf(1) + rowOf(2)) / 3) : value;
      });
      expect(losses?.[i]).toBeCloseTo(await unit.loss.lossAt(moved), 6);
    }
    expect((losses?.[0] ?? NaN) - (losses?.[1] ?? NaN)).toBeGreaterThan(1e-5);
  });

  it('reaches the finite minimum to rounding where all classes overlap, or weights decay', async () => {
    for (const [apart, decay] of [
      [0.5, 0],
      [4, 1e-2],
      [0.5, 1e-2],
    ] as const) {
      const { search, theta, unit } = await searchOf([2, 3], apart, decay);
      expect(search, `${apart}, ${decay}`).toMatchObject({ stopped: 'critical', outward: null });
      const gradient = new Float32Array(theta.length);
      await unit.loss.gradient(theta, gradient);
      expect(Math.hypot(...gradient)).toBeLessThan(1e-6);
    }
  });

  it('calls no net critical without decay that tells a class apart, and never shows a fall where weights decay', async () => {
    const without = await searchOf([2, 6, 3], 4, 0);
    expect(without.search.stopped).toBe('outward');
    expect(without.search.outward).not.toBeNull();
    const decayed = await searchOf([2, 6, 3], 4, 1e-2);
    expect(decayed.search.outward).toBeNull();
    expect(decayed.search.stopped).toBe('critical');
  });

  it('names no point critical on the way to such a minimum at infinity, near the search’s end and on the run itself', async () => {
    const { unit } = await searchOf([2, 3], 4, 0);
    const near = (await look(unit, 200, true)).part('verdict');
    expect(near.kind).toBe('not critical');
    expect(near.reasons.join()).toMatch(
      /no zero of it at a finite distance that way: along output 0 of .* the loss falls on for ever/,
    );
    const decayed = await searchOf([2, 3], 4, 1e-2);
    expect((await look(decayed.unit, 200, true)).part('verdict').kind).toBe('minimum');
    // Two classes far apart, trained until the gradient has all but gone.
    const values = Float32Array.from({ length: 40 }, (_, i) => (i % 2 ? 3 : -3) + Math.sin(i));
    const model = perceptron([1, 2], 'tanh', 'crossEntropy');
    const apart = await benched(
      experiment({ model, optimizer: optimizer('sgd', 3, 2), loop: loop({ epochs: sourced(600) }) }),
      { shape: [40, 1], values },
      { shape: [40], values: Int32Array.from({ length: 40 }, (_, i) => i % 2) },
    );
    units.push(apart);
    const told = await look(apart, 600);
    expect(told.part('point').gradientNorm).toBeLessThan(1e-3 * told.part('point').largestGradientNorm);
    expect(told.part('verdict')).toMatchObject({ kind: 'not critical', probes: [] });
    expect(told.part('verdict').reasons.join()).toContain('all parameters scaled up the loss falls on for ever');
  });
});

describe('the search from copied units on XOR', () => {
  it('calls nothing critical: one unit cannot answer it, and comes nearest at infinity', async () => {
    // What is monotone in x₁ + x₂ comes no nearer than (0, ⅔, ⅔, ⅔), which a finite tanh never is; no other residual is orthogonal to 1, t, 1 - t² and s(1 - t²).
    const model = plainNet([2, 2, 1], 'tanh', { kind: 'constant', value: 0.5 });
    const unit = await benched(
      experiment({ model, optimizer: optimizer('sgd', 0.1, model.parameters.length), loop: loop({ epochs: sourced(300) }) }),
      { shape: [4, 2], values: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) },
      { shape: [4, 1], values: Float32Array.of(0, 1, 1, 0) },
    );
    units.push(unit);
    await unit.course.to(300, never);
    const { search, theta } = await findCriticalPoint(unit, unit.course.run.theta.slice(), never, () => undefined);
    expect(await unit.loss.lossAt(theta)).toBeGreaterThan(1 / 6);
    expect(['nearly', 'outward', 'stalled', 'maximum']).toContain(search.stopped);
  });
});

describe('the search where curvature spans more than five powers of ten', () => {
  it('reaches the critical point of copied units that double precision finds', async () => {
    const count = 128;
    const xs = Float32Array.from({ length: count }, (_, i) => -2 + (4 * i) / (count - 1));
    const ys = xs.map((value) => Math.sin(2 * value));
    const model = plainNet([1, 8, 1], 'tanh', { kind: 'constant', value: 0 });
    const sgd = optimizer('sgd', 0.1, model.parameters.length);
    const unit = await benched(
      experiment({ model, optimizer: sgd }),
      { shape: [count, 1], values: xs },
      { shape: [count, 1], values: ys },
    );
    units.push(unit);
    // All eight units alike, without biases: as one function a·tanh(wx), and nothing that breaks its symmetry.
    const [weight, , out] = unit.twin.parameters;
    const start = new Float32Array(unit.twin.dim);
    start.fill(4.8, weight?.offset, 8 + (weight?.offset ?? 0));
    start.fill(0.06, out?.offset, 8 + (out?.offset ?? 0));
    const { search, theta } = await findCriticalPoint(unit, start, never, () => undefined);
    expect(search.stopped).toBe('critical');
    expect(search.gradientNorm).toBeLessThan(3 * search.gradientRounding);
    expect(search.iterations).toBeLessThan(40);
    expect(search.smaller).toMatchObject([{ units: 8, merged: [[0, 1, 2, 3, 4, 5, 6, 7]], idle: [], left: 1 }]);
    const [w, a] = smallestOfTwo([4.8, 0.48], Float64Array.from(xs), Float64Array.from(ys));
    for (let i = 0; i < 8; i++) {
      expect((theta[(weight?.offset ?? 0) + i] as number) / w).toBeCloseTo(1, 2);
      expect((8 * (theta[(out?.offset ?? 0) + i] as number)) / a).toBeCloseTo(1, 3);
    }
  });
});

/** Where the mean of (a·tanh(wx) - y)² is smallest near `start`, by damped Gauss-Newton steps in double precision. */
function smallestOfTwo(start: readonly [number, number], x: Float64Array, y: Float64Array): readonly [number, number] {
  let [w, a] = start;
  for (let step = 0; step < 20_000; step++) {
    let [ww, wa, aa, gw, ga] = [0, 0, 0, 0, 0];
    x.forEach((at, row) => {
      const t = Math.tanh(w * at);
      const [jw, ja, r] = [a * at * (1 - t * t), t, a * t - (y[row] as number)];
      ww += jw * jw;
      wa += jw * ja;
      aa += ja * ja;
      gw += jw * r;
      ga += ja * r;
    });
    const determinant = ww * aa - wa * wa;
    w -= (0.5 * (aa * gw - wa * ga)) / determinant;
    a -= (0.5 * (ww * ga - wa * gw)) / determinant;
  }
  return [w, a];
}
