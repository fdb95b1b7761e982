import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { projectedOut } from '../../src/curvature/composition';
import { criticalPoint, type CriticalPointEvidence, type CriticalPointKind } from '../../src/curvature/criticalPoint';
import { denseOperator, toDense } from '../../src/curvature/dense';
import { withoutScales } from '../../src/curvature/scaleFree';
import { distanceAlong, saddleMatters } from '../../src/curvature/escape';
import { finiteProbes, layerDirections, randomDirections } from '../../src/curvature/finiteProbes';
import { lanczos } from '../../src/curvature/lanczos';
import type { LinearOperator } from '../../src/curvature/operator';
import {
  duplicatedUnits,
  permuteUnits,
  symmetryBreakingDirections,
  unitLayout,
  type UnitLayout,
} from '../../src/curvature/symmetry';
import { norm, normalVector } from '../../src/curvature/vector';
import { tinyNet } from './tinyNet';

type Polynomial = (x: number, y: number) => number;

/** Everything that the verdict needs at the origin of a function of two numbers, curvature by finite differences. */
async function evidenceAtOrigin(f: Polynomial, probes = true, smooth = true): Promise<CriticalPointEvidence> {
  const h = 1e-3;
  const xx = (f(h, 0) - 2 * f(0, 0) + f(-h, 0)) / (h * h);
  const yy = (f(0, h) - 2 * f(0, 0) + f(0, -h)) / (h * h);
  const xy = (f(h, h) - f(h, -h) - f(-h, h) + f(-h, -h)) / (4 * h * h);
  // Finite differences of quartic terms leave h²: rounded away, as the exact second derivative has none.
  const round = (value: number): number => (Math.abs(value) < 1e-5 ? 0 : value);
  const operator = denseOperator([round(xx), round(xy), round(xy), round(yy)], 2);
  const spectrum = await lanczos(operator, { random: new Random(1) });
  const lossAt = (theta: Float32Array): Promise<number> => Promise.resolve(f(theta[0] as number, theta[1] as number));
  const directions = randomDirections(2, 12, new Random(2));
  return {
    gradientNorm: Math.hypot((f(h, 0) - f(-h, 0)) / (2 * h), (f(0, h) - f(0, -h)) / (2 * h)),
    gradientNoise: 0,
    largestGradientNorm: 5,
    spectrum,
    probes: probes ? await finiteProbes(lossAt, new Float32Array(2), directions, { radii: [0.1, 0.3, 1] }) : null,
    loss: f(0, 0),
    reach: 1,
    smooth,
  };
}

const points: [string, Polynomial, CriticalPointKind][] = [
  ['x² + 2y²', (x, y) => 1 + x * x + 2 * y * y, 'minimum'],
  ['x² + 2xy + 3y²', (x, y) => 1 + x * x + 2 * x * y + 3 * y * y, 'minimum'],
  ['-x² - y²', (x, y) => 1 - x * x - y * y, 'maximum'],
  ['x² - y²', (x, y) => 1 + x * x - y * y, 'saddle'],
  ['xy', (x, y) => 1 + x * y, 'saddle'],
  ['x² - .0101y²', (x, y) => 1 + x * x - 0.0101 * y * y, 'saddle'],
  ['x² + y⁴: rises, but second order is zero', (x, y) => 1 + x * x + y ** 4, 'undecided second order'],
  ['.001y² - x³: falls where second order is zero', (x, y) => 1 + 0.001 * y * y - x ** 3, 'saddle'],
  ['monkey saddle', (x, y) => 1 + x ** 3 - 3 * x * y * y, 'saddle'],
  ['x⁴ + y⁴', (x, y) => 1 + x ** 4 + y ** 4, 'undecided second order'],
  ['constant', () => 1, 'flat'],
  ['slope', (x) => 1 + x, 'not critical'],
];

describe('verdict on a point', () => {
  it.each(points)('%s', async (_, f, kind) => {
    const verdict = criticalPoint(await evidenceAtOrigin(f));
    expect(verdict.kind).toBe(kind);
    expect(verdict.reasons.length).toBeGreaterThan(0);
  });

  it('a saddle of some rows is one of all where others curve down along the same direction', async () => {
    const evidence = await evidenceAtOrigin((x, y) => 1 + x * x - y * y);
    const elsewhere = { rows: 400, value: -1.5, error: 0.3 };
    const confirmed = criticalPoint({ ...evidence, elsewhere });
    expect(confirmed.kind).toBe('saddle');
    expect(confirmed.reasons.join()).toContain('on 400 other rows the curvature along the lowest direction is -1.5 ± 0.3');
    for (const value of [-0.2, 0.2])
      expect(criticalPoint({ ...evidence, elsewhere: { ...elsewhere, value } }).kind).toBe('undecided second order');
  });

  it('a sampling error that is not known is said so, and hides no gradient', async () => {
    const evidence = { ...(await evidenceAtOrigin((x, y) => 1 + x * x + y * y)), gradientNoise: null };
    expect(criticalPoint({ ...evidence, gradientNorm: 0.1 }).kind).toBe('not critical');
    const { reasons, couldHaveMissed } = criticalPoint(evidence);
    expect(reasons.join()).toContain('noise not known');
    expect(couldHaveMissed.join()).toContain('the gradient on all rows may differ');
  });

  it('without finite probes nothing is called a minimum', async () => {
    expect(criticalPoint(await evidenceAtOrigin((x, y) => 1 + x * x + y * y, false)).kind).toBe('undecided second order');
  });

  it('with kinks second order does not decide', async () => {
    const evidence = await evidenceAtOrigin((x, y) => 1 + x * x + y * y, true, false);
    expect(criticalPoint(evidence)).toMatchObject({ kind: 'undecided second order' });
  });

  it('a positive end is not believed beyond its bound', async () => {
    const evidence = await evidenceAtOrigin((x, y) => 1 + x * x + y * y);
    const smallest = { ...evidence.spectrum.smallest, bound: -0.5 };
    const verdict = criticalPoint({ ...evidence, spectrum: { ...evidence.spectrum, smallest } });
    expect(verdict.kind).toBe('undecided second order');
    expect(verdict.couldHaveMissed.join()).toContain('-0.5');
  });

  it('a gradient under its noise counts as vanishing only when it is small beside the run’s', async () => {
    const evidence = await evidenceAtOrigin((x, y) => 1 + x * x + y * y);
    expect(criticalPoint({ ...evidence, gradientNorm: 0.1, gradientNoise: 0.2 }).kind).toBe('minimum');
    expect(criticalPoint({ ...evidence, gradientNorm: 1, gradientNoise: 2 }).kind).toBe('not critical');
    expect(criticalPoint({ ...evidence, gradientNorm: 0.1, gradientNoise: 0.01 }).kind).toBe('not critical');
  });
});

const random = new Random(3);
const rows = Array.from({ length: 16 }, () => [random.normal(), random.normal()]);

describe('a net that starts at zero', () => {
  // Targets without mean and uncorrelated with each input: even the mixed second derivatives vanish.
  const targets = rows.map(([a, b]) => (a as number) * (b as number) + (a as number));
  const net = tinyNet(3, rows, targets);
  const theta = new Float32Array(net.dim);
  theta[net.dim - 1] = targets.reduce((sum, y) => sum + y / targets.length, 0);

  it('is a saddle, and a start at the gradient does not hide it', async () => {
    const operator = await net.hessian(theta);
    const gradient = new Float32Array(net.dim);
    const loss = await net.gradient(theta, gradient);
    const spectrum = await lanczos(operator, { random: new Random(1), starts: [gradient], tolerance: 1e-4 });
    const evidence = {
      gradientNorm: norm(gradient),
      gradientNoise: 0,
      largestGradientNorm: 1,
      spectrum,
      probes: null,
      loss,
      reach: 1,
      smooth: true,
    };
    expect(criticalPoint(evidence).kind).toBe('saddle');
  });

  it('of three linear layers is decided by finite probes alone', async () => {
    // loss(a, b, c, d) = mean (abc x + d - y)²: at a = b = c = 0 only d has curvature.
    const [sxx, sxy, syy] = [1, 0.8, 1];
    const lossAt = ([a, b, c, d]: Float32Array): Promise<number> => {
      const p = (a as number) * (b as number) * (c as number);
      return Promise.resolve(p * p * sxx - 2 * p * sxy + syy + (d as number) ** 2);
    };
    const operator: LinearOperator = denseOperator([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2], 4);
    const spectrum = await lanczos(operator, { random: new Random(1) });
    const evidence = { gradientNorm: 0, gradientNoise: 0, largestGradientNorm: 1, spectrum, loss: 1, reach: 1, smooth: true };
    const zero = new Float32Array(4);
    const places = ['a', 'b', 'c', 'd'].map((name, offset) => ({ name, offset, length: 1 }));
    const layers = await finiteProbes(lossAt, zero, layerDirections(4, places, new Random(1)), { radii: [0.1, 0.5] });
    expect(layers.map(({ trend }) => trend)).toEqual(['level', 'level', 'level', 'rises']);
    expect(criticalPoint({ ...evidence, probes: layers }).kind).toBe('undecided second order');
    const directions = randomDirections(4, 4, new Random(1), [spectrum.largest.vector]);
    const all = await finiteProbes(lossAt, zero, directions, { radii: [0.1, 0.5] });
    expect(criticalPoint({ ...evidence, probes: all }).kind).toBe('saddle');
  });
});

describe('copied units', () => {
  const net = tinyNet(
    5,
    rows,
    rows.map(([a, b]) => Math.sin(3 * (a as number)) * (b as number)),
  );
  const [weight, bias, out] = net.parameters;
  const layout = unitLayout(weight as never, bias as never, out as never) as UnitLayout;
  const copied = normalVector(net.dim, new Random(4));
  for (const role of [layout.incoming, layout.outgoing]) {
    role[3]?.forEach((place, i) => (copied[place] = copied[role[1]?.[i] as number] as number));
  }
  const gradientAt = async (theta: Float32Array): Promise<Float32Array> => {
    const gradient = new Float32Array(net.dim);
    await net.gradient(theta, gradient);
    return gradient;
  };

  it('are found from parameters and gradients', async () => {
    expect(duplicatedUnits(copied, await gradientAt(copied), layout)).toEqual([[1, 3]]);
    const free = normalVector(net.dim, new Random(4));
    expect(duplicatedUnits(free, await gradientAt(free), layout)).toEqual([]);
    const zero = new Float32Array(net.dim);
    expect(duplicatedUnits(zero, await gradientAt(zero), layout)).toEqual([[0, 1, 2, 3, 4]]);
    // Equal incoming weights that are read differently are not copies: their gradients differ.
    const apart = copied.slice();
    apart[layout.outgoing[3]?.[0] as number] = 2;
    expect(duplicatedUnits(apart, await gradientAt(apart), layout)).toEqual([]);
  });

  it('stay copies under gradient descent, and the breaking direction leaves their subspace', async () => {
    const theta = copied.slice();
    for (let step = 0; step < 50; step++) {
      const gradient = await gradientAt(theta);
      theta.forEach((x, i) => (theta[i] = x - 0.01 * (gradient[i] as number)));
    }
    expect(duplicatedUnits(theta, await gradientAt(theta), layout)).toEqual([[1, 3]]);
    const [direction] = symmetryBreakingDirections(net.dim, layout, [[1, 3]]);
    expect(direction?.name).toContain('1, 3');
    const moved = theta.map((x, i) => x + 0.1 * (direction?.vector[i] as number));
    expect(duplicatedUnits(moved, await gradientAt(moved), layout)).toEqual([]);
    const [one, three] = [layout.incoming[1] as Int32Array, layout.incoming[3] as Int32Array];
    one.forEach((place, i) =>
      expect(direction?.vector[place]).toBeCloseTo(-(direction?.vector[three[i] as number] as number), 6),
    );
  });

  it('permuted units are the same function', async () => {
    const theta = normalVector(net.dim, new Random(9));
    const permuted = permuteUnits(theta, layout, [4, 0, 3, 1, 2]);
    expect(permuted).not.toEqual(theta);
    expect(await net.loss(permuted)).toBeCloseTo(await net.loss(theta), 10);
  });

  it('layouts follow flattened convolutions and refuse what does not fit', () => {
    const conv = { name: 'conv', shape: [2, 3, 1, 1], offset: 0, length: 6 };
    const flat = { name: 'fc', shape: [2, 8], offset: 6, length: 16 };
    const flattened = unitLayout(conv, null, flat);
    expect(flattened?.incoming.map((places) => [...places])).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(flattened?.outgoing.map((places) => [...places])).toEqual([
      [6, 7, 8, 9, 14, 15, 16, 17],
      [10, 11, 12, 13, 18, 19, 20, 21],
    ]);
    expect(unitLayout(conv, null, { ...flat, shape: [2, 5], length: 10 })).toBeNull();
  });
});

describe('leaving a saddle', () => {
  it('matters by growth and descent', () => {
    expect(distanceAlong(0.02, -0.1)).toBeCloseTo(0.2, 12);
    expect(saddleMatters(4, 0.02, 1)).toBe(true);
    expect(saddleMatters(2, 0.5, 1)).toBe(false);
    expect(saddleMatters(4, 0.005, 1)).toBe(false);
  });
});

it('scale directions of a normalised layer are taken out before a saddle is named', async () => {
  // loss = 1 - cos(angle between w and the first axis): the same for any length of w, as behind a batch norm.
  const lossAt = (w: readonly number[]): number => 1 - (w[0] as number) / Math.hypot(...w);
  const theta = [1, 0.3];
  const h = 1e-3;
  const shift = (i: number, j: number, a: number, b: number): number[] =>
    theta.map((x, k) => x + (k === i ? a : 0) + (k === j ? b : 0));
  const entries = [0, 1].flatMap((i) =>
    [0, 1].map(
      (j) =>
        (lossAt(shift(i, j, h, h)) - lossAt(shift(i, j, h, -h)) - lossAt(shift(i, j, -h, h)) + lossAt(shift(i, j, -h, -h))) /
        (4 * h * h),
    ),
  );
  const operator = denseOperator(entries, 2);
  const scaleFree = withoutScales(operator, Float32Array.from(theta), [[{ offset: 0, length: 2 }]]);
  const whole = await lanczos(operator, { random: new Random(1) });
  const rest = await lanczos(scaleFree, { random: new Random(1) });
  expect(whole.smallest.value).toBeLessThan(-0.01);
  expect(rest.smallest.value).toBeGreaterThan(0.1);
});

it('takes out several groups in parts as the projection onto their directions does', async () => {
  const random = new Random(4);
  const entries = new Float64Array(64);
  for (let i = 0; i < 8; i++) for (let j = 0; j <= i; j++) entries[8 * i + j] = entries[8 * j + i] = random.normal();
  const theta = normalVector(8, random);
  const groups = [
    [
      { offset: 0, length: 2 },
      { offset: 6, length: 1 },
    ],
    [{ offset: 3, length: 2 }],
  ];
  const directions = groups.map((group) => {
    const direction = new Float32Array(8);
    for (const { offset, length } of group) direction.set(theta.subarray(offset, offset + length), offset);
    return direction;
  });
  const operator = denseOperator(entries, 8);
  const [ours, theirs] = [
    await toDense(withoutScales(operator, theta, groups)),
    await toDense(projectedOut(operator, directions)),
  ];
  ours.forEach((entry, i) => expect(entry).toBeCloseTo(theirs[i] as number, 5));
});
