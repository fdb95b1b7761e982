import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataStep, DataSteps } from '../../src/records/dataSteps';
import { experimentOf, readCsv, refused, select, step } from './program';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The text of the error when `text`, read as a csv, goes through further steps. */
async function errorOf(text: string, steps: DataStep[] = [], options: Partial<DataSteps['readCsv']> = {}) {
  writeFileSync(join(folder, 'data.csv'), text);
  const all = [readCsv(join(folder, 'data.csv'), options), ...steps];
  const last = all.length - 1;
  return refused(experimentOf(all, { inputs: [last], targets: [last] }));
}

describe('arrays that cannot be had', () => {
  const made = (...shape: number[]): DataStep => step('randomNormal', { shape, seed: 1, mean: 0, deviation: 1 });
  const textOf = async (...steps: DataStep[]): Promise<string> =>
    (await refused(experimentOf(steps, { inputs: [steps.length - 1], targets: [0] }))).text;

  it('are told by their shape where a size is none', async () => {
    expect(await textOf(made(-5, 5))).toBe('An array of shape (-5, 5) cannot be made: -5 is no number of entries.');
  });

  it('are told by what they take where a product is too large', async () => {
    const product = step('matmul', {}, 0, 1);
    expect(await textOf(made(200_000, 1), made(1, 200_000), product)).toBe(
      'An array of shape (200000, 200000) takes 298.0 GB, more than the bound on memory; make fewer rows.',
    );
    expect(await textOf(made(3_000, 3_000), step('transpose', { order: null }, 0), step('matmul', {}, 0, 1))).toBe(
      'A matrix product of 2.7e+10 multiplications is too long to wait for; make fewer rows.',
    );
  });

  it('are told where memory does not hold what comes of two', async () => {
    const rows = step('reshape', { shape: [1, 200_000] }, 0);
    expect(await textOf(made(200_000, 1), rows, step('add', {}, 0, 1))).toBe(
      'This makes more numbers than memory holds; make fewer rows.',
    );
  });
});

describe('errors name file, row, column and what to do', () => {
  it('for a word among numbers', async () => {
    const error = await errorOf('age,pay\n31,5\nabc,6\n40,7\n', [step('toTensor', {}, 0), step('cast', { to: 'float' }, 1)]);
    expect(error.text).toBe(
      "data.csv row 3, column 'age': 'abc' is not a number; correct the value, or give it to read_csv as na_values=['abc'] and drop or fill the row.",
    );
    expect(error.file).toEqual({ path: join(folder, 'data.csv'), row: 3, column: 'age' });
    expect(error.range.line).toBe(3);
  });

  it('for the right row after blank lines, comments, filters and quoted line ends', async () => {
    const text = '# note\nname,age\n"two\nlines",1\n\nb,2\nc,1\nd,oops\n';
    const steps = [
      select(0, ['name'], true),
      step('equals', { value: 'd' }, 1),
      step('takeRows', {}, 0, 2),
      select(3, ['age']),
      step('cast', { to: 'float' }, 4),
    ];
    expect((await errorOf(text, steps, { comment: '#' })).text).toContain("row 8, column 'age': 'oops'");
  });

  it('for a column of words', async () => {
    const error = await errorOf('x,kind\n1,setosa\n2,virginica\n', [
      step('reduce', { function: 'mean', axis: 0, keep: false, correction: 0 }, 0),
    ]);
    expect(error.text).toBe(
      "data.csv row 2, column 'kind': 'setosa' is not a number; the column holds words: encode it (LabelEncoder, get_dummies, map) or leave it out.",
    );
  });

  it('for a row with too many values', async () => {
    const error = await errorOf('a,b\n1,2\n3,4,5\n');
    expect(error.text).toBe(
      "data.csv row 3 has 3 values where 2 columns are expected; check the delimiter (',') and what stands in that row.",
    );
    expect(error.file?.row).toBe(3);
  });

  it('for a column that is not there, with the names that are near', async () => {
    expect((await errorOf('Age,Pay,City\n1,2,3\n', [select(0, ['age '])])).text).toBe(
      "The data has no column 'age '; did you mean 'Age'?",
    );
    expect((await errorOf('a,b\n1,2\n', [], { columns: { kind: 'keys', keys: ['salary'] } })).text).toBe(
      "data.csv has no column 'salary'; its columns are 'a', 'b'.",
    );
    expect((await errorOf('1,2\n3,4\n', [select(0, ['a'])], { header: null })).text).toContain('read without a header');
    expect((await errorOf('a,b\n1,2\n', [select(0, [5])])).text).toContain('2 columns');
  });

  it('for a header that was taken for one column, with the separator that parts it', async () => {
    expect((await errorOf('a;b;y\n1;2;3\n', [select(0, ['a'])])).text).toBe(
      "The data has no column 'a'; its only column is 'a;b;y': give the separator, sep=';', where the file is read.",
    );
    expect((await errorOf('a\tb\n1\t2\n', [select(0, ['b'])])).text).toContain("sep='\\t'");
    expect((await errorOf('a;b\n1;2\n', [select(0, ['c'])])).text).not.toContain('separator');
  });

  it('for an empty file, and one that holds a header only', async () => {
    expect((await errorOf('')).text).toContain('data.csv is empty');
    expect((await errorOf('a,b\n')).text).toContain('has a header and no rows');
  });

  it('for a folder in place of a file', async () => {
    const error = await refused(experimentOf([readCsv(folder)], { inputs: [0], targets: [0] }));
    expect(error.text).toContain('is a folder where a file is needed');
  });

  it('for missing values that should become integers', async () => {
    expect((await errorOf('a\n1\nNA\n', [step('cast', { to: 'integer' }, 0)])).text).toContain('cannot become an integer');
    expect((await errorOf('a,b\n,1\n2,\n', [step('dropMissing', {}, 0)])).text).toContain('Every row has a missing value');
  });

  it('for loadtxt: words, missing values and rows of other lengths', async () => {
    const path = join(folder, 'numbers.txt');
    const settings = { path, delimiter: ',', skipRows: 0, comment: '#', columns: null, allowMissing: false };
    const text = async (content: string): Promise<string> => {
      writeFileSync(path, content);
      return (await refused(experimentOf([step('readText', settings)], { inputs: [0], targets: [0] }))).text;
    };
    expect(await text('1,2\n3,x\n')).toContain("numbers.txt row 2, column 'column 1': 'x' is not a number");
    expect(await text('1,2\n,3\n')).toContain('row 2, column 0: the value is missing');
    expect(await text('1,2\n3\n')).toContain('row 2 has 1 values where 2 columns are expected');
  });

  it('for arrays that do not fit', async () => {
    const a = step('filled', { shape: [4, 3], value: 1 });
    const b = step('filled', { shape: [2], value: 1 });
    const text = async (last: DataStep): Promise<string> =>
      (await refused(experimentOf([a, b, last], { inputs: [2], targets: [2] }))).text;
    expect(await text(step('add', {}, 0, 1))).toBe('Arrays of shapes (4, 3) and (2,) do not fit together element by element.');
    expect(await text(step('matmul', {}, 0, 1))).toContain('3 is not 2');
    expect(await text(step('reshape', { shape: [5, -1] }, 0))).toContain('cannot be reshaped');
    expect(await text(step('index', { axis: 0, at: 2 }, 1))).toContain('no position 2');
    expect(await text(step('takeRows', {}, 1, 0))).toContain('one axis');
    expect(await text(step('fitScaler', { scaler: 'standard', withMean: true, withStd: true, low: 0, high: 1 }, 1))).toContain(
      'reshape(-1, 1)',
    );
    expect(await text(step('oneHot', { classes: 1 }, 1))).toContain('class number 1');
    expect(await text(step('filled', { shape: [1e6, 1e6], value: 0 }))).toContain('more than the bound on memory');
  });

  it('for encodings that would not fit in memory', async () => {
    const path = join(folder, 'many.csv');
    writeFileSync(path, `word\n${Array.from({ length: 1000 }, (_, row) => `w${row}`).join('\n')}\n`);
    const steps = [readCsv(path), step('dummies', { columns: null, dropFirst: false }, 0)];
    const error = await refused(experimentOf(steps, { inputs: [1], targets: [1] }), { maximumBytes: 1 << 20 });
    expect(error.text).toContain('1000 columns of 1000 rows, more than the bound on memory');
  });

  it('for archives and arrays that are damaged', async () => {
    const path = join(folder, 'x.npy');
    const npy = async (content: Buffer | string): Promise<string> => {
      writeFileSync(path, content);
      return (await refused(experimentOf([step('readNpy', { path })], { inputs: [0], targets: [0] }))).text;
    };
    expect(await npy('not an array at all')).toContain('does not begin as an npy file');
    const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }".padEnd(117) + '\n';
    const head = Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), Buffer.from([118, 0]), Buffer.from(header)]);
    expect(await npy(Buffer.concat([head, Buffer.alloc(16)]))).toContain('ends too early');
    expect(
      await npy(Buffer.concat([Buffer.from(head.toString('latin1').replace('<f8', '|O '), 'latin1'), Buffer.alloc(24)])),
    ).toContain('only arrays of numbers');
  });

  it('for an archive without the array', async () => {
    const steps = [step('readNpz', { path: 'stored.npz', key: 'z' })];
    expect((await refused(experimentOf(steps, { inputs: [0], targets: [0] }))).text).toBe(
      "stored.npz has no array 'z'; its arrays are 'x', 'y'.",
    );
  });
});
