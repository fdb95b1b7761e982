import { setImmediate } from 'node:timers/promises';
import type { DataStatistics } from '../../records/dataset';
import { symmetricEigenvalues } from './eigenvalues';
import type { InputMatrix } from './matrix';

type Moment = DataStatistics['secondMoment'];
export type Moments = Pick<DataStatistics, 'secondMoment' | 'centredMoment' | 'standardisedMoment'>;

/** Wider inputs are left out: the work grows with the square of the columns. */
const mostColumns = 300;
/** Multiplications spent on the covariance; beyond it, rows evenly spread over the data stand for all. */
const mostProducts = 6e8;

/**
 * Eigenvalues of the second moment E[zzᵀ] of z = [1, x] (the curvature that a linear layer with bias
 * sees), with x as it is, centred, and divided by its deviation too. Directions in which the data do
 * not vary at all carry no loss and no gradient; `smallest` is the smallest eigenvalue besides them.
 */
export async function inputMoments(matrix: InputMatrix): Promise<Moments> {
  const { width } = matrix;
  const found = width > 0 && width <= mostColumns ? await covariance(matrix) : null;
  if (!found) return { secondMoment: null, centredMoment: null, standardisedMoment: null };
  const { mean, products } = found;
  const deviation = mean.map((_, j) => Math.sqrt(products[j * width + j] as number));
  // A deviation within rounding of the mean is a constant column.
  const scale = deviation.map((value, j) => (value > 1e-13 * Math.abs(mean[j] as number) ? value : Infinity));
  return {
    secondMoment: momentOf(
      width,
      mean,
      (i, j) => (products[i * width + j] as number) + (mean[i] as number) * (mean[j] as number),
    ),
    centredMoment: momentOf(width, null, (i, j) => products[i * width + j] as number),
    standardisedMoment: momentOf(
      width,
      null,
      (i, j) => (products[i * width + j] as number) / (scale[i] as number) / (scale[j] as number),
    ),
  };
}

/** Eigenvalues of [[1, mᵀ], [m, A]]. */
function momentOf(width: number, mean: Float64Array | null, entry: (i: number, j: number) => number): Moment {
  const n = width + 1;
  const matrix = new Float64Array(n * n);
  matrix[0] = 1;
  for (let i = 0; i < width; i++) {
    matrix[i + 1] = matrix[(i + 1) * n] = mean?.[i] ?? 0;
    for (let j = 0; j < width; j++) matrix[(i + 1) * n + j + 1] = entry(i, j);
  }
  const eigenvalues = symmetricEigenvalues(matrix, n);
  const largest = eigenvalues[n - 1] as number;
  const smallest = eigenvalues.find((value) => value > n * Number.EPSILON * largest) ?? largest;
  return Number.isFinite(largest) ? { largest, smallest, condition: largest / smallest } : null;
}

/** Mean and covariance (divisor n) over the rows without missing or infinite values; null when there is none. */
async function covariance(matrix: InputMatrix): Promise<{ mean: Float64Array; products: Float64Array } | null> {
  const { rows, width } = matrix;
  const stride = Math.max(1, Math.ceil((rows * width * width) / 2 / mostProducts));
  const row = new Float64Array(width);
  const finite: number[] = [];
  const mean = new Float64Array(width);
  for (let i = 0; i < rows; i += stride) {
    matrix.readRow(i, row);
    if (!row.every(Number.isFinite)) continue;
    finite.push(i);
    for (let j = 0; j < width; j++) mean[j] = (mean[j] as number) + (row[j] as number);
  }
  if (finite.length === 0) return null;
  for (let j = 0; j < width; j++) mean[j] = (mean[j] as number) / finite.length;

  const products = new Float64Array(width * width);
  let spent = 0;
  for (const i of finite) {
    matrix.readRow(i, row);
    for (let j = 0; j < width; j++) row[j] = (row[j] as number) - (mean[j] as number);
    for (let j = 0; j < width; j++) {
      const xj = row[j] as number;
      const start = j * width;
      if (xj !== 0) for (let k = 0; k <= j; k++) products[start + k] = (products[start + k] as number) + xj * (row[k] as number);
    }
    spent += width * width;
    if (spent < 2e7) continue;
    spent = 0;
    await setImmediate();
  }
  for (let j = 0; j < width; j++) {
    for (let k = 0; k <= j; k++)
      products[j * width + k] = products[k * width + j] = (products[j * width + k] as number) / finite.length;
  }
  return { mean, products };
}
