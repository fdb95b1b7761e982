import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { lowerModel } from '../../src/engine/lowerModel';
import { rowTensors } from '../../src/engine/rows';
import { withoutIgnored } from '../../src/engine/withoutIgnored';
import type { Split } from '../../src/records/dataset';
import { dataset, here, ModelBuilder, plainCrossEntropy, experiment, optimizer } from './experiments';
import { twinOf } from './twins';

/** A linear layer under a cross-entropy that ignores class -100. */
function classifier() {
  const model = new ModelBuilder();
  const scores = model.linear(model.input(), 'net', 2, 3);
  const target = model.beginLoss();
  return model.finish(scores, model.call('crossEntropy', [scores, target], plainCrossEntropy));
}

const x = { shape: [4, 2], values: Float32Array.of(1, 2, -1, 0.5, 0.25, -2, 3, 1) };
const splitOf = (classes: readonly number[]): Split => ({
  inputs: [x],
  targets: [{ shape: [4], values: Int32Array.from(classes) }],
  rows: Int32Array.of(0, 1, 2, 3),
});

/** What the losses of `classifier` ignore once the classes of the data are known. */
function ignoredFor(...splits: readonly Split[]): (number | null)[] {
  const model = classifier();
  const [first] = splits;
  const lowered = first && lowerModel(model, first, {}, { rows: 4, batchNorm: 'train', dropout: true }, here);
  if (!lowered?.ok) throw new Error('it does not fit');
  const { nodes } = withoutIgnored(model, lowered.value.indexChecks, splits.flatMap(rowTensors));
  return nodes.flatMap((node) => (node.kind === 'crossEntropy' ? [node.arguments.ignoreIndex] : []));
}

describe('a loss that ignores a class', () => {
  test('asks no row for it where no row of the data is of it', () => {
    expect(ignoredFor(splitOf([0, 1, 2, 1]))).toEqual([null]);
    expect(ignoredFor(splitOf([0, 1, 2, 1]), splitOf([2, 2, 0, 0]))).toEqual([null]);
  });

  test('keeps what the script says where a row of either part is', () => {
    expect(ignoredFor(splitOf([0, -100, 2, 1]))).toEqual([-100]);
    expect(ignoredFor(splitOf([0, 1, 2, 1]), splitOf([-100, 1, 2, 1]))).toEqual([-100]);
  });

  test('gives the loss of the rows that count, and takes fewer operations where all do', async () => {
    const unit = experiment({ model: classifier(), optimizer: optimizer('sgd', 0.1, 2) });
    const lossOf = async (classes: readonly number[]): Promise<readonly [number, Float32Array, number]> => {
      const twin = await twinOf(unit, dataset(x, { shape: [4], values: Int32Array.from(classes) }));
      const run = twin.start(0);
      const theta = run.theta.slice();
      const { columns } = await run.advance(1, never);
      return [columns.get('loss')?.[0] ?? NaN, theta, twin.flopsPerStep];
    };
    const [all, theta, flops] = await lossOf([0, 1, 2, 1]);
    const [some, , more] = await lossOf([0, -100, 2, 1]);
    const rowLoss = (row: number, target: number): number => {
      const scores = [0, 1, 2].map(
        (unitNumber) =>
          (theta[6 + unitNumber] ?? 0) +
          [0, 1].reduce((sum, k) => sum + (theta[2 * unitNumber + k] ?? 0) * (x.values[2 * row + k] ?? 0), 0),
      );
      return Math.log(scores.reduce((sum, score) => sum + Math.exp(score), 0)) - (scores[target] ?? 0);
    };
    expect(all).toBeCloseTo((rowLoss(0, 0) + rowLoss(1, 1) + rowLoss(2, 2) + rowLoss(3, 1)) / 4, 6);
    expect(some).toBeCloseTo((rowLoss(0, 0) + rowLoss(2, 2) + rowLoss(3, 1)) / 3, 6);
    expect(flops).toBeLessThan(more);
  });
});
