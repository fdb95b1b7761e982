import { expect, it } from 'vitest';
import { planRun } from '../../src/probe/plan';
import { openProbe } from '../../src/probe/probeRows';
import { workOf } from '../../src/probe/work';
import { dataset, experiment, minibatches, optimizer, perceptron } from '../engine/experiments';
import { normalTensor, twinOf } from '../engine/twins';

it('takes all rows of small data, mixed, the same for the same seed', async () => {
  const unit = experiment({
    model: perceptron([3, 4, 1], 'tanh', 'mse'),
    optimizer: optimizer('sgd', 0.1, 4),
    batches: minibatches(8),
  });
  const twin = await twinOf(unit, dataset(normalTensor([60, 3], 1), normalTensor([60, 1], 2)));
  const plan = planRun(workOf(twin));
  const rowsOf = (seed: number): number[] => {
    const probe = openProbe(twin, plan, seed);
    const rows = [...probe.train.rows];
    probe.dispose();
    return rows;
  };
  const [rows, again] = [rowsOf(0), rowsOf(0)];
  twin.dispose();
  expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  expect(rows).not.toEqual([...rows].sort((a, b) => a - b));
  expect(again).toEqual(rows);
});
