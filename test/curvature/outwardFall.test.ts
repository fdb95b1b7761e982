import { describe, expect, it } from 'vitest';
import { diagonalOperator } from '../../src/curvature/dense';
import { nearestCriticalPoint, type Derivatives } from '../../src/curvature/nearestCriticalPoint';
import { fallsOutward, fallsWithinRounding } from '../../src/curvature/outwardFall';

describe('a loss that falls for ever', () => {
  it('calls nothing critical whose gradient has faded to rounding on the way outward, and shows how the loss falls', async () => {
    // log(1 + e⁻ˣ) + y²/2 at x = 120: in single precision its gradient is 0.
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(x));
    const derivatives: Derivatives = {
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([-sigmoid(x), y])),
      hessian: ([x = 0]) => Promise.resolve(diagonalOperator(Float32Array.of(sigmoid(x) * (1 - sigmoid(x)), 1))),
      loss: ([x = 0, y = 0]) => Promise.resolve(Math.log1p(Math.exp(-x)) + (y * y) / 2),
    };
    const found = await nearestCriticalPoint(derivatives, Float32Array.of(120, 0));
    expect(found).toMatchObject({ stopped: 'outward', gradientNorm: 0 });
    const { losses } = found.outward ?? {};
    expect(losses?.[0]).toBeGreaterThan(losses?.[1] ?? NaN);
    expect(losses?.[1]).toBeGreaterThan(losses?.[6] ?? NaN);
  });

  it('looks along rays that it is given, and calls what is critical so for all of them', async () => {
    // log(1 + e⁻ˣ) falls for ever along x; with a pull to the middle, or a row on the other side, there is a minimum.
    const sigmoid = (x: number): number => 1 / (1 + Math.exp(x));
    const problem = (other: number, pull: number): Derivatives => ({
      gradient: ([x = 0, y = 0], out) => Promise.resolve(out.set([pull * x - sigmoid(x) + other * sigmoid(-x), 4 * (y - 3)])),
      hessian: ([x = 0]) =>
        Promise.resolve(diagonalOperator(Float32Array.of(pull + (1 + other) * sigmoid(x) * (1 - sigmoid(x)), 4))),
      loss: ([x = 0, y = 0]) =>
        Promise.resolve((pull * x * x) / 2 + Math.log1p(Math.exp(-x)) + other * Math.log1p(Math.exp(x)) + 2 * (y - 3) ** 2),
    });
    const rays = [{ name: 'x', direction: ([x = 0]: Float32Array) => Float32Array.of(x, 0) }];
    const ended = async (other: number, pull: number): Promise<string> =>
      (await nearestCriticalPoint(problem(other, pull), Float32Array.of(0.5, 1), { rays, maximumIterations: 200 })).stopped;
    expect(await ended(0, 0)).toBe('outward');
    for (const [other, pull] of [[0, 1e-3], [0, 0.1], [1e-3, 0], [0.5, 0]] as const)
      expect(await ended(other, pull), `${other}, ${pull}`).toBe('critical'); // prettier-ignore
  });

  it('takes no slope that stays for a loss that falls for ever towards a limit', async () => {
    const place = (x: number, slope: number) => ({
      theta: Float32Array.of(x),
      gradient: Float32Array.of(slope),
      norm: Math.abs(slope),
    });
    const ray = { name: 'x', direction: (theta: Float32Array) => theta, fades: 'part' } as const;
    const plateau = {
      gradient: (_: Float32Array, out: Float32Array) => Promise.resolve(out.fill(-1e-3)),
      loss: ([x = 0]: Float32Array) => Promise.resolve(1 - 1e-3 * x),
    };
    expect(await fallsOutward(plateau, place(2, -1e-3), ray, 0)).toBeNull();
    const fading = {
      gradient: ([x = 0]: Float32Array, out: Float32Array) => Promise.resolve(out.fill(-Math.exp(-x))),
      loss: ([x = 0]: Float32Array) => Promise.resolve(0.3 + Math.exp(-x)),
    };
    expect((await fallsOutward(fading, place(2, -Math.exp(-2)), ray, 0))?.losses?.[1]).toBeCloseTo(0.3 + Math.exp(-2), 6);
  });

  it('is told from a zero where the gradient is rounding on either side', async () => {
    const at = (loss: (x: number) => number, slope: (x: number) => number): Promise<boolean> => {
      const place = { theta: Float32Array.of(14), gradient: Float32Array.of(slope(14)), norm: Math.abs(slope(14)) + 1e-7 };
      const derivatives = {
        gradient: ([x = 0]: Float32Array, out: Float32Array) => Promise.resolve(out.fill(slope(x))),
        loss: ([x = 0]: Float32Array) => Promise.resolve(Math.fround(loss(x))),
      };
      return fallsWithinRounding(derivatives, place, Float32Array.of(1));
    };
    expect(await at((x) => 0.477 + Math.exp(-x), (x) => -Math.exp(-x))).toBe(true); // prettier-ignore
    const bowl = (bend: number): Promise<boolean> => at((x) => 0.477 + bend * (x - 14) ** 2, (x) => 2 * bend * (x - 14)); // prettier-ignore
    for (const bend of [0, 1e-8, 1e-3, -1e-3]) expect(await bowl(bend), `${bend}`).toBe(false);
  });
});
