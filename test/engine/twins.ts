import { Random } from '../../src/base/random';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import type { StepColumns, Twin } from '../../src/engine/twin';
import type { Dataset, Tensor } from '../../src/records/dataset';
import type { Experiment } from '../../src/records/experiment';
import type { Quantity } from '../../src/records/measurement';

/** One runtime for all tests of a file. */
export const runtime = createRuntime({ threads: 1 });

/** The twin, or a failure with the reason. */
export async function twinOf(experiment: Experiment, data: Dataset, on = runtime): Promise<Twin> {
  const built = await buildTwin(experiment, data, on);
  if (!built.ok) throw new Error(built.error.text);
  return built.value;
}

/** The text of the reason why the twin cannot be built; null when it can. */
export async function reasonOf(experiment: Experiment, data: Dataset): Promise<string | null> {
  const built = await buildTwin(experiment, data, runtime);
  return built.ok ? null : built.error.text;
}

/** Standard normal numbers. */
export function normalTensor(shape: readonly number[], seed: number): Tensor {
  const random = new Random(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, values: Float32Array.from({ length: size }, () => random.normal()) };
}

/** Class numbers that a linear rule of the first columns decides. */
export function separableClasses(x: Tensor): Tensor {
  const width = x.shape[1] ?? 1;
  const rows = x.shape[0] ?? 0;
  const values = Int32Array.from({ length: rows }, (_, i) => {
    const row = x.values.subarray(i * width, (i + 1) * width);
    return ((row[0] as number) + (row[1] as number) > 0 ? 1 : 0) + ((row[0] as number) - (row[1] as number) > 1 ? 1 : 0);
  });
  return { shape: [rows], values };
}

/** 0 … count-1. */
export function allRows(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => i);
}

/** ‖a - b‖ / ‖b‖. */
export function relativeDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] as number) - (b[i] as number)) ** 2;
    size += (b[i] as number) ** 2;
  }
  return Math.sqrt(difference / size);
}

/** A column of the steps taken; fails when it was not recorded. */
export function columnOf(columns: StepColumns['columns'], quantity: Quantity): Float64Array {
  const column = columns.get(quantity);
  if (column === undefined) throw new Error(`${quantity} was not recorded.`);
  return Float64Array.from(column);
}
