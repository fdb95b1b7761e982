import { expect } from 'vitest';
import { Random } from '../../src/base/random';
import type { Estimate } from '../../src/curvature/estimate';

/**
 * Runs an estimator with 200 fixed seeds and asks that the truth lies within its error bar in at least 90 % of them
 * (a correct 95 % bar would fall short of 95 of 100 in half of all trials).
 */
export async function expectCoverage(
  name: string,
  truth: number,
  estimate: (random: Random) => Promise<Omit<Estimate, 'applications'>> | Omit<Estimate, 'applications'>,
): Promise<void> {
  let covered = 0;
  for (let seed = 0; seed < 200; seed++) {
    const { value, error } = await estimate(new Random(1000 + seed));
    // Entries and images are in single precision.
    if (Math.abs(value - truth) <= error + 2e-6 * Math.abs(truth) + 1e-6) covered++;
  }
  expect(covered, `${name}: covered of 200`).toBeGreaterThanOrEqual(180);
}
