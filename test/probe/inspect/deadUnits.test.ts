import { afterEach, describe, expect, it } from 'vitest';
import { never } from '../../../src/base/cancel';
import { inspectPoint } from '../../../src/probe/inspect/point';
import { CostMeter, openSpot } from '../../../src/probe/inspect/spot';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import { inspectVerdict } from '../../../src/probe/inspect/verdict';
import type { InspectedVerdict } from '../../../src/records/inspection/verdict';
import type { Tensor } from '../../../src/records/dataset';
import { experiment, loop, optimizer, sourced } from '../../engine/experiments';
import { benched, denseSpectrum, look, plainNet } from './units';

/** In [0, 1]: what reads them with negative weights only is zero. */
const x: Tensor = { shape: [60, 2], values: Float32Array.from({ length: 120 }, (_, i) => 0.5 + 0.5 * Math.sin(7 * i)) };
const y: Tensor = {
  shape: [60, 1],
  values: Float32Array.from({ length: 60 }, (_, row) => 1 + 2 * (x.values[2 * row] as number) + Math.sin(9 * row)),
};

const units: BenchedUnit[] = [];
afterEach(() => units.splice(0).forEach(({ twin }) => twin.dispose()));

async function unitOf(value: number, { epochs = 400, decay = 0 } = {}): Promise<BenchedUnit> {
  const model = plainNet([2, 4, 1], 'relu', { kind: 'constant', value });
  const steps = optimizer('sgd', 0.1, model.parameters.length, { weightDecay: decay });
  const unit = await benched(experiment({ model, optimizer: steps, loop: loop({ epochs: sourced(epochs) }) }), x, y);
  units.push(unit);
  return unit;
}

async function verdictAt(unit: BenchedUnit, theta: Float32Array): Promise<InspectedVerdict> {
  const spot = await openSpot({ unit, step: 0, theta, ownStep: null, origin: null, cancel: never });
  const meter = new CostMeter(unit.loss);
  const point = await inspectPoint(spot, null, { norm: 1e4, step: 0 }, meter);
  const { part } = await inspectVerdict(spot, point, meter);
  spot.operator.dispose();
  return part;
}

describe('units that are zero on every row', () => {
  it('are named where all are, and leave the mean of the targets as a minimum of the one bias that is left', async () => {
    const unit = await unitOf(-1);
    const verdict = (await look(unit, 400)).part('verdict');
    expect(verdict.dead).toEqual([{ layer: '0', of: 4, units: [0, 1, 2, 3] }]);
    const exact = await denseSpectrum(unit, unit.course.run.theta.slice());
    expect(verdict.deadParameters).toBe(exact.filter((value) => value === 0).length);
    expect(verdict.largest.value).toBeCloseTo(exact[exact.length - 1] as number, 3);
    expect(verdict.smallest.value).toBeCloseTo(2, 5);
    expect(verdict.kind).toBe('minimum');
    expect(verdict.reasons.join()).toContain('flat in 16 directions, those of units that are zero on every row');
    expect(verdict.couldHaveMissed.join()).toContain('wake up');
  });

  it('are told from living ones, beside which the rest of the spectrum is that of the net without them', async () => {
    const unit = await unitOf(0.3);
    const theta = unit.course.run.theta.slice();
    const [weight, bias, out] = unit.twin.parameters;
    for (const dead of [1, 3]) {
      theta.fill(-0.7, (weight?.offset ?? 0) + 2 * dead, (weight?.offset ?? 0) + 2 * dead + 2);
      theta[(bias?.offset ?? 0) + dead] = -0.1;
    }
    theta[(weight?.offset ?? 0) + 4] = -0.2;
    theta[(out?.offset ?? 0) + 2] = 0.9;
    const verdict = await verdictAt(unit, theta);
    expect(verdict.dead).toEqual([{ layer: '0', of: 4, units: [1, 3] }]);
    expect(verdict.deadParameters).toBe(2 * (2 + 1 + 1));
    const exact = await denseSpectrum(unit, theta, 1e-3);
    const [low, high] = [exact[0] as number, exact[exact.length - 1] as number];
    expect(exact.filter((value) => value === 0).length).toBeGreaterThanOrEqual(8);
    expect(Math.abs(verdict.largest.value - high)).toBeLessThan(0.01 * high);
    expect(Math.abs(verdict.smallest.value - low)).toBeLessThan(0.01 * high);
  });

  it('are none in a net of zeros, where the same gradients vanish and a little of both weights is felt', async () => {
    const verdict = await verdictAt(await unitOf(0), new Float32Array(17));
    expect(verdict).toMatchObject({ dead: [], deadParameters: 0 });
  });

  it('are named beside a decay, which curves their directions and moves them', async () => {
    const unit = await unitOf(-1, { decay: 0.01 });
    const theta = unit.course.run.theta.slice();
    const verdict = await verdictAt(unit, theta);
    expect(verdict.dead).toEqual([{ layer: '0', of: 4, units: [0, 1, 2, 3] }]);
    expect(verdict.deadParameters).toBe(0);
    expect(verdict.smallest.value).toBeCloseTo(0.01, 4);
  });
});
