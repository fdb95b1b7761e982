import type { Split, Tensor } from '../records/dataset';

/** Elements of a tensor as the graph takes them: float32, or int32 for class numbers. */
export type Elements = Float32Array | Int32Array;

/** A tensor with rows first, in the graph's element type. */
export interface RowTensor {
  /** Port name: `input/K` or `target/K`. */
  readonly name: string;
  readonly values: Elements;
  /** Elements in one row. */
  readonly width: number;
}

/** Inputs and targets of a split in the graph's element types; doubles are rounded once here. */
export function rowTensors(split: Split): RowTensor[] {
  return [
    ...split.inputs.map((tensor, k) => prepared(`input/${k}`, tensor)),
    ...split.targets.map((tensor, k) => prepared(`target/${k}`, tensor)),
  ];
}

function prepared(name: string, { shape, values }: Tensor): RowTensor {
  const width = shape.slice(1).reduce((product, size) => product * size, 1);
  return { name, width, values: values instanceof Float64Array ? Float32Array.from(values) : values };
}

/** Room for `rows` rows of `tensor`. */
export function emptyRows({ values, width }: RowTensor, rows: number): Elements {
  return values instanceof Int32Array ? new Int32Array(rows * width) : new Float32Array(rows * width);
}

/** out ← the chosen rows, one after the other. */
export function gatherRows({ values, width }: RowTensor, rows: Int32Array, out: Elements): void {
  if (width === 1) {
    for (let i = 0; i < rows.length; i++) out[i] = values[rows[i] as number] as number;
    return;
  }
  for (let i = 0; i < rows.length; i++)
    out.set(values.subarray((rows[i] as number) * width, ((rows[i] as number) + 1) * width), i * width);
}

/** True if `rows` are 0, 1, … : then nothing needs to be gathered. */
export function areInOrder(rows: Int32Array): boolean {
  return rows.every((row, i) => row === i);
}
