import { describe, expect, test } from 'vitest';
import { Random } from '../../src/base/random';
import { batchesPerEpoch, BatchStream, lastBatchRows, type BatchPlan } from '../../src/engine/batches';

const plan = (parts: Partial<BatchPlan>): BatchPlan => ({
  sampling: 'epochs',
  rows: 10,
  batchSize: 4,
  shuffle: true,
  dropLast: false,
  ...parts,
});
const epochOf = (stream: BatchStream, epoch: number): number[][] =>
  Array.from({ length: stream.perEpoch }, (_, i) => [...stream.at(epoch * stream.perEpoch + i)]);

describe('batches', () => {
  test('cover each row once an epoch, in a new order each time', () => {
    const stream = new BatchStream(plan({}), new Random(1));
    const [first, second] = [epochOf(stream, 0), epochOf(stream, 1)];
    expect(first.map((batch) => batch.length)).toEqual([4, 4, 2]);
    for (const epoch of [first, second]) expect(epoch.flat().sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(first).not.toEqual(second);
  });

  test('drop the last partial one if asked, and keep the order without shuffling', () => {
    const dropped = plan({ dropLast: true, shuffle: false });
    expect([batchesPerEpoch(dropped), lastBatchRows(dropped)]).toEqual([2, 4]);
    expect(epochOf(new BatchStream(dropped, new Random(1)), 3)).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ]);
    expect(lastBatchRows(plan({}))).toBe(2);
  });

  test('may be taken from a later one of each epoch on', () => {
    const later = plan({ every: 2, from: 1, shuffle: false });
    const stream = new BatchStream(later, new Random(1));
    expect(epochOf(stream, 1)).toEqual([[4, 5, 6, 7]]);
    expect([0, 1, 2].map((index) => stream.passOf(index))).toEqual([1, 4, 7]);
  });

  test('of which every second is taken are the first, the third and so on of each epoch', () => {
    const every = plan({ every: 2, shuffle: false });
    expect([batchesPerEpoch(every), lastBatchRows(every)]).toEqual([2, 2]);
    for (const epoch of [0, 1])
      expect(epochOf(new BatchStream(every, new Random(1)), epoch)).toEqual([
        [0, 1, 2, 3],
        [8, 9],
      ]);
  });

  test('are decided by seed and number alone', () => {
    const forward = new BatchStream(plan({}), new Random(6));
    const wanted = [0, 1, 2, 3, 4].map((i) => [...forward.at(i)]);
    const other = new BatchStream(plan({}), new Random(6));
    expect([4, 0, 3, 1, 2].map((i) => [...other.at(i)])).toEqual([4, 0, 3, 1, 2].map((i) => wanted[i]));
  });

  test('with replacement may repeat a row', () => {
    const stream = new BatchStream(plan({ sampling: 'replacement', batchSize: 1000 }), new Random(2));
    const counts = new Array<number>(10).fill(0);
    for (const row of stream.at(0)) (counts[row] as number)++;
    for (const count of counts) expect(Math.abs(count - 100)).toBeLessThan(50);
    expect([...stream.at(0)]).not.toEqual([...stream.at(1)]);
  });

  test('are all rows for a full batch', () => {
    const stream = new BatchStream(plan({ sampling: 'full', batchSize: 10 }), new Random(2));
    expect(stream.perEpoch).toBe(1);
    expect([...stream.at(5)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
