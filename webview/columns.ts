/** One measured quantity over its steps; grows at its end. Views of equal length. */
export interface Column {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly storage: ColumnStorage;
}

/** Room shared by a column and the longer columns made from it. */
interface ColumnStorage {
  readonly steps: Float64Array;
  readonly values: Float64Array;
  used: number;
}

/**
 * The column with `steps` and `values` appended; `column` itself stays as it was.
 * Both share storage: the new entries are written behind the end that `column` sees, and only the
 * longest column may do so, which makes appending cost what is appended.
 */
export function appendColumn(column: Column | undefined, steps: Float64Array, values: Float64Array): Column {
  const before = column?.steps.length ?? 0;
  const added = Math.min(steps.length, values.length);
  const length = before + added;
  const storage = column && hasRoom(column, length) ? column.storage : copyOf(column, length);
  storage.steps.set(steps.subarray(0, added), before);
  storage.values.set(values.subarray(0, added), before);
  storage.used = length;
  return { steps: storage.steps.subarray(0, length), values: storage.values.subarray(0, length), storage };
}

function hasRoom(column: Column, length: number): boolean {
  return column.storage.used === column.steps.length && column.storage.steps.length >= length;
}

function copyOf(column: Column | undefined, length: number): ColumnStorage {
  const capacity = Math.max(64, 2 * length);
  const storage = { steps: new Float64Array(capacity), values: new Float64Array(capacity), used: 0 };
  if (column) {
    storage.steps.set(column.steps);
    storage.values.set(column.values);
  }
  return storage;
}

/** Position of the last entry at or before `step` in ascending `steps`; -1 when all come later. */
export function indexAtOrBefore(steps: ArrayLike<number>, step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] as number) <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
