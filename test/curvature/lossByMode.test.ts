import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { diagonalOperator } from '../../src/curvature/dense';
import { lossByMode, slowShare } from '../../src/curvature/lossByMode';
import { expectCoverage } from './coverage';

/** Spectra with bulks, ravines, outliers, zeros and negative curvature. */
const spectra: Readonly<Record<string, (random: Random, i: number) => number>> = {
  uniform: (random) => random.uniform(0.001, 1),
  ravine: (random) => 10 ** random.uniform(-4, 1),
  outliers: (random, i) => (i < 8 ? 10 ** random.uniform(0, 2) : random.uniform(1e-3, 0.1)),
  indefinite: (random, i) => (i < 8 ? 10 ** random.uniform(0, 1.5) : random.uniform(-0.05, 0.1)),
  singular: (random, i) => (i % 3 === 0 ? 0 : 10 ** random.uniform(-3, 1)),
};
/** How the gradient lies in them: as beside a minimum, as of noise in equilibrium, or without regard to curvature. */
const gradients: Readonly<Record<string, (curvature: number) => number>> = {
  'beside a minimum': (curvature) => Math.abs(curvature),
  'of noise': (curvature) => Math.sqrt(Math.abs(curvature)),
  'of any kind': () => 1,
};
const kinds = Object.keys(spectra).flatMap((spectrum) => Object.keys(gradients).map((gradient) => ({ spectrum, gradient })));

describe('what is left of the loss, by curvature', () => {
  it.each(kinds)(
    'covers its share in slow modes and all of it: $spectrum, gradient $gradient',
    async ({ spectrum, gradient }) => {
      for (const of of ['slow', 'left'] as const) {
        // The truth is another for every seed: what is told less the truth must hold 0.
        await expectCoverage(of, 0, async (random) => {
          const problem = drawn(random, spectrum, gradient);
          const modes = await lossByMode(diagonalOperator(problem.curvatures), problem.gradient, problem.steps);
          const told = of === 'slow' ? slowShare(modes, problem.threshold) : modes.left;
          if (told === null) throw new Error('nothing left');
          // Single precision is of the size of what is told.
          const unit = of === 'slow' ? 1 : problem.left;
          return { value: (told.value - problem[of]) / unit, error: told.error / unit + 1e-5 };
        });
      }
    },
  );

  it('is told the more exactly the more steps are taken', async () => {
    const problem = drawn(new Random(5), 'ravine', 'beside a minimum');
    const errors: number[] = [];
    for (const steps of [8, 16, 32, 64]) {
      const modes = await lossByMode(diagonalOperator(problem.curvatures), problem.gradient, steps);
      errors.push(slowShare(modes, problem.threshold)?.error ?? NaN, modes.left.error);
    }
    expect(errors[6]).toBeLessThan(0.2 * (errors[0] as number));
    expect(errors[7]).toBeLessThan(0.2 * (errors[1] as number));
  });

  it('is exact where the Krylov space is whole, and open after too few steps', async () => {
    const h = Float32Array.of(0.01, 1, 10);
    const whole = await lossByMode(diagonalOperator(h), Float32Array.of(0.1, 1, 1));
    expect(whole.left.error).toBeLessThan(1e-4 * whole.left.value);
    expect(slowShare(whole, 0.1)?.error).toBeLessThan(1e-4);
    const short = await lossByMode(diagonalOperator(h), Float32Array.of(0.1, 1, 1), 2);
    expect(short.left.error).toBe(Infinity);
    expect(slowShare(short, 0.1)?.error).toBe(1);
  });
});

function drawn(random: Random, spectrum: string, kind: string) {
  const dim = 40 + random.integer(300);
  const curvatures = Float32Array.from({ length: dim }, (_, i) => spectra[spectrum]?.(random, i) ?? 0);
  const gradient = curvatures.map((curvature) => random.normal() * (gradients[kind]?.(curvature) ?? 0));
  const threshold = 10 ** random.uniform(-3.5, 0.5);
  const steps = 16 + 8 * random.integer(3);
  const floor = 1e-6 * curvatures.reduce((most, curvature) => Math.max(most, Math.abs(curvature)), 0);
  const losses = Array.from(curvatures, (h, i) => (h > floor ? (gradient[i] as number) ** 2 / (2 * h) : 0));
  const left = losses.reduce((sum, loss) => sum + loss, 0);
  const slow = losses.reduce((sum, loss, i) => ((curvatures[i] as number) < threshold ? sum + loss : sum), 0) / left;
  return { curvatures, gradient, threshold, steps, left, slow };
}
