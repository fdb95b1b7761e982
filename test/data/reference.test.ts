import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { never } from '../../src/base/cancel';
import { executeRecipe } from '../../src/data/execute';
import { FileAccess } from '../../src/data/files/access';
import { readCsv } from '../../src/data/files/csv';
import { inputMatrix } from '../../src/data/statistics/matrix';
import { inputMoments } from '../../src/data/statistics/moments';
import { arrayOf, toArray, type ArrayValue } from '../../src/data/values';
import type { CsvOptions } from '../../src/records/dataSources';
import type { DataStep } from '../../src/records/dataSteps';
import { at, bundled, here } from './program';

type Cell = number | string | boolean | null;
interface Reference {
  csv: { name: string; options: CsvOptions; columns: { label: string | number; type: string; values: Cell[] }[] }[];
  steps: { name: string; steps: DataStep[]; shape: number[]; integer: boolean; values: Cell[] }[];
  tables: Record<
    string,
    { shape: number[]; weighted: number; target: number; targetWeighted: number; classes: boolean; names: string[] }
  >;
  moments: Record<string, { x: number[][]; moments: { largest: number; smallest: number }[] }>;
}

const folder = join(here, '..', 'reference');
const reference = JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8')) as Reference;
const files = join(here, 'files');

/** A cell of the reference as a number. */
const numberOf = (cell: Cell): number =>
  cell === null ? NaN : cell === 'inf' ? Infinity : cell === '-inf' ? -Infinity : Number(cell);

function expectNumbers(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  expect(found.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number, expected[i] as number];
    const close = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
    if (!close) throw new Error(`element ${i} is ${a}, expected ${b}`);
  }
}

/** JSON has no NaN: in a literal's values it is null. */
function withNaN(entry: DataStep): DataStep {
  if (entry.kind !== 'literal') return entry;
  return { ...entry, arguments: { ...entry.arguments, values: entry.arguments.values.map(numberOf) } };
}

async function execute(steps: readonly DataStep[]): Promise<ArrayValue> {
  const last = steps.length - 1;
  const recipe = { steps: steps.map((entry, index) => ({ ...withNaN(entry), range: at(index + 1) })), symbols: {} };
  const access = new FileAccess({ script: files, folders: [] }, undefined, undefined);
  const executed = await executeRecipe(recipe, [last], { files: access, maximumBytes: 2 ** 28, seed: 0, cancel: never, bundled });
  if (!executed.ok) throw new Error(executed.error.text);
  const value = executed.value.values.get(last);
  const array = value ? toArray(value) : null;
  if (!array?.ok) throw new Error('There is no array at the end.');
  return array.value;
}

describe('read_csv as pandas reads', () => {
  it.each(reference.csv)('$name', async ({ options, columns }) => {
    const table = await readCsv(
      join(files, options.path),
      options,
      { maximumBytes: 2 ** 28, seed: 0, fileBytes: 100, rate: 1 },
      never,
    );
    if (!table.ok) throw new Error(table.error.text);
    expect(table.value.columns.map(({ label, type }) => ({ label, type }))).toEqual(
      columns.map(({ label, type }) => ({ label, type })),
    );
    for (const [index, column] of table.value.columns.entries()) {
      const expected = columns[index]?.values ?? [];
      if (column.type === 'text') {
        expect(column.values).toEqual(expected.map((cell) => (cell === true ? 'True' : cell)));
      } else expectNumbers(column.values, expected.map(numberOf), 0);
    }
  });
});

describe('data steps as NumPy, pandas and scikit-learn compute them', () => {
  it.each(reference.steps)('$name', async ({ steps, shape, values, integer }) => {
    const array = await execute(steps);
    expect(array.tensor.shape).toEqual(shape);
    expectNumbers(array.tensor.values, values.map(numberOf));
    expect(array.tensor.values instanceof Int32Array).toBe(integer);
  });
});

describe('bundled tables as scikit-learn returns them', () => {
  it.each(Object.entries(reference.tables))('%s', async (table, expected) => {
    const source = { kind: 'bundled', arguments: { table }, inputs: [], range: at(1) } as DataStep;
    const part = (index: number): DataStep => ({ kind: 'part', arguments: { index }, inputs: [0], range: at(1) });
    const data = await execute([source, part(0)]);
    const target = await execute([source, part(1)]);
    const weighted = (values: ArrayLike<number>): number =>
      Array.from(values).reduce((sum, value, at) => sum + value * Math.cos(at), 0);
    expect(data.tensor.shape).toEqual(expected.shape);
    expect(data.names).toEqual(expected.names);
    expect(weighted(data.tensor.values)).toBeCloseTo(expected.weighted, 6);
    expect(weighted(target.tensor.values)).toBeCloseTo(expected.targetWeighted, 6);
    expect(Array.from(target.tensor.values).reduce((sum, value) => sum + value, 0)).toBe(expected.target);
    expect(target.tensor.values instanceof Int32Array).toBe(expected.classes);
  });
});

describe('second moments of [1, x] as singular values give them', () => {
  it.each(Object.entries(reference.moments))('%s', async (_name, { x, moments }) => {
    const rows = x.length;
    const found = await inputMoments(inputMatrix([arrayOf([rows, x[0]?.length ?? 0], Float64Array.from(x.flat()))]));
    const all = [found.secondMoment, found.centredMoment, found.standardisedMoment];
    for (const [index, expected] of moments.entries()) {
      expect(all[index]?.largest).toBeCloseTo(expected.largest, 6);
      // Rounding of the largest eigenvalue bounds what can be known of the smallest.
      const noise = 100 * Number.EPSILON * expected.largest;
      expect(Math.abs((all[index]?.smallest ?? 0) - expected.smallest)).toBeLessThan(1e-9 * expected.smallest + noise);
    }
  });
});

describe.skipIf(!existsSync('/usr/lib/python3/dist-packages/pandas'))('the reference itself', () => {
  it('is what pandas, NumPy and scikit-learn give here too', () => {
    const out = mkdtempSync(join(tmpdir(), 'reference-'));
    try {
      execFileSync('/usr/bin/python3', [join(folder, 'data.py'), out]);
      const made = JSON.parse(readFileSync(join(out, 'data.json'), 'utf8')) as Reference;
      expect(made.csv).toEqual(reference.csv);
      for (const [index, { name, values }] of reference.steps.entries()) {
        expect(made.steps[index]?.name).toBe(name);
        expectNumbers((made.steps[index]?.values ?? []).map(numberOf), values.map(numberOf));
      }
      expect(readFileSync(join(out, 'files', 'f8.npy')).equals(readFileSync(join(files, 'f8.npy')))).toBe(true);
    } finally {
      rmSync(out, { recursive: true });
    }
  });
});
