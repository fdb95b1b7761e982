import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { experimentOf, loaded, refused, select, step } from './program';

const folder = mkdtempSync(join(tmpdir(), 'descent-lens-parquet-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'rows.parquet');
const count = 5000;
const x = Array.from({ length: count }, (_, i) => Math.sin(i));
parquetWriteFile({
  filename: path,
  columnData: [
    { name: 'x', data: x, type: 'DOUBLE' },
    { name: 'whole', data: Array.from({ length: count }, (_, i) => i % 7), type: 'INT32' },
    { name: 'long', data: Array.from({ length: count }, (_, i) => BigInt(i)), type: 'INT64' },
    { name: 'gaps', data: Array.from({ length: count }, (_, i) => (i % 10 === 0 ? null : i)), type: 'INT32' },
    { name: 'flag', data: Array.from({ length: count }, (_, i) => i % 2 === 0), type: 'BOOLEAN' },
    { name: 'name', data: Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 'ja' : 'nein')), type: 'STRING' },
  ],
  rowGroupSize: 1200,
});

const read = (columns: readonly string[] | null = null) => step('readParquet', { path, columns });

describe('a parquet file', () => {
  it('is read column by column over its groups of rows', async () => {
    const steps = [read(), select(0, ['x', 'long']), select(0, ['whole'], true)];
    const { train, statistics } = await loaded(experimentOf(steps, { inputs: [1], targets: [2] }));
    const values = train.inputs[0]?.values ?? [];
    expect(train.inputs[0]?.shape).toEqual([count, 2]);
    expect(Array.from({ length: count }, (_, i) => values[2 * i])).toEqual(x.map(Math.fround));
    expect(Array.from({ length: count }, (_, i) => values[2 * i + 1])).toEqual(x.map((_, i) => i));
    expect(train.targets[0]?.values).toBeInstanceOf(Int32Array);
    expect([...(train.targets[0]?.values ?? [])]).toEqual(x.map((_, i) => i % 7));
    expect(statistics.columns.map(({ name }) => name)).toEqual(['x', 'long']);
  });

  it('has missing numbers where it has gaps, and text that can be encoded', async () => {
    const steps = [
      read(['gaps', 'name', 'flag']),
      step('dropMissing', {}, 0),
      select(1, ['gaps', 'flag']),
      select(1, ['name'], true),
      step('encodeLabels', { order: 'sorted' }, 3),
    ];
    const { train } = await loaded(experimentOf(steps, { inputs: [2], targets: [4] }));
    expect(train.inputs[0]?.shape).toEqual([count - count / 10, 2]);
    expect([...(train.inputs[0]?.values ?? [])].slice(0, 6)).toEqual([1, 0, 2, 1, 3, 0]);
    expect([...(train.targets[0]?.values ?? [])].slice(0, 4)).toEqual([1, 1, 0, 1]);
  });

  it('is thinned beyond the bound on memory, rows kept together', async () => {
    const steps = [read(['x', 'long']), select(0, ['x']), select(0, ['long'], true)];
    const { train, statistics } = await loaded(experimentOf(steps, { inputs: [1], targets: [2] }), { maximumBytes: 16 * 1000 });
    const rows = [...(train.targets[0]?.values ?? [])];
    expect(rows.length).toBeGreaterThan(800);
    expect(rows.length).toBeLessThan(1200);
    expect([...(train.inputs[0]?.values ?? [])]).toEqual(rows.map((row) => Math.fround(x[row] ?? NaN)));
    expect(statistics.ofRows).toBe(count);
  });

  it('names a column that is not there, and a file that is none', async () => {
    const wrong = await refused(experimentOf([read(['hwole'])], { inputs: [0], targets: [0] }));
    expect(wrong.text).toMatch(/rows\.parquet has no column 'hwole'\. Did you mean 'whole'/);
    const csv = step('readParquet', { path: 'plain.csv', columns: null });
    const none = await refused(experimentOf([csv], { inputs: [0], targets: [0] }));
    expect(none.text).toMatch(/plain\.csv could not be read/);
  });
});
