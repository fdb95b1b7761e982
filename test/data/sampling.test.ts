import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { experimentOf, loaded, readCsv, select, step } from './program';

const rows = 20_000;
let folder = '';

/** An npy file of doubles. */
function npy(shape: number[], values: Float64Array): Buffer {
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n';
  const length = Buffer.from([header.length & 255, header.length >> 8]);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header), Buffer.from(values.buffer)]);
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-'));
  const lines = Array.from({ length: rows }, (_, row) => `${row},${row % 7},"word ${row % 3}"`);
  const csv = `row,x,word\n${lines.join('\n')}\n`;
  writeFileSync(join(folder, 'big.csv'), csv);
  writeFileSync(join(folder, 'big.csv.gz'), gzipSync(csv));
  writeFileSync(
    join(folder, 'x.npy'),
    npy(
      [rows, 10],
      Float64Array.from({ length: rows * 10 }, (_, at) => Math.floor(at / 10)),
    ),
  );
  writeFileSync(
    join(folder, 'y.npy'),
    npy(
      [rows],
      Float64Array.from({ length: rows }, (_, row) => row),
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const maximumBytes = 200_000;

describe('a file that does not fit in memory', () => {
  it.each(['big.csv', 'big.csv.gz'])('is sampled evenly, in order, with the true number of rows: %s', async (name) => {
    const experiment = experimentOf([readCsv(join(folder, name)), select(0, ['row', 'x'])], { inputs: [1], targets: [1] });
    const { train, statistics, assumptions } = await loaded(experiment, { maximumBytes });
    const kept = train.rows.length;
    expect(statistics.ofRows).toBe(rows);
    // A row of this table takes 24 bytes besides 8 a number and 40 a word.
    expect(kept * (24 + 8 + 8 + 40)).toBeLessThanOrEqual(maximumBytes);
    expect(kept).toBeGreaterThan(1000);
    expect([...train.rows]).toEqual([...train.rows].sort((a, b) => a - b));
    expect([...(train.inputs[0]?.values ?? [])].filter((_, at) => at % 2 === 0)).toEqual([...train.rows]);
    // The mean of n uniform draws from 0…rows-1 is within 5 standard errors.
    const mean = train.rows.reduce((sum, row) => sum + row, 0) / kept;
    expect(Math.abs(mean - rows / 2)).toBeLessThan((5 * rows) / Math.sqrt(12 * kept));
    expect(assumptions.at(-1)?.text).toMatch(
      /^big\.csv(\.gz)? has 20,000 rows; .* % of them, chosen at random, are kept within the bound on memory$/,
    );
  });

  it('gives the same rows for the same seed', async () => {
    const experiment = experimentOf([readCsv(join(folder, 'big.csv')), select(0, ['row'])], { inputs: [1], targets: [1] });
    const [a, b, c] = [
      await loaded(experiment, { maximumBytes }),
      await loaded(experiment, { maximumBytes }),
      await loaded(experiment, { maximumBytes, seed: 9 }),
    ];
    expect(b.train.rows).toEqual(a.train.rows);
    expect(c.train.rows).not.toEqual(a.train.rows);
  });

  it('names the line of a bad value among the rows that were kept', async () => {
    const path = join(folder, 'bad.csv');
    writeFileSync(path, `a\n${Array.from({ length: rows }, (_, row) => (row % 50 === 0 ? `bad${row + 2}` : row)).join('\n')}\n`);
    const experiment = experimentOf([readCsv(path), step('cast', { to: 'float' }, 0)], { inputs: [1], targets: [1] });
    await expect(loaded(experiment, { maximumBytes })).rejects.toThrow(/bad.csv row (\d+), column 'a': 'bad\1' is not a number/);
  });

  it('is cut like the other files of the same length, whichever comes first', async () => {
    const [x, y] = [step('readNpy', { path: join(folder, 'x.npy') }), step('readNpy', { path: join(folder, 'y.npy') })];
    for (const [steps, inputs, targets] of [
      [[x, y], [0], [1]],
      [[y, x], [1], [0]],
    ] as const) {
      const { train } = await loaded(experimentOf(steps, { inputs, targets }), { maximumBytes });
      expect(train.rows.length).toBeLessThan(rows / 4);
      expect([...(train.targets[0]?.values ?? [])]).toEqual([...train.rows]);
      expect([...(train.inputs[0]?.values ?? [])].filter((_, at) => at % 10 === 0)).toEqual([...train.rows]);
    }
  });

  it('moves the positions of slices and the lengths of splits along', async () => {
    const slice = (start: number | null, end: number | null) => step('slice', { axis: 0, start, end, step: 1 }, 0);
    const sliced = experimentOf(
      [step('readNpy', { path: join(folder, 'x.npy') }), slice(null, 15_000), slice(15_000, null)],
      { inputs: [1], targets: [1] },
      { inputs: [2], targets: [2] },
    );
    const { train, validation } = await loaded(sliced, { maximumBytes });
    const kept = train.rows.length + (validation?.rows.length ?? 0);
    expect(train.rows.length / kept).toBeCloseTo(0.75, 1);
    expect(new Set([...train.rows, ...(validation?.rows ?? [])]).size).toBe(kept);

    const split = experimentOf(
      [
        step('readNpy', { path: join(folder, 'x.npy') }),
        step('randomSplit', { lengths: [15_000, 5_000], seed: null }, 0),
        step('part', { index: 0 }, 1),
        step('part', { index: 1 }, 1),
      ],
      { inputs: [2], targets: [2] },
      { inputs: [3], targets: [3] },
    );
    const parts = await loaded(split, { maximumBytes });
    expect(parts.train.rows.length / kept).toBeCloseTo(0.75, 2);
    expect(parts.train.rows.length + (parts.validation?.rows.length ?? 0)).toBe(kept);
  });
});
