import { afterEach, describe, expect, it } from 'vitest';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { ModelGraph } from '../../../src/records/model/graph';
import type { Tensor } from '../../../src/records/dataset';
import { experiment, loop, ModelBuilder, optimizer, sourced } from '../../engine/experiments';
import { normalTensor } from '../../engine/twins';
import { benched, denseSpectrum, look } from './units';

const x = normalTensor([80, 2], 3);
/** A line with errors of a tenth. */
const y: Tensor = {
  shape: [80, 1],
  values: normalTensor([80, 1], 5).values.map((noise, row) => 0.1 * noise + 2 * (x.values[2 * row] as number)),
};

const units: BenchedUnit[] = [];
afterEach(() => units.splice(0).forEach(({ twin }) => twin.dispose()));

function line(delta: number | null): ModelGraph {
  const model = new ModelBuilder();
  const out = model.linear(model.input(), 'fc', 2, 1);
  const target = model.beginLoss();
  const loss =
    delta === null
      ? model.call('l1', [out, target], { reduction: 'mean' })
      : model.call('huber', [out, target], { reduction: 'mean', delta });
  return model.finish(out, loss);
}

async function unitOf(delta: number | null, rate = 0.3): Promise<BenchedUnit> {
  const steps = { optimizer: optimizer('sgd', rate, 2), loop: loop({ epochs: sourced(300) }) };
  const unit = await benched(experiment({ model: line(delta), ...steps }), x, y);
  units.push(unit);
  return unit;
}

describe('losses whose gradient bends and does not jump', () => {
  it('are judged by their Hessian where no error comes to the bend', async () => {
    const unit = await unitOf(1);
    const verdict = (await look(unit, 300)).part('verdict');
    expect(verdict.kind).toBe('minimum');
    const exact = await denseSpectrum(unit, unit.course.run.theta.slice());
    expect(verdict.smallest.value / (exact[0] as number)).toBeCloseTo(1, 2);
    expect(verdict.couldHaveMissed.join()).toContain('straight line');
  });

  it('let their critical points be searched for, as those that jump do not', async () => {
    const unit = await unitOf(1);
    const near = await look(unit, 20, true);
    expect(near.part('point').search?.stopped).toBe('critical');
    expect(near.part('verdict').kind).toBe('minimum');
    expect((await look(await unitOf(null), 20, true)).reason).toContain('kinks');
  });

  it('stay undecided where errors cross the bend within a step', async () => {
    const verdict = (await look(await unitOf(0.002, 2), 300)).part('verdict');
    expect(['undecided second order', 'not critical']).toContain(verdict.kind);
    expect(verdict.asymmetry).toBeNull();
  });
});
