import { describe, expect, it } from 'vitest';
import { experimentOf, loaded, refused, select, step, readCsv } from './program';

const rows = (count: number, values = Array.from({ length: count }, (_, i) => i)): ReturnType<typeof step> =>
  step('literal', { shape: [count], values, integer: true });

const fold = (settings: { folds: number; fold: number; shuffle: boolean }, ...inputs: number[]): ReturnType<typeof step> =>
  step('foldRows', { ...settings, seed: 3 }, ...inputs);

const numbersOf = async (steps: Parameters<typeof experimentOf>[0], ...wanted: number[]): Promise<number[][]> => {
  const { train } = await loaded(experimentOf(steps, { inputs: wanted.slice(0, 1), targets: wanted.slice(0, 1) }));
  return train.inputs.map(({ values }) => [...values]);
};

describe('folds of rows', () => {
  it('are as long as the rows allow, the first ones by one row longer', async () => {
    const parts = await Promise.all(
      [0, 1, 2].map((k) =>
        numbersOf([rows(8), fold({ folds: 3, fold: k, shuffle: false }, 0), step('part', { index: 1 }, 1)], 2),
      ),
    );
    expect(parts.flat()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
    ]);
  });

  it('in random order are all rows together, and leave the others to train on', async () => {
    const steps = [
      rows(10),
      fold({ folds: 3, fold: 1, shuffle: true }, 0),
      step('part', { index: 0 }, 1),
      step('part', { index: 1 }, 1),
    ];
    const [[train = []], [test = []]] = await Promise.all([numbersOf(steps, 2), numbersOf(steps, 3)]);
    expect([...train, ...test].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(test).toHaveLength(3);
    expect(test).not.toEqual([4, 5, 6]);
  });

  it('by class have the same share of each', async () => {
    const classes = Array.from({ length: 30 }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const steps = [rows(30), rows(30, classes), fold({ folds: 5, fold: 2, shuffle: true }, 0, 1), step('part', { index: 1 }, 2)];
    const [[test = []]] = [await numbersOf(steps, 3)];
    expect(test.map((row) => classes[row]).filter((c) => c === 1)).toHaveLength(2);
    expect(test).toHaveLength(6);
  });

  it('are not more than there are rows', async () => {
    const experiment = experimentOf([rows(3), fold({ folds: 5, fold: 0, shuffle: false }, 0), step('part', { index: 0 }, 1)], {
      inputs: [2],
      targets: [2],
    });
    expect((await refused(experiment)).text).toBe('3 rows cannot be split into 5 folds.');
  });
});

describe('rows by their weights', () => {
  it('come as often as their weights say', async () => {
    const weights = step('literal', { shape: [3], values: [1, 0, 3], integer: false });
    const [drawn = []] = await numbersOf([weights, step('weightedRows', { count: 4000, seed: 1 }, 0)], 1);
    const counts = [0, 1, 2].map((row) => drawn.filter((other) => other === row).length);
    expect(counts[1]).toBe(0);
    // Standard deviation of a binomial count: √(4000 · ¼ · ¾) = 27.
    expect(Math.abs((counts[0] ?? 0) - 1000)).toBeLessThan(120);
  });

  it('need a weight above 0', async () => {
    const weights = step('literal', { shape: [2], values: [0, 0], integer: false });
    const experiment = experimentOf([weights, step('weightedRows', { count: 4, seed: 1 }, 0)], { inputs: [1], targets: [1] });
    expect((await refused(experiment)).text).toBe('The weights add up to 0, so that no row can be drawn.');
  });
});

describe('names of columns', () => {
  it('are refused when there are too few', async () => {
    const steps = [
      readCsv('plain.csv'),
      step('renameColumns', { from: null, to: ['only'] }, 0),
      select(1, ['only']),
      step('toTensor', {}, 2),
    ];
    expect((await refused(experimentOf(steps, { inputs: [3], targets: [3] }))).text).toMatch(
      /^The table has \d+ columns and is given 1 names\.$/,
    );
  });
});
