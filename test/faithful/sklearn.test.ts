import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readScript } from '../../src/source/read';
import { parser } from '../source/reading';
import { project } from './examples';
import { traceUnit } from './trace';

type Weights = Readonly<Record<string, readonly number[]>>;

/** Where scikit-learn's estimators start and end, fitted by `_fit.py` on the scripts in `estimators/`. */
const folder = join(import.meta.dirname, 'estimators');
const reference = JSON.parse(readFileSync(join(folder, 'weights.json'), 'utf8')) as Readonly<
  Record<string, { readonly start: Weights; readonly end: Weights }>
>;

/** ‖a - b‖ over ‖b‖. */
function gap(a: ArrayLike<number>, b: readonly number[]): number {
  const squares = b.reduce((sum, value, i) => sum + ((a[i] ?? NaN) - value) ** 2, 0);
  return Math.sqrt(squares / b.reduce((sum, value) => sum + value * value, 0));
}

describe('a run ends where scikit-learn ends', () => {
  test.each(Object.entries(reference))('%s', async (name, { start, end }) => {
    const path = join(folder, `${name}.py`);
    const { experiments } = readScript(parser, path, readFileSync(path, 'utf8'), { folders: [project], read: () => null });
    const [read] = experiments;
    if (!read?.model) throw new Error('The script was not read');
    expect(read.unread).toEqual([]);
    const parameters = read.model.parameters.map((parameter) => {
      const values = start[parameter.name];
      return values ? { ...parameter, initializer: { kind: 'values' as const, values } } : parameter;
    });
    const experiment = { ...read, model: { ...read.model, parameters } };
    const trace = await traceUnit({ name, path, experiment }, 1e6);
    if (!trace.ok) throw new Error(trace.error);
    const names = Object.keys(end);
    expect(parameters.map((parameter) => parameter.name).sort()).toEqual([...names].sort());
    for (const weight of names)
      expect(gap(trace.value.arrays.get(`final/${weight}`)?.values ?? [], end[weight] ?? []), weight).toBeLessThan(2e-4);
  });
});
