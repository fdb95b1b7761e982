import { describe, expect, it } from 'vitest';
import type { DataSteps } from '../../src/records/dataSteps';
import { experimentOf, loaded, step } from './program';

const values = [3, 1, 2, -1, 5, 5, 0, 4, 4, 2, 2, -3];

/** A reduction of four rows of three numbers. */
async function reduced(
  name: DataSteps['reduce']['function'],
  axis: number | null,
): Promise<{ shape: readonly number[]; values: number[] }> {
  const rows = step('literal', { shape: [4, 3], values, integer: true });
  const made = step('reduce', { function: name, axis, keep: axis === null, correction: 0 }, 0);
  const dataset = await loaded(experimentOf([rows, made], { inputs: [1], targets: [] }));
  const tensor = dataset.train.inputs[0];
  return { shape: tensor?.shape ?? [], values: Array.from(tensor?.values ?? []) };
}

describe('reductions of data', () => {
  // np.array(values).reshape(4, 3).prod(1), .argmax(1), .argmin(0), .argmax()
  it.each([
    ['product', 1, [4], [6, -25, 0, -12]],
    ['argMax', 1, [4], [0, 1, 1, 0]],
    ['argMin', 0, [3], [1, 0, 3]],
    ['argMax', null, [1, 1], [4]],
  ] as const)('%s along %s', async (name, axis, shape, wanted) => {
    expect(await reduced(name, axis)).toEqual({ shape: [...shape], values: [...wanted] });
  });
});
