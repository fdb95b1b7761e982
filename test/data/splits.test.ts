import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DataSteps } from '../../src/records/dataSteps';
import { experimentOf, here, loaded, refused, step } from './program';

interface Splits {
  sizes: { count: number; testSize: number | null; trainSize: number | null; sizes: [number, number] }[];
  stratified: [number[], number[]];
}
const { splits } = JSON.parse(readFileSync(join(here, '..', 'reference', 'data.json'), 'utf8')) as { splits: Splits };

const settings: DataSteps['trainTestSplit'] = { testSize: null, trainSize: null, seed: 1, shuffle: true, stratify: false };
const part = (index: number, of: number) => step('part', { index }, of);

/** Splits 0 … count-1. */
const split = (count: number, changes: Partial<DataSteps['trainTestSplit']>) =>
  experimentOf(
    [
      step('arange', { start: 0, end: count, step: 1 }),
      step('trainTestSplit', { ...settings, ...changes }, 0),
      part(0, 1),
      part(1, 1),
    ],
    { inputs: [2], targets: [2] },
    { inputs: [3], targets: [3] },
  );

describe('train_test_split', () => {
  it.each(splits.sizes)(
    '$count rows, test $testSize, train $trainSize, as scikit-learn sizes them',
    async ({ count, testSize, trainSize, sizes }) => {
      const { train, validation } = await loaded(split(count, { testSize, trainSize }));
      expect([train.rows.length, validation?.rows.length]).toEqual(sizes);
      expect(new Set([...train.rows, ...(validation?.rows ?? [])]).size).toBe(sizes[0] + sizes[1]);
    },
  );

  it('keeps the order without shuffling: training rows first', async () => {
    const { train, validation } = await loaded(split(10, { testSize: 0.25, shuffle: false }));
    expect([...train.rows]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...(validation?.rows ?? [])]).toEqual([7, 8, 9]);
  });

  it('stratifies with the class counts of scikit-learn', async () => {
    const wine = [
      step('bundled', { table: 'wine' }),
      part(0, 0),
      part(1, 0),
      step('trainTestSplit', { ...settings, testSize: 0.3, stratify: true }, 2, 2),
      part(0, 3),
      part(1, 3),
    ];
    const { train, validation } = await loaded(experimentOf(wine, { inputs: [4], targets: [4] }, { inputs: [5], targets: [5] }));
    const counts = (values: ArrayLike<number> | undefined) =>
      [0, 1, 2].map((label) => Array.from(values ?? []).filter((value) => value === label).length);
    expect([counts(train.targets[0]?.values), counts(validation?.targets[0]?.values)]).toEqual(splits.stratified);
  });

  it('gives two calls with one seed the same rows, and calls without a seed others', async () => {
    const two = (seed: number | null) =>
      experimentOf(
        [
          step('arange', { start: 0, end: 50, step: 1 }),
          step('trainTestSplit', { ...settings, seed }, 0),
          step('trainTestSplit', { ...settings, seed }, 0),
          part(0, 1),
          part(0, 2),
        ],
        { inputs: [3], targets: [4] },
      );
    const same = await loaded(two(7));
    expect(same.train.targets).toEqual(same.train.inputs);
    const other = await loaded(two(null));
    expect(other.train.targets).not.toEqual(other.train.inputs);
  });

  it('refuses what cannot be split', async () => {
    expect((await refused(split(10, { testSize: 12 }))).text).toContain('10 rows cannot be split');
    const single = [
      step('literal', { shape: [3], values: [0, 0, 1], integer: true }),
      step('trainTestSplit', { ...settings, stratify: true }, 0, 0),
      part(0, 1),
    ];
    expect((await refused(experimentOf(single, { inputs: [2], targets: [2] }))).text).toContain('A class has a single row');
  });
});

describe('random_split', () => {
  const lengthsOf = async (count: number, lengths: number[]) => {
    const steps = [
      step('arange', { start: 0, end: count, step: 1 }),
      step('randomSplit', { lengths, seed: 3 }, 0, 0),
      ...lengths.map((_, index) => part(2 * index, 1)),
    ];
    const sizes: number[] = [];
    for (const index of lengths.keys()) {
      const wanted = { inputs: [2 + index], targets: [2 + index] };
      sizes.push((await loaded(experimentOf(steps, wanted))).train.rows.length);
    }
    return sizes;
  };

  it('takes lengths, and shares as torch deals them out', async () => {
    expect(await lengthsOf(10, [7, 3])).toEqual([7, 3]);
    // 11 rows: floors 5, 3, 2; the one left goes to the first part.
    expect(await lengthsOf(11, [0.5, 0.3, 0.2])).toEqual([6, 3, 2]);
  });

  it('refuses lengths that do not add up', async () => {
    await expect(lengthsOf(10, [7, 4])).rejects.toThrow('add up to 11; the data set has 10 rows');
  });
});

describe('numbers that the script draws', () => {
  const normal = (seed: number | null) => step('randomNormal', { shape: [4000, 1], seed, mean: 2, deviation: 3 });

  it('have the distribution asked for, another for each call, and repeat with the seed', async () => {
    const experiment = experimentOf([normal(0), normal(0)], { inputs: [0], targets: [1] });
    const { train, statistics } = await loaded(experiment);
    expect(train.targets).not.toEqual(train.inputs);
    // Five standard errors of the mean (3/√4000) and of the deviation (3/√8000).
    expect(Math.abs((statistics.columns[0]?.mean ?? 0) - 2)).toBeLessThan((5 * 3) / Math.sqrt(4000));
    expect(Math.abs((statistics.columns[0]?.deviation ?? 0) - 3)).toBeLessThan((5 * 3) / Math.sqrt(8000));
    expect((await loaded(experiment, { seed: 5 })).train.inputs).toEqual(train.inputs);
    const free = experimentOf([normal(null)], { inputs: [0], targets: [0] });
    expect((await loaded(free, { seed: 5 })).train.inputs).not.toEqual((await loaded(free, { seed: 6 })).train.inputs);
  });

  it('permute without losing an index', async () => {
    const { train } = await loaded(
      experimentOf([step('randomPermutation', { size: 20, seed: 1 })], { inputs: [0], targets: [0] }),
    );
    expect([...(train.inputs[0]?.values ?? [])].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });
});
