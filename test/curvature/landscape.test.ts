import { describe, expect, it } from 'vitest';
import { CancelSource } from '../../src/base/cancel';
import { Random } from '../../src/base/random';
import { chord } from '../../src/curvature/chord';
import { denseOperator, diagonalOperator } from '../../src/curvature/dense';
import { filterNormalisedDirection, principalDirections } from '../../src/curvature/directions';
import { MinresSpace } from '../../src/curvature/minres';
import { nearestCriticalPoint, type Derivatives } from '../../src/curvature/nearestCriticalPoint';
import { newtonGain } from '../../src/curvature/newtonConjugateGradient';
import { RavineAccount } from '../../src/curvature/ravine';
import { slice } from '../../src/curvature/slice';
import { surface } from '../../src/curvature/surface';
import { permuteUnits, unitLayout, type UnitLayout } from '../../src/curvature/symmetry';
import { taylorPicture } from '../../src/curvature/taylorPicture';
import { axpy, dot, norm, normalVector } from '../../src/curvature/vector';
import { cases } from './cases';
import { jacobiEigen } from './jacobi';
import { tinyNet } from './tinyNet';

const random = new Random(3);
const rows = Array.from({ length: 24 }, () => [random.normal()]);
const net = tinyNet(
  4,
  rows,
  rows.map(([x]) => Math.sin(2 * (x as number))),
);

describe('minres', () => {
  it.each(cases.filter(({ name }) => name !== 'zero'))('has the residual that it states: $name', async ({ operator, dim }) => {
    const b = normalVector(dim, new Random(5));
    const space = new MinresSpace(operator, b, 80);
    await space.extend(80);
    const { solution, relativeResidual } = space.solve(0);
    expect(space.residual(0)).toBe(relativeResidual);
    const image = new Float32Array(dim);
    await operator.apply(solution, image);
    axpy(-1, b, image);
    expect(norm(image) / norm(b)).toBeCloseTo(relativeResidual, 2);
  });

  it('grows to what is asked for, and solves better for it', async () => {
    const dim = 120;
    const operator = diagonalOperator(Float32Array.from({ length: dim }, (_, i) => 2 * 0.9 ** i * (i % 3 === 0 ? -1 : 1)));
    const space = new MinresSpace(operator, normalVector(dim, new Random(6)), 60);
    const residuals: number[] = [];
    for (const size of [10, 30, 90]) {
      await space.extend(size);
      expect(space.applications).toBe(Math.min(60, size));
      residuals.push(space.residual(0));
    }
    expect(space.complete).toBe(true);
    expect(residuals).toEqual(residuals.toSorted((a, b) => b - a));
    expect(new Set(residuals).size).toBe(3);
  });

  it('is the least-squares solution where b cannot be reached', async () => {
    const space = new MinresSpace(diagonalOperator(Float32Array.of(2, -4, 0)), Float32Array.of(1, 1, 1), 50);
    await space.extend(50);
    const { solution, relativeResidual } = space.solve(0);
    expect(relativeResidual).toBeCloseTo(Math.sqrt(1 / 3), 3);
    expect(solution[0]).toBeCloseTo(0.5, 4);
    expect(solution[1]).toBeCloseTo(-0.25, 4);
  });
});

describe('nearest critical point', () => {
  it('finds the saddle between two minima, which descent would leave', async () => {
    // x⁴/4 - x²/2 + y²: saddle at the origin, minima at x = ±1.
    const derivatives: Derivatives = {
      gradient: ([x, y], out) => Promise.resolve(out.set([(x as number) ** 3 - (x as number), 2 * (y as number)])),
      hessian: ([x]) => Promise.resolve(denseOperator([3 * (x as number) ** 2 - 1, 0, 0, 2], 2)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(0.3, 0.8));
    expect(found.stopped).toBe('critical');
    expect(found.theta[0]).toBeCloseTo(0, 3);
    expect(found.theta[1]).toBeCloseTo(0, 3);
    expect(found.distance).toBeCloseTo(Math.hypot(0.3, 0.8), 3);
  });

  it('says so when it stops where Hg = 0 and g ≠ 0', async () => {
    // x³/3 + x has no critical point; |g| is smallest at 0, where H = 0.
    const derivatives: Derivatives = {
      gradient: ([x], out) => Promise.resolve(void (out[0] = (x as number) ** 2 + 1)),
      hessian: ([x]) => Promise.resolve(denseOperator([2 * (x as number)], 1)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(1.3), { maximumIterations: 200 });
    expect(found.stopped).toBe('gradientFlat');
    expect(found.gradientNorm).toBeCloseTo(1, 1);
  });

  it('calls nothing critical whose gradient is small and has no zero', async () => {
    // x³/3 + 1e-5 x + y²: the gradient is 1e-5 long where it is shortest.
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([x ** 2 + 1e-5, 2 * y])),
      hessian: ([x = 0]) => Promise.resolve(denseOperator([2 * x, 0, 0, 2], 2)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(0.8, 1), { maximumIterations: 200 });
    expect(found.stopped).toBe('nearly');
    expect(found.gradientNorm).toBeGreaterThan(0.99e-5);
    expect(found.gradientNorm).toBeLessThan(1e-4 * found.startGradientNorm);
  });

  it('calls nothing critical whose gradient stays ten times over what rounding may make of it', async () => {
    // x³/3 + .0012 x + (y - 1000)²: in single precision y stands 6e-5 apart.
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([x ** 2 + 1.2e-3, 2 * (y - 1000)])),
      hessian: ([x = 0]) => Promise.resolve(denseOperator([2 * x, 0, 0, 2], 2)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(4, 980), { maximumIterations: 200 });
    expect(found.stopped).toBe('nearly');
    expect(found.gradientNorm).toBeLessThan(15 * found.gradientRounding);
  });

  it('goes on from small gradients to rounding, where there is a zero', async () => {
    // x⁴ - x² + 500 y²: minima at x = ±√½, one direction a hundred times as stiff as the other.
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([4 * x ** 3 - 2 * x, 1000 * y])),
      hessian: ([x = 0]) => Promise.resolve(denseOperator([12 * x * x - 2, 0, 0, 1000], 2)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(1.4, 0.3));
    expect(found.stopped).toBe('critical');
    expect(Math.abs((found.theta[0] as number) - Math.SQRT1_2)).toBeLessThan(1e-5);
    expect(found.gradientNorm).toBeLessThanOrEqual(6 * found.gradientRounding);
  });

  it('lowers the gradient norm of a net ten-thousandfold and reports each iteration', async () => {
    const norms: number[] = [];
    const start = normalVector(net.dim, new Random(8)).map((x) => 0.7 * x);
    const found = await nearestCriticalPoint(net, start, { maximumIterations: 200, onIteration: (_, g) => norms.push(g) });
    expect(['critical', 'nearly', 'gradientFlat']).toContain(found.stopped);
    if (found.stopped === 'nearly') expect(found.gradientNorm).toBeLessThanOrEqual(1e-4 * found.startGradientNorm);
    if (found.stopped === 'critical') expect(found.gradientNorm).toBeLessThanOrEqual(6 * found.gradientRounding);
    norms.slice(1).forEach((g, i) => expect(g).toBeLessThanOrEqual(norms[i] as number));
  });

  it('follows a curved valley to single precision, in which ‖g‖ has to rise on the way', async () => {
    // Rosenbrock's: 100(y - x²)² + (1 - x)², critical at (1, 1) alone.
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)])),
      hessian: ([x = 0, y = 0]) => Promise.resolve(denseOperator([1200 * x * x - 400 * y + 2, -400 * x, -400 * x, 200], 2)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(0.5, -1));
    expect(found.stopped).toBe('critical');
    expect(norm(found.theta.map((x) => x - 1))).toBeLessThan(1e-4);
    expect(found.gradientNorm).toBeLessThanOrEqual(3 * found.gradientRounding);
    expect(found.iterations).toBeLessThan(15);
  });

  it('says so where the gradient fades on outward, as for classes that are told apart', async () => {
    // log(1 + e⁻ˣ) has no minimum; y²/2 has.
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(x));
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([-sigmoid(x), y])),
      hessian: ([x = 0]) => Promise.resolve(diagonalOperator(Float32Array.of(sigmoid(x) * (1 - sigmoid(x)), 1))),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(0.5, 1));
    expect(found.stopped).toBe('outward');
    expect(found.outward?.losses).toBeNull();
    expect(found.theta[0]).toBeGreaterThan(4);
    expect(found.theta[1]).toBeCloseTo(0, 3);
  });

  it('says so where the gradient jumps and comes near zero nowhere', async () => {
    // Σ |x - k/50| over k = -50…50 less 3.3x/7: the gradient is a staircase without a step at zero, on a gentle slope.
    const kinks = Array.from({ length: 101 }, (_, k) => (k - 50) / 50);
    const slope = (x: number): number => kinks.reduce((sum, kink) => sum + Math.sign(x - kink), 0) / 101 + 0.0077 + 0.01 * x;
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([slope(x), y])),
      hessian: () => Promise.resolve(diagonalOperator(Float32Array.of(0.01, 1))),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(0.83, 0.4));
    expect(found.stopped).toBe('kinked');
    expect(found.gradientNorm).toBeLessThan(found.startGradientNorm);
  });

  it('states what single precision lets the gradient tell', async () => {
    const h = Float32Array.of(100, 1);
    const derivatives: Derivatives = {
      gradient: (theta, out) => Promise.resolve(out.set(theta.map((x, i) => (h[i] as number) * (x - 3)))),
      hessian: () => Promise.resolve(diagonalOperator(h)),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(1, 2));
    // Entries of size 3 are half a unit of 2⁻²² apart at most; the stiff one counts a hundredfold.
    expect(found.gradientRounding).toBeGreaterThan(0.25 * 100 * 2 ** -22);
    expect(found.gradientRounding).toBeLessThan(2 * 100 * 2 ** -22);
    expect(found.gradientNorm).toBeLessThanOrEqual(3 * found.gradientRounding);
  });

  it('keeps to the applications that it is given', async () => {
    const start = normalVector(net.dim, new Random(8)).map((x) => 0.7 * x);
    const found = await nearestCriticalPoint(net, start, { tolerance: 1e-12, maximumIterations: 200, totalApplications: 33 });
    expect(found.stopped).toBe('maximum');
    expect(found.applications).toBeLessThanOrEqual(34);
    expect(found.gradientNorm).toBeLessThan(found.startGradientNorm);
  });

  it('ends when cancelled', async () => {
    const source = new CancelSource();
    source.cancel();
    const found = await nearestCriticalPoint(net, normalVector(net.dim, new Random(1)), { cancel: source.token });
    expect(found).toMatchObject({ stopped: 'cancelled', iterations: 0 });
  });
});

describe('a damped Newton step', () => {
  it('reaches the floor of a quadratic at once', async () => {
    const h = Float32Array.of(100, 1, 0.01);
    const lossAt = (theta: Float32Array): Promise<number> =>
      Promise.resolve(theta.reduce((sum, x, i) => sum + 0.5 * (h[i] as number) * x * x, 0));
    const theta = Float32Array.of(1, 2, 3);
    const gain = await newtonGain(
      lossAt,
      diagonalOperator(h),
      theta,
      theta.map((x, i) => x * (h[i] as number)),
      1e-6,
      { tolerance: 1e-6 },
    );
    expect(gain?.measured).toBeCloseTo(await lossAt(theta), 3);
    expect(gain?.predicted).toBeCloseTo(gain?.measured ?? NaN, 3);
  });

  it('falls on a net where curvature is negative too, and measures what it states', async () => {
    const theta = normalVector(net.dim, new Random(2));
    const gradient = new Float32Array(net.dim);
    const before = await net.gradient(theta, gradient);
    const gain = await newtonGain(net.loss, await net.hessian(theta), theta, gradient, 1e-3);
    expect(gain).not.toBeNull();
    const after = await net.loss(theta.map((x, i) => x + (gain?.step[i] as number)));
    expect(before - after).toBeCloseTo(gain?.measured ?? NaN, 6);
    expect(gain?.measured).toBeGreaterThan(0);
  });
});

describe('Taylor picture of a step', () => {
  it('second order is exact on a quadratic and first order parts at once', async () => {
    const h = Float32Array.of(4, 1);
    const lossAt = (theta: Float32Array): Promise<number> =>
      Promise.resolve(1 + theta.reduce((sum, x, i) => sum + 0.5 * (h[i] as number) * x * x, 0));
    const theta = Float32Array.of(1, 1);
    const picture = await taylorPicture(lossAt, theta, Float32Array.of(4, 1), diagonalOperator(h), Float32Array.of(-0.4, -0.1));
    picture.actual.forEach((loss, i) => expect(picture.secondOrder[i]).toBeCloseTo(loss, 5));
    expect(picture.secondOrderPartsAt).toBeNull();
    expect(picture.firstOrderPartsAt).toBeLessThanOrEqual(0.5);
  });

  it('on a net both part, first order before second', async () => {
    const theta = normalVector(net.dim, new Random(6));
    const gradient = new Float32Array(net.dim);
    await net.gradient(theta, gradient);
    const step = gradient.map((g) => -0.3 * g);
    const picture = await taylorPicture(net.loss, theta, gradient, await net.hessian(theta), step);
    expect(picture.firstOrderPartsAt).not.toBeNull();
    expect(picture.secondOrderPartsAt ?? Infinity).toBeGreaterThanOrEqual(picture.firstOrderPartsAt as number);
    // Near the start the second order is off by the third power of the fraction.
    const off = (i: number): number => Math.abs((picture.actual[i] as number) - (picture.secondOrder[i] as number));
    expect(off(2) / off(1)).toBeGreaterThan(4);
    expect(off(2) / off(1)).toBeLessThan(12);
  });
});

it('a path down a ravine bounces along the stiff direction and is straight along its floor', () => {
  const h = Float32Array.of(1, 0.01);
  const theta = Float32Array.of(1, 10);
  const path = (rate: number): ReturnType<RavineAccount['progress']> => {
    const account = new RavineAccount(Float32Array.of(1, 0));
    const at = theta.slice();
    for (let i = 0; i < 30; i++) {
      const step = at.map((x, j) => -rate * (h[j] as number) * x);
      account.add(step);
      axpy(1, step, at);
    }
    return account.progress();
  };
  const bouncing = path(1.97);
  expect(bouncing).toMatchObject({ steps: 30, alternation: 1 });
  expect(bouncing.floorStraightness).toBeCloseTo(1, 5);
  expect(bouncing.straightness).toBeLessThan(0.2);
  expect(bouncing.stiffShare).toBeGreaterThan(0.8);
  expect(path(0.5).alternation).toBe(0);
});

describe('chords', () => {
  it('between a net and its copy with permuted units disprove convexity', async () => {
    let theta = normalVector(net.dim, new Random(12));
    const gradient = new Float32Array(net.dim);
    for (let step = 0; step < 3000; step++) {
      await net.gradient(theta, gradient);
      theta = theta.map((x, i) => x - 0.05 * (gradient[i] as number));
    }
    const [weight, bias, out] = net.parameters;
    const layout = unitLayout(weight as never, bias as never, out as never) as UnitLayout;
    const copy = permuteUnits(theta, layout, [1, 0, 3, 2]);
    const found = await chord(net.loss, theta, copy);
    expect(found.losses[0]).toBeCloseTo(found.losses[found.losses.length - 1] as number, 8);
    expect(found.disprovesConvexity).toBe(true);
    expect(found.barrier).toBeCloseTo(found.above, 6);
    expect(await net.loss(theta.map((x, i) => (x + (copy[i] as number)) / 2))).toBeGreaterThan(found.losses[0] as number);
  });

  it('of a convex loss never do', async () => {
    const lossAt = (theta: Float32Array): Promise<number> => Promise.resolve(dot(theta, theta));
    for (let seed = 0; seed < 20; seed++) {
      const source = new Random(seed);
      const found = await chord(lossAt, normalVector(5, source), normalVector(5, source));
      expect(found).toMatchObject({ disprovesConvexity: false, barrier: 0 });
    }
  });
});

describe('slices and surfaces', () => {
  const lossAt = ([x, y]: Float32Array): Promise<number> => Promise.resolve((x as number) ** 2 + 3 * (y as number));

  it('a slice is refined without evaluating twice', async () => {
    let count = 0;
    const counted = (theta: Float32Array): Promise<number> => (count++, lossAt(theta));
    const sizes: number[] = [];
    for await (const { positions, losses } of slice(counted, Float32Array.of(1, 0), Float32Array.of(2, 0), [-1, 1], 4)) {
      sizes.push(positions.length);
      positions.forEach((t, i) => expect(losses[i]).toBeCloseTo((1 + 2 * t) ** 2, 5));
    }
    expect(sizes).toEqual([3, 5, 9, 17]);
    expect(count).toBe(17);
  });

  it('a surface is whole at every level', async () => {
    let count = 0;
    const counted = (theta: Float32Array): Promise<number> => (count++, lossAt(theta));
    const plane = {
      centre: Float32Array.of(1, 1),
      x: Float32Array.of(1, 0),
      y: Float32Array.of(0, 1),
      xRange: [-2, 2],
      yRange: [0, 1],
    } as const;
    const sizes: number[] = [];
    for await (const { xs, ys, losses } of surface(counted, plane, 3)) {
      sizes.push(xs.length);
      ys.forEach((y, row) =>
        xs.forEach((x, column) => expect(losses[row * xs.length + column]).toBeCloseTo((1 + x) ** 2 + 3 * (1 + y), 5)),
      );
    }
    expect(sizes).toEqual([5, 9, 17]);
    expect(count).toBe(17 * 17);
  });

  it('both end at the point at which they are cancelled', async () => {
    const source = new CancelSource();
    let count = 0;
    const counted = (theta: Float32Array): Promise<number> => {
      if (++count === 40) source.cancel();
      return lossAt(theta);
    };
    const plane = {
      centre: Float32Array.of(1, 1),
      x: Float32Array.of(1, 0),
      y: Float32Array.of(0, 1),
      xRange: [-2, 2],
      yRange: [0, 1],
    } as const;
    let levels = 0;
    for await (const { losses } of surface(counted, plane, 5, source.token)) if (losses.length > 0) levels++;
    expect([levels, count]).toEqual([1, 40]);
    for await (const { losses } of slice(counted, Float32Array.of(1, 0), Float32Array.of(2, 0), [-1, 1], 4, source.token))
      if (losses.length > 0) levels++;
    expect([levels, count]).toEqual([1, 40]);
  });

  it('filter-normalised directions have the filters’ lengths and leave biases', () => {
    const theta = normalVector(net.dim, new Random(1));
    const direction = filterNormalisedDirection(theta, net.parameters, new Random(2));
    for (let unit = 0; unit < 4; unit++)
      expect(Math.abs(direction[unit] as number)).toBeCloseTo(Math.abs(theta[unit] as number), 5);
    expect(norm(direction.subarray(8, 12))).toBeCloseTo(norm(theta.subarray(8, 12)), 5);
    expect(norm(direction.subarray(4, 8)) + norm(direction.subarray(12))).toBe(0);
  });

  it('main directions of a trajectory are the principal components around its end', async () => {
    const source = new Random(7);
    const points = Array.from({ length: 12 }, (_, i) =>
      Float32Array.from({ length: 6 }, (__, j) => (j === 0 ? 5 * (12 - i) : j === 1 ? 3 * Math.sin(i) : 0.01 * source.normal())),
    );
    const directions = await principalDirections(points, 2, new Random(1));
    const last = points[11] as Float32Array;
    const covariance = new Float64Array(36);
    for (const point of points) {
      for (let i = 0; i < 6; i++) {
        for (let j = 0; j < 6; j++) {
          covariance[i * 6 + j] =
            (covariance[i * 6 + j] as number) +
            ((point[i] as number) - (last[i] as number)) * ((point[j] as number) - (last[j] as number));
        }
      }
    }
    const { values, vectors } = jacobiEigen(covariance, 6);
    const total = values.reduce((sum, x) => sum + x, 0);
    directions.forEach(({ vector, share }, k) => {
      expect(share).toBeCloseTo((values[5 - k] as number) / total, 5);
      expect(Math.abs(dot(vector, Float32Array.from(vectors[5 - k] as number[])))).toBeCloseTo(1, 4);
    });
  });
});
