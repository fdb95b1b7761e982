import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { extrapolateToAllRows, type EndOnRows, type ExtrapolatedEnd } from '../../src/curvature/subsetExtrapolation';
import { dot, normalVector } from '../../src/curvature/vector';
import { expectCoverage } from './coverage';
import { jacobiEigen } from './jacobi';

/** The largest eigenvalue of the rows' second moment, with its eigenvector. */
function topOfRows(rows: readonly Float32Array[]): { readonly value: number; readonly vector: Float32Array } {
  const dim = rows[0]?.length ?? 0;
  const entries = new Float64Array(dim * dim);
  for (const row of rows)
    for (let i = 0; i < dim; i++)
      for (let j = 0; j < dim; j++)
        entries[i * dim + j] = (entries[i * dim + j] as number) + ((row[i] as number) * (row[j] as number)) / rows.length;
  const { values, vectors } = jacobiEigen(entries, dim);
  return { value: values[dim - 1] as number, vector: Float32Array.from(vectors[dim - 1] as number[]) };
}

/** What is seen of the end on `count` of the rows. */
function seenOn(rows: readonly Float32Array[]): EndOnRows {
  const { value, vector } = topOfRows(rows);
  const each = Math.floor(rows.length / 8);
  const alongParts = Array.from({ length: 8 }, (_, part) =>
    rows.slice(part * each, (part + 1) * each).reduce((sum, row) => sum + dot(row, vector) ** 2 / each, 0),
  );
  return { atHalf: topOfRows(rows.slice(0, rows.length >> 1)).value, atRows: value, alongParts };
}

function brought(seen: EndOnRows, rows: number, ofRows: number): ExtrapolatedEnd {
  const end = extrapolateToAllRows(seen, rows, ofRows);
  if (end === null) throw new Error('not told');
  return end;
}

/** `all` rows of normal numbers, the first column so many times as large as the others. */
function drawn(all: number, dim: number, stretch: number): Float32Array[] {
  const source = new Random(8);
  return Array.from({ length: all }, () => {
    const row = normalVector(dim, source);
    row[0] = stretch * (row[0] as number);
    return row;
  });
}

describe('an end of the spectrum, brought from part of the rows to all', () => {
  it.each([
    ['at the edge of a bulk', 600, 150, 10, 1],
    ['at the edge of a bulk, most rows', 600, 400, 10, 1],
    ['an outlier', 600, 150, 8, 4],
    ['an outlier, most rows', 400, 300, 8, 4],
    ['a far outlier on few rows', 300, 56, 6, 7],
  ] as const)('covers that of all rows: %s', async (_, all, part, dim, stretch) => {
    const rows = drawn(all, dim, stretch);
    await expectCoverage('extrapolation', topOfRows(rows).value, (seeded) => {
      const order = seeded.permutation(all);
      const chosen = Array.from(order.subarray(0, part), (row) => rows[row] as Float32Array);
      return brought(seenOn(chosen), part, all);
    });
  });

  it('comes nearer to it than the part, where the part is at the edge of a bulk', () => {
    const all = drawn(800, 60, 1);
    const seen = seenOn(all.slice(0, 300));
    const truth = topOfRows(all).value;
    const { value, error } = brought(seen, 300, 800);
    expect(Math.abs(value - truth)).toBeLessThan(Math.abs(seen.atRows - truth));
    expect(Math.abs(value - truth)).toBeLessThan(error);
  });

  it('is what was seen on all rows, and not told from fewer than three parts or where it would change its sign', () => {
    const all = drawn(64, 4, 1);
    const seen = seenOn(all);
    expect(extrapolateToAllRows({ ...seen, alongParts: [] }, 64, 64)).toEqual({ value: seen.atRows, error: 0 });
    expect(extrapolateToAllRows({ ...seen, alongParts: [1, 2] }, 32, 64)).toBeNull();
    // Twelve on half of a sixteenth of the rows, six on all of it: the laws would lead below zero.
    expect(extrapolateToAllRows({ atHalf: 12, atRows: 6, alongParts: [6, 7, 5, 6] }, 64, 1024)).toBeNull();
    expect(extrapolateToAllRows({ atHalf: 7, atRows: 6, alongParts: [6, 7, 5, 6] }, 64, 1024)).not.toBeNull();
  });
});
