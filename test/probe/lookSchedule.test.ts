import { fc } from '../support/property';
import { describe, expect, it } from 'vitest';
import { scheduleLooks, type CountedLooks } from '../../src/probe/lookSchedule';

const net: CountedLooks = {
  steps: 2000,
  flopsPerStep: 8e8,
  flopsPerRow: 3e6,
  parameters: 670_000,
  tensors: 6,
  probeRows: 64,
  curvatureSteps: [0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 667, 2000],
  mostEvaluations: 40,
};

const lastHalf = (steps: readonly number[], of: number): number => steps.filter((step) => step >= of / 2).length;

describe('the schedule of looks', () => {
  it('looks often where steps are dear, and seldom where a look costs as much as several steps', () => {
    const dear = scheduleLooks(net);
    const cheap = scheduleLooks({ ...net, flopsPerStep: 1.5e5, flopsPerRow: 2e3, parameters: 337 });
    expect(dear.gradientSteps.length).toBeGreaterThan(40);
    expect(cheap.gradientSteps.length).toBeLessThan(30);
    expect(cheap.evaluationSteps.length).toBeLessThan(dear.evaluationSteps.length);
  });

  it('takes more looks in a longer run, and the more where each of them costs less', () => {
    const counts = [500, 5000, 50_000].map(
      (steps) => scheduleLooks({ ...net, flopsPerStep: 5e6, parameters: 1e4, steps }).gradientSteps.length,
    );
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[2]).toBeGreaterThan(counts[0] as number);
  });

  it('leaves enough for medians and trends over the last half, however short the run and small the net', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 30_000 }),
        fc.double({ min: 1e3, max: 1e9, noNaN: true }),
        fc.integer({ min: 1, max: 60 }),
        (steps, flopsPerStep, tensors) => {
          const { evaluationSteps, gradientSteps } = scheduleLooks({
            ...net,
            steps,
            flopsPerStep,
            tensors,
            curvatureSteps: [0, 1, 2, 4, 8, steps],
          });
          expect(lastHalf(evaluationSteps, steps)).toBeGreaterThanOrEqual(8);
          expect(lastHalf(gradientSteps, steps)).toBeGreaterThanOrEqual(8);
          for (const list of [evaluationSteps, gradientSteps]) expect(list).toEqual([...new Set(list)].sort((a, b) => a - b));
          expect(gradientSteps[0]).toBe(0);
          expect(gradientSteps.at(-1)).toBe(steps - 1);
          expect(evaluationSteps.at(-1)).toBe(steps);
        },
      ),
    );
  });

  it('looks at units in every point of the curvature where steps are dear, at fewer where they are cheap, at the ends always', () => {
    const { unitSteps: dear } = scheduleLooks(net);
    expect(dear).toEqual(net.curvatureSteps);
    for (const flopsPerStep of [1.5e5, 7e6]) {
      const { unitSteps } = scheduleLooks({ ...net, flopsPerStep, flopsPerRow: 6e4, parameters: 9610, probeRows: 128 });
      expect(unitSteps.length).toBeGreaterThanOrEqual(6);
      expect(unitSteps.length).toBeLessThan(12);
      expect([unitSteps[0], unitSteps.at(-1)]).toEqual([0, 2000]);
      for (const step of unitSteps) expect(net.curvatureSteps).toContain(step);
    }
  });

  it('does not stop twice close together, but for the first steps and a third of the run', () => {
    const { evaluationSteps } = scheduleLooks({ ...net, flopsPerStep: 1.5e5, parameters: 337 });
    const stops = [...new Set([...evaluationSteps, ...net.curvatureSteps])].sort((a, b) => a - b);
    for (const early of [0, 1, 2, 4, 8, 667, 2000]) expect(evaluationSteps).toContain(early);
    stops.slice(1).forEach((step, i) => {
      const before = stops[i] ?? 0;
      if (step > 16) expect(step - before, `${before} and ${step}`).toBeGreaterThan(0.03 * step);
    });
  });

  it('looks where the run stops in any case while looks are few', () => {
    const { evaluationSteps, gradientSteps } = scheduleLooks({ ...net, flopsPerStep: 1.5e5, parameters: 337 });
    const stops = new Set([...evaluationSteps, ...net.curvatureSteps]);
    for (const step of gradientSteps) expect(stops.has(step + 1), `step ${step}`).toBe(true);
  });
});
