import { meanOfSamples } from './estimate';

/** An eigenvalue at the end of the spectrum, brought from part of the rows to all. */
export interface ExtrapolatedEnd {
  readonly value: number;
  /** Half width of its interval: by the sampling of the rows, and by how far the two laws part. */
  readonly error: number;
}

/** An end of the spectrum, as it was seen on part of the rows. */
export interface EndOnRows {
  /** On the first half of them, and on all of them. */
  readonly atHalf: number;
  readonly atRows: number;
  /**
   * vᵀHv on equal and disjoint parts of them, for the eigenvector v of the end: to first order an eigenvalue moves as these do when other
   * rows are drawn (its influence function: Critchley 1985).
   */
  readonly alongParts: readonly number[];
}

/** Parts of the rows from which the sampling of an end is told, at least. */
export const fewestParts = 3;

/**
 * Subsets of rows inflate both ends of the spectrum, by c(1/n - 1/N) where an outlier's noise does it and by c(1/√n - 1/√N) at the
 * edge of a bulk (Marchenko and Pastur 1967). From the end at n/2 and at n rows of N either law gives a correction; their mean is
 * taken: confirm on all rows before a warning or a saddle. Null where these rows do not tell: below three parts, and where the
 * correction is larger than the end itself, at which neither law holds.
 */
export function extrapolateToAllRows(
  { atHalf, atRows, alongParts }: EndOnRows,
  rows: number,
  ofRows: number,
): ExtrapolatedEnd | null {
  if (rows >= ofRows) return { value: atRows, error: 0 };
  if (alongParts.length < fewestParts) return null;
  const share = rows / ofRows;
  const outlier = 1 - share;
  const edge = (1 - Math.sqrt(share)) / (Math.SQRT2 - 1);
  const factor = (outlier + edge) / 2;
  const difference = atHalf - atRows;
  if (factor * Math.abs(difference) > Math.abs(atRows)) return null;
  // The end on n of N rows has variance s²(1 - n/N), that on half of them s²(2 - n/N): their difference s², and no covariance with the former.
  const sampling = meanOfSamples(alongParts).error * Math.sqrt(1 - share + factor ** 2);
  return {
    value: atRows - factor * difference,
    error: Math.abs((outlier - edge) / 2) * Math.abs(difference) + sampling,
  };
}
