import { describe, expect, it } from 'vitest';
import { never } from '../../../src/base/cancel';
import type { BenchedUnit } from '../../../src/probe/inspect/unitBench';
import type { Tensor } from '../../../src/records/dataset';
import type { Optimizer } from '../../../src/records/optimizer';
import { experiment, fullBatch, loop, optimizer, sourced } from '../../engine/experiments';
import { normalTensor } from '../../engine/twins';
import { benched, look, plainNet } from './units';

const rows = 96;
const x = normalTensor([rows, 3], 1);
const noise = normalTensor([rows, 1], 2).values as Float32Array;
const raw = noise.map((value, row) => (x.values[3 * row] as number) + 0.3 * value);
const mean = raw.reduce((sum, value) => sum + value / rows, 0);
/** Without a mean, so that a net near zero has no way out but its saddle's. */
const y: Tensor = { shape: [rows, 1], values: raw.map((value) => value - mean) };

const nearSaddle = (o: Optimizer): Promise<BenchedUnit> =>
  benched(
    experiment({
      model: plainNet([3, 4, 1], 'tanh', { kind: 'normal', mean: 0, deviation: 1e-4 }),
      optimizer: o,
      batches: fullBatch,
      loop: loop({ epochs: sourced(3000) }),
    }),
    x,
    y,
  );

/** Steps that the optimizer itself takes until a hundredth of the loss is gone. */
async function stepsOf({ course, loss }: BenchedUnit, most: number): Promise<number> {
  const { run } = course;
  const before = await loss.lossAt(run.theta);
  for (let steps = 1; steps <= most; steps++) {
    await run.advance(1, never);
    if ((await loss.lossAt(run.theta)) < 0.99 * before) return steps;
  }
  return Infinity;
}

const kinds: readonly (readonly [string, Optimizer])[] = [
  ['SGD', optimizer('sgd', 0.05, 4)],
  ['momentum', optimizer('sgd', 0.02, 4, { momentum: 0.9 })],
  ['momentum with dampening', optimizer('sgd', 0.02, 4, { momentum: 0.9, dampening: 0.5 })],
  ['Nesterov', optimizer('sgd', 0.02, 4, { momentum: 0.9, nesterov: true })],
  ['RMSprop', optimizer('rmsprop', 5e-5, 4)],
  ['Adam', optimizer('adam', 1e-3, 4)],
  ['AdamW', optimizer('adamw', 1e-3, 4, { weightDecay: 0.01 })],
  ['Adagrad', optimizer('adagrad', 1e-3, 4)],
  ['Adamax', optimizer('adamax', 1e-3, 4)],
  ['NAdam', optimizer('nadam', 1e-3, 4)],
  ['RAdam', optimizer('radam', 1e-3, 4)],
];

describe('the steps that are foretold out of a saddle', () => {
  it.each(kinds)('%s takes about as many', async (_, o) => {
    const unit = await nearSaddle(o);
    for (const step of [0, 4]) {
      const told = await look(unit, step);
      expect(told.part('verdict').kind).toBe('saddle');
      const { expectedSteps, foretold, matters } = told.part('escape');
      expect(foretold).toBe(true);
      expect([step, matters]).toEqual([step, true]);
      const before = unit.course.run.snapshot();
      const taken = await stepsOf(unit, 3000);
      unit.course.run.restore(before);
      expect((expectedSteps ?? NaN) / taken).toBeGreaterThan(0.5);
      expect((expectedSteps ?? NaN) / taken).toBeLessThan(2);
    }
    unit.twin.dispose();
  });
});
