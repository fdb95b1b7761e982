/** An eigenvalue at the end of the spectrum, brought from part of the rows to all. */
export interface ExtrapolatedEnd {
  readonly value: number;
  /** The size of the larger correction: how far the part's value may have to be moved. */
  readonly error: number;
}

/**
 * Subsets of rows inflate both ends of the spectrum, by c(1/n - 1/N) where an outlier's noise does it and by c(1/√n - 1/√N) at the
 * edge of a bulk (Marchenko and Pastur 1967). From the end at n/2 and at n rows of N either law gives a correction; their mean is
 * taken and the larger one stated as the error: confirm on all rows before a warning or a saddle.
 */
export function extrapolateToAllRows(atHalf: number, atRows: number, rows: number, ofRows: number): ExtrapolatedEnd {
  const share = Math.min(1, rows / ofRows);
  const outlier = (atHalf - atRows) * (1 - share);
  const edge = ((atHalf - atRows) * (1 - Math.sqrt(share))) / (Math.SQRT2 - 1);
  return { value: atRows - (outlier + edge) / 2, error: Math.max(Math.abs(outlier), Math.abs(edge)) };
}
