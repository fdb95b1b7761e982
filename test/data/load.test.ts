import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CancelSource } from '../../src/base/cancel';
import { DataCache } from '../../src/data/cache';
import { bundled, experimentOf, load, loaded, readCsv, refused, select, step } from './program';
import type { Experiment } from '../../src/records/experiment';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a file under the temporary folder and gives its path. */
function write(path: string, text: string): string {
  const full = join(folder, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
  return full;
}

const inScript = (experiment: Experiment, path: string): Experiment => ({
  ...experiment,
  unit: { ...experiment.unit, path: join(folder, path) },
});

/** df = read_csv(path); model input: columns x, target: column y. */
const xAndY = (path: string): Experiment =>
  experimentOf([readCsv(path), select(0, ['x']), select(0, ['y'], true), step('toTensor', {}, 1), step('toTensor', {}, 2)], {
    inputs: [3],
    targets: [4],
  });

describe('a script from its csv to tensors', () => {
  const wine = experimentOf(
    [
      step('bundled', { table: 'wine' }),
      step('part', { index: 0 }, 0),
      step('part', { index: 1 }, 0),
      step('trainTestSplit', { testSize: 0.2, trainSize: null, seed: 42, shuffle: true, stratify: true }, 1, 2, 2),
      step('part', { index: 0 }, 3),
      step('part', { index: 1 }, 3),
      step('part', { index: 2 }, 3),
      step('part', { index: 3 }, 3),
      step('fitScaler', { scaler: 'standard', withMean: true, withStd: true, low: 0, high: 1 }, 4),
      step('applyScaler', { inverse: false }, 8, 4),
      step('applyScaler', { inverse: false }, 8, 5),
    ],
    { inputs: [9], targets: [6] },
    { inputs: [10], targets: [7] },
    {
      features: { step: 9, property: { kind: 'size', axis: 1 } },
      classes: { step: 2, property: { kind: 'unique' } },
      largest: { step: 6, property: { kind: 'maximum' } },
    },
  );

  it('binds the sizes that the data decide', async () => {
    expect((await loaded(wine)).symbols).toEqual({ features: 13, classes: 3, largest: 2 });
  });

  it('divides the rows without losing or sharing one', async () => {
    const { train, validation } = await loaded(wine);
    expect(train.inputs[0]?.shape).toEqual([142, 13]);
    expect(validation?.inputs[0]?.shape).toEqual([36, 13]);
    const rows = [...train.rows, ...(validation?.rows ?? [])].sort((a, b) => a - b);
    expect(rows).toEqual(Array.from({ length: 178 }, (_, row) => row));
  });

  it('keeps each row with its target and its place in the source', async () => {
    const { train } = await loaded(wine);
    // The table is sorted by class: 59, 71 and 48 rows.
    const classOf = (row: number): number => (row < 59 ? 0 : row < 130 ? 1 : 2);
    expect([...(train.targets[0]?.values ?? [])]).toEqual([...train.rows].map(classOf));
  });

  it('scales with the statistics of the training rows', async () => {
    const { statistics } = await loaded(wine);
    expect(statistics.columns[0]?.name).toBe('alcohol');
    for (const column of statistics.columns) {
      expect(column.mean).toBeCloseTo(0, 10);
      expect(column.deviation).toBeCloseTo(1, 10);
    }
    expect(statistics).toMatchObject({ rows: 142, validationRows: 36, ofRows: 178, conflictingRows: 0, isImage: false });
    expect(statistics.target.counts).toEqual([47, 57, 38]);
  });

  it('gives the same rows for the same seed in the script, whatever the seed of the run', async () => {
    const [first, second] = [await loaded(wine, { seed: 1 }), await loaded(wine, { seed: 2 })];
    expect(second.train.rows).toEqual(first.train.rows);
  });
});

describe('where a file is looked for', () => {
  it("takes the script's folder first and says so", async () => {
    write('deep/er/data.csv', 'x,y\n1,2\n');
    write('data.csv', 'x,y\n3,4\n');
    const dataset = await loaded(inScript(xAndY('data.csv'), 'deep/er/train.py'), { folders: [folder] });
    expect([...(dataset.train.inputs[0]?.values ?? [])]).toEqual([1]);
    expect(dataset.assumptions).toMatchObject([{ text: "'data.csv' is taken from the script's folder", range: { line: 1 } }]);
    expect(dataset.files).toEqual([
      { path: join(folder, 'deep/er/data.csv'), size: 8, modified: statSync(join(folder, 'deep/er/data.csv')).mtimeMs },
    ]);
  });

  it('takes the workspace folder, then folders between it and the script', async () => {
    write('mid/only-here.csv', 'x,y\n5,6\n');
    write('top.csv', 'x,y\n7,8\n');
    const middle = await loaded(inScript(xAndY('only-here.csv'), 'mid/low/train.py'), { folders: [folder] });
    expect(middle.assumptions[0]?.text).toBe("'only-here.csv' is taken from the folder mid above the script");
    const top = await loaded(inScript(xAndY('./top.csv'), 'mid/low/train.py'), { folders: [folder] });
    expect(top.assumptions[0]?.text).toBe("'./top.csv' is taken from the workspace folder");
  });

  it('does not leave the workspace', async () => {
    const error = await refused(inScript(xAndY('top.csv'), 'mid/low/train.py'), { folders: [join(folder, 'mid')] });
    expect(error).toMatchObject({ notFound: true, range: { line: 1 }, file: { path: 'top.csv' } });
    expect(error.text).toContain("Looked in the script's folder, the workspace folder.");
  });

  it('reads the picked file in place of one that is not there', async () => {
    const picked = write('picked.csv', 'x,y\n9,1\n');
    const dataset = await loaded(inScript(xAndY('gone.csv'), 'train.py'), { dataPath: picked });
    expect([...(dataset.train.inputs[0]?.values ?? [])]).toEqual([9]);
    expect(dataset.assumptions[0]?.text).toBe(`'gone.csv' is not there; ${picked} is read in its place`);
  });

  it('says that a folder is none of the files that are asked for', async () => {
    write('tables/x.csv', 'x,y\n1,2\n');
    const error = await refused(inScript(xAndY('tables'), 'train.py'));
    expect(error).toMatchObject({ text: 'tables is a folder where a file is needed; name the file in it.', range: { line: 1 } });
  });

  it('says how pandas reads a file that is not UTF-8', async () => {
    write('latin.csv', '');
    writeFileSync(join(folder, 'latin.csv'), Buffer.from('x,y,n\n1,2,caf\xe9\n', 'latin1'));
    const { assumptions } = await loaded(inScript(xAndY('latin.csv'), 'train.py'));
    expect(assumptions.map(({ text }) => text)).toContain(
      "latin.csv is not UTF-8; it is read as Latin-1 (pandas needs encoding='latin-1' for that)",
    );
  });

  it('does not fetch from the network', async () => {
    expect(await refused(xAndY('https://example.org/data.csv'))).toMatchObject({
      notFound: true,
      text: expect.stringContaining('Download it') as string,
    });
  });
});

describe('reading is cached', () => {
  it('until size or time of the file change', async () => {
    const path = write('cached.csv', 'x,y\n1,2\n');
    const time = new Date(1_600_000_000_000);
    utimesSync(path, time, time);
    const cache = new DataCache(1 << 20);
    const experiment = inScript(xAndY('cached.csv'), 'train.py');
    const first = async (): Promise<number | undefined> => (await loaded(experiment, { cache })).train.inputs[0]?.values[0];
    expect(await first()).toBe(1);
    writeFileSync(path, 'x,y\n8,2\n');
    utimesSync(path, time, time);
    expect(await first()).toBe(1);
    const later = new Date(1_600_000_001_000);
    utimesSync(path, later, later);
    expect(await first()).toBe(8);
  });

  it('as a whole, with the ranges of the script as it is now', async () => {
    const cache = new DataCache(1 << 20);
    const experiment = inScript(xAndY('again.csv'), 'near/train.py');
    write('again.csv', 'x,y\n1,2\n');
    const first = await loaded(experiment, { cache, folders: [folder] });
    const moved = {
      ...experiment,
      data: {
        ...experiment.data,
        steps: experiment.data.steps.map((entry) => ({ ...entry, range: { ...entry.range, line: 50 } })),
      },
    };
    const second = await loaded(moved, { cache, folders: [folder] });
    expect(second.train).toBe(first.train);
    expect(second.assumptions).toMatchObject([{ text: "'again.csv' is taken from the workspace folder", range: { line: 50 } }]);
    // A file that appears nearer to the script comes first.
    write('near/again.csv', 'x,y\n7,2\n');
    expect((await loaded(experiment, { cache, folders: [folder] })).train.inputs[0]?.values[0]).toBe(7);
  });

  it('forgets what was not used for longest', () => {
    const cache = new DataCache(100);
    cache.set('a', 1, 60);
    cache.set('b', 2, 30);
    expect(cache.get('a')).toBe(1);
    cache.set('c', 3, 30);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    cache.set('d', 4, 101);
    expect(cache.get('d')).toBeUndefined();
  });
});

describe('what cannot be loaded', () => {
  it('is told before anything is read, when the rows were not traced', async () => {
    const experiment = {
      ...xAndY('plain.csv'),
      train: null,
      unread: [{ text: 'This dataset is not read', range: xAndY('a').unit.range }],
    };
    expect(await refused(experiment)).toMatchObject({ text: 'This dataset is not read' });
  });

  it('stops when it is cancelled', async () => {
    const source = new CancelSource();
    source.cancel();
    expect((await load(xAndY('plain.csv'), { cancel: source.token })).ok).toBe(false);
  });

  it('says when inputs and targets do not belong together', async () => {
    const arrays = [step('filled', { shape: [4, 2], value: 1 }), step('filled', { shape: [3], value: 1 })];
    expect((await refused(experimentOf(arrays, { inputs: [0], targets: [1] }))).text).toContain('(4, 3)');
  });
});

describe('images', () => {
  const images = (dataset: 'MNIST' | 'FashionMNIST', train: boolean): Experiment =>
    experimentOf(
      [
        step('readIdx', { root: './', dataset, train }),
        step('part', { index: 0 }, 0),
        step('part', { index: 1 }, 0),
        step('flatten', { start: 1, end: 2 }, 1),
      ],
      { inputs: [3], targets: [2] },
    );

  it("reads torchvision's folders, plain and packed files", async () => {
    const { train, statistics } = await loaded(images('MNIST', true));
    expect(train.inputs[0]).toEqual({ shape: [6, 4], values: Float32Array.from({ length: 24 }, (_, at) => at) });
    expect(train.targets[0]).toEqual({ shape: [6], values: Int32Array.from([5, 0, 4, 1, 9, 2]) });
    expect(statistics.isImage).toBe(true);
  });

  it('says where MNIST should be when it is not', async () => {
    const error = await refused(images('MNIST', false));
    expect(error.notFound).toBe(true);
    expect(error.text).toContain('MNIST/raw/t10k-images-idx3-ubyte');
  });

  it('falls back on the first images of Fashion-MNIST and says so', async () => {
    const { train, assumptions, statistics, files } = await loaded(images('FashionMNIST', true));
    expect(train.inputs[0]?.shape).toEqual([2000, 784]);
    expect(statistics.target.counts).toHaveLength(10);
    expect(assumptions[0]?.text).toBe("Fashion-MNIST is not under './'; its first 2,000 images, bundled, are used");
    expect(files.every(({ path }) => path.startsWith(bundled))).toBe(true);
  });
});
