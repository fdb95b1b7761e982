import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { effortOf, timesWithin } from '../../../src/probe/inspect/effort';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { InspectionPart } from '../../../src/records/inspection/part';
import { experiment, loop, minibatches, optimizer, perceptron, sourced } from '../../engine/experiments';
import { normalTensor, separableClasses } from '../../engine/twins';
import { benched, look, type Told } from './units';

const x = normalTensor([64, 8], 5);
const y = separableClasses(x);
// More than 200 parameters, so that the spectrum is estimated.
const classifier = experiment({
  model: perceptron([8, 20, 6, 3], 'tanh', 'crossEntropy'),
  optimizer: optimizer('sgd', 0.05, 6),
  batches: minibatches(16),
  loop: loop({ epochs: sourced(20) }),
});

/** The unit as if each step took so many operations. */
function dear(unit: BenchedUnit, flopsPerStep: number): BenchedUnit {
  const twin = Object.create(unit.twin, { flopsPerStep: { value: flopsPerStep } }) as BenchedUnit['twin'];
  return { ...unit, twin };
}

describe('the work of an inspection', () => {
  let unit: BenchedUnit;
  let cheap: Told;
  let held: { readonly unit: BenchedUnit; readonly told: Told };
  beforeAll(async () => {
    unit = await benched(classifier, x, y);
    cheap = await look(unit, 40);
    const big = dear(unit, 2e8);
    held = { unit: big, told: await look(big, 40) };
  }, 60_000);
  afterAll(() => unit.twin.dispose());

  const spent = ({ events }: Told, kinds: readonly InspectionPart['part'][]): { products: number; losses: number } => {
    const sum = { products: 0, losses: 0 };
    for (const event of events) {
      if (event.kind !== 'part' || !kinds.includes(event.part.part)) continue;
      sum.products += event.part.cost.applications;
      sum.losses += event.part.cost.evaluations;
    }
    return sum;
  };

  it('counts more for layers whose kernels are slow, in proportion to the rows', () => {
    const dense = effortOf(unit);
    const model = unit.experiment.model;
    if (!model) throw new Error('no model');
    const [first, ...rest] = model.nodes;
    if (!first) throw new Error('no layer');
    // The kind alone is read.
    const convolved = { ...model, nodes: [{ ...first, kind: 'conv2d' } as unknown as typeof first, ...rest] };
    const slow = effortOf({ ...unit, experiment: { ...unit.experiment, model: convolved } });
    expect(slow.step).toBeGreaterThan(dense.step);
    expect(slow.product - 5e6).toBeCloseTo(8 * (dense.product - 5e6), 0);
    expect(slow.evaluation - 2e6).toBeCloseTo(8 * (dense.evaluation - 2e6), 0);
  });

  it('fits what is done often into its share', () => {
    expect(timesWithin(100, 7, 3, 50)).toBe(14);
    expect(timesWithin(100, 7, 20, 50)).toBe(20);
    expect(timesWithin(100, 1, 3, 50)).toBe(50);
  });

  it('takes fewer products, coarser planes and shorter tries where each is dear, and says so in the parts', () => {
    const { told } = held;
    expect(spent(told, ['density', 'conditioning']).products).toBeLessThan(
      spent(cheap, ['density', 'conditioning']).products / 2,
    );
    expect(spent(told, ['frame']).products).toBeLessThan(spent(cheap, ['frame']).products / 2);
    expect(told.part('density').lanczosSteps * told.part('density').probes).toBeLessThan(
      cheap.part('density').lanczosSteps * cheap.part('density').probes,
    );
    expect(told.part('surface', 'surface random').levels).toBeLessThan(cheap.part('surface', 'surface random').levels);
    const steps = (of: Told): number =>
      of
        .part('remedies')
        .tried.find(({ curve }) => curve)
        ?.curve?.steps.at(-1) ?? 0;
    expect(steps(told)).toBeLessThan(steps(cheap));
    expect(steps(told)).toBeGreaterThan(0);
  });

  it('keeps all parts together within a bound of counted work', () => {
    const { product, evaluation } = effortOf(held.unit);
    const all = spent(held.told, [...new Set(held.told.events.flatMap((e) => (e.kind === 'part' ? [e.part.part] : [])))]);
    expect(all.products * product + all.losses * evaluation).toBeLessThan(1e12);
    for (const part of ['verdict', 'density', 'conditioning', 'ravine', 'noise', 'minima'] as const) {
      expect(held.told.has(part)).toBe(true);
    }
  });
});
