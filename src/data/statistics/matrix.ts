import { sizeOf, type ArrayValue } from '../values';

/** The model's inputs side by side, each flattened to rows and columns. */
export interface InputMatrix {
  readonly rows: number;
  readonly width: number;
  readonly names: readonly string[];
  /** Copies column j into `out` (length `rows`). */
  readonly readColumn: (column: number, out: Float64Array) => void;
  /** Copies row i into `out` (length `width`). */
  readonly readRow: (row: number, out: Float64Array) => void;
}

export function inputMatrix(inputs: readonly ArrayValue[]): InputMatrix {
  const rows = inputs[0]?.tensor.shape[0] ?? 0;
  const blocks: { values: ArrayValue['tensor']['values']; width: number; start: number }[] = [];
  const names: string[] = [];
  let start = 0;
  for (const { tensor, names: known } of inputs) {
    const width = sizeOf(tensor.shape.slice(1));
    blocks.push({ values: tensor.values, width, start });
    for (let j = 0; j < width; j++) names.push((known?.length === width ? known[j] : undefined) ?? `column ${start + j}`);
    start += width;
  }
  const blockOf = (column: number): (typeof blocks)[number] | undefined =>
    blocks.find((block) => column < block.start + block.width);
  return {
    rows,
    width: start,
    names,
    readColumn: (column, out) => {
      const block = blockOf(column);
      if (!block) return;
      const at = column - block.start;
      for (let i = 0; i < rows; i++) out[i] = block.values[i * block.width + at] as number;
    },
    readRow: (row, out) => {
      for (const { values, width, start: to } of blocks)
        for (let j = 0; j < width; j++) out[to + j] = values[row * width + j] as number;
    },
  };
}

/** True when the input's columns are pixels: known from the source, or two spatial axes after the channels. */
export const isImage = (inputs: readonly ArrayValue[]): boolean =>
  inputs.some(
    ({ pixels, tensor: { shape } }) =>
      (pixels && sizeOf(shape.slice(1)) > 1) || (shape.length === 4 && (shape[2] as number) > 1 && (shape[3] as number) > 1),
  );
