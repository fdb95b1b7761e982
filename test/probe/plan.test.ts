import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { longestWork, planRun, type CountedWork } from '../../src/probe/plan';
import { evenSteps, geometricSteps } from '../../src/probe/spacing';

const small: CountedWork = {
  flopsPerStep: 1e6,
  flopsPerRow: 2e4,
  parameters: 1000,
  tensors: 4,
  totalSteps: 300,
  trainRows: 150,
  validationRows: 50,
};

describe('planRun', () => {
  it("runs a small script's own epochs to the end, on all rows", () => {
    const plan = planRun(small);
    expect(plan).toMatchObject({ steps: 300, ofSteps: 300, probeRows: 150, validationRows: 50 });
  });

  it('cuts a long script by counted work and says of how many', () => {
    const plan = planRun({ ...small, flopsPerStep: 1e8, totalSteps: 1e6 });
    expect(plan.steps).toBeLessThan(1000);
    expect(plan.steps).toBeGreaterThanOrEqual(300);
    expect(plan.ofSteps).toBe(1e6);
  });

  it('never plans more than the longest work', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e3, max: 1e11, noNaN: true }),
        fc.integer({ min: 1, max: 1e7 }),
        (flopsPerStep, totalSteps) => {
          const { steps } = planRun({ ...small, flopsPerStep, totalSteps });
          expect(steps).toBeGreaterThanOrEqual(1);
          expect(steps).toBeLessThanOrEqual(totalSteps);
          if (steps > 1) expect(steps * flopsPerStep).toBeLessThanOrEqual(longestWork);
        },
      ),
    );
  });

  it('is the same for the same counts', () => expect(planRun(small)).toEqual(planRun({ ...small })));

  it('takes fewer probe rows where rows are dear', () => {
    const cheap = planRun({ ...small, trainRows: 60_000 });
    const dear = planRun({ ...small, flopsPerRow: 5e6, trainRows: 60_000 });
    expect(cheap.probeRows).toBe(4096);
    expect(dear.probeRows).toBe(64);
  });

  it('keeps the measuring of a dear net within a few times its training', () => {
    const plan = planRun({ ...small, flopsPerStep: 4e9, flopsPerRow: 6.5e7, trainRows: 2000, totalSteps: 448 });
    const products = 2 * plan.curvatureSteps.length * plan.lanczosProducts;
    expect(products * 2.5 * plan.probeRows * 6.5e7).toBeLessThan(3 * longestWork);
    expect(plan.curvatureSteps).toContain(plan.steps);
    expect(plan.trials).toBeLessThan(8);
  });
});

describe('the steps that are measured', () => {
  it.each([
    [1, [0, 1]],
    [10, [0, 1, 2, 4, 10]],
    [100, [0, 1, 2, 4, 8, 16, 32, 33, 64, 100]],
  ])('are geometric over %i steps', (steps, expected) => expect(geometricSteps(steps)).toEqual(expected));

  it.each([1, 2, 7, 100, 4000])('hold the start, a third and the end of %i', (steps) => {
    const points = evenSteps(steps, 60);
    expect(points[0]).toBe(0);
    expect(points).toContain(Math.round(steps / 3));
    expect(points[points.length - 1]).toBe(steps);
    expect(points).toEqual([...new Set(points)].sort((a, b) => a - b));
  });
});
