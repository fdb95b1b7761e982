import { Random } from '../base/random';

/**
 * Which rows of a source are kept when all of them would not fit in memory. Row i has a fixed random
 * mark u(i), the same in every file, and is kept where u(i) < rate: files with equal row counts stay
 * in step, order is kept, and lowering the rate only drops rows.
 */
export class RowMarks {
  private readonly random: Random;

  constructor(seed: number) {
    this.random = new Random(seed).fork('row sample');
  }

  /** The mark of the next row, in [0, 1). */
  next(): number {
    return this.random.bits() / 4294967296;
  }
}

/** The rows of `count` that are kept at `rate`, in order. */
export function sampleRows(count: number, rate: number, seed: number): Int32Array {
  const marks = new RowMarks(seed);
  const kept: number[] = [];
  for (let row = 0; row < count; row++) if (marks.next() < rate) kept.push(row);
  return Int32Array.from(kept);
}

/** Share of `count` rows of `bytesPerRow` that fits into `maximumBytes`: 1 when all do. */
export const fittingRate = (count: number, bytesPerRow: number, maximumBytes: number): number =>
  Math.min(1, maximumBytes / Math.max(1, count * bytesPerRow));
