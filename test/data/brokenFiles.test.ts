import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import type { DataStep } from '../../src/records/dataSteps';
import { experimentOf, here, load, readCsv, select, step } from './program';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-broken-'));
afterAll(() => rmSync(folder, { recursive: true }));
cpSync(join(here, 'files'), folder, { recursive: true });
parquetWriteFile({
  filename: join(folder, 'rows.parquet'),
  columnData: [
    { name: 'x', data: Array.from({ length: 300 }, (_, i) => Math.sin(i)), type: 'DOUBLE' },
    { name: 'name', data: Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 'ja' : 'nein')), type: 'STRING' },
  ],
  rowGroupSize: 100,
});

const rounds = 60;
const path = (name: string): string => join(folder, name);
const npy = (name: string): [string, DataStep[]] => [name, [step('readNpy', { path: path(name) })]];
const npz = (name: string): [string, DataStep[]] => [name, [step('readNpz', { path: path(name), key: 'x' })]];
const idx = step('readIdx', { root: folder, dataset: 'MNIST', train: true });
const cifar = step('readCifar', { root: folder, classes: 10, train: true });
const pictures = step('readPictures', { root: path('pictures'), changes: [{ kind: 'resize', size: [8, 8] }] });
const parted = (first: DataStep): DataStep[] => [first, step('part', { index: 0 }, 0)];

const files: readonly [string, DataStep[]][] = [
  ['plain.csv', [readCsv(path('plain.csv')), select(0, ['length', 'width'])]],
  ['quoted.csv', [readCsv(path('quoted.csv')), select(0, ['id'])]],
  ['packed.csv.gz', [readCsv(path('packed.csv.gz'))]],
  npy('f4.npy'),
  npy('fortran.npy'),
  npy('big.npy'),
  npz('packed.npz'),
  npz('stored.npz'),
  ['MNIST/raw/train-images-idx3-ubyte', parted(idx)],
  ['MNIST/raw/train-labels-idx1-ubyte.gz', [idx, step('part', { index: 1 }, 0)]],
  ['cifar-10-batches-py/data_batch_2', parted(cifar)],
  ['pictures/cat/0.png', parted(pictures)],
  ['pictures/dog/wave.jpg', parted(pictures)],
];

/** The bytes with a few of them changed, cut off, or with others put in. */
function broken(bytes: Buffer, random: Random): Buffer {
  const below = (limit: number): number => Math.floor(random.uniform() * limit);
  if (below(4) === 0) return bytes.subarray(0, below(bytes.length));
  const out = Buffer.from(bytes);
  for (let i = 0; i <= below(4); i++) out[below(2) === 0 ? below(Math.min(64, out.length)) : below(out.length)] = below(256);
  const at = below(out.length);
  return below(4) === 0 ? Buffer.concat([out.subarray(0, at), Buffer.from('9'.repeat(below(20))), out.subarray(at)]) : out;
}

describe('files that are broken', () => {
  it.each(files)('%s is loaded or told, and never throws', async (name, steps) => {
    const whole = readFileSync(path(name));
    const random = new Random(7).fork(name);
    const last = steps.length - 1;
    const experiment = experimentOf(steps, { inputs: [last], targets: [last] });
    const texts: string[] = [];
    for (let round = 0; round < rounds; round++) {
      writeFileSync(path(name), broken(whole, random));
      const result = await load(experiment);
      if (!result.ok) texts.push(result.error.text);
    }
    writeFileSync(path(name), whole);
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) expect(text).not.toMatch(/undefined|\[object|NaN/);
    expect(await load(experiment)).toMatchObject({ ok: true });
  });

  it('a parquet file that is cut off is told, wherever it ends', async () => {
    const file = path('rows.parquet');
    const whole = readFileSync(file);
    const experiment = experimentOf([step('readParquet', { path: file, columns: ['x'] })], { inputs: [0], targets: [0] });
    for (let length = 0; length < whole.length; length += 37) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await load(experiment), `${length} bytes`).toMatchObject({ ok: false });
    }
    writeFileSync(file, whole);
    expect(await load(experiment)).toMatchObject({ ok: true });
  });
});
