import { ok } from '../../base/result';
import type { ColumnTransform } from '../../records/columnTransforms';
import { fault } from '../fault';
import { eigensystem } from './eigenvectors';
import { meansOf, type Matrix, type Transform } from './columns';

/** Wider tables take too long. */
const widest = 400;
/** Products that the covariances of all pairs of columns may take. */
const mostProducts = 2e10;

/** Principal components of the rows it is fitted on, by the eigenvectors of their covariance. */
export const principal: Transform<Extract<ColumnTransform, { form: 'principal' }>> = (settings, fitted, rows) => {
  const { width } = fitted;
  if (width > widest || fitted.rows * width * width > mostProducts)
    return fault(`PCA of ${width} columns and ${fitted.rows} rows is not done here: it would take too long.`);
  if (fitted.values.some(Number.isNaN)) return fault('PCA does not take missing values.');
  const most = Math.min(fitted.rows, width);
  const means = meansOf(fitted);
  const { values, vectors } = eigensystem(covariance(fitted, means), width);
  const variances = values.map((value) => Math.max(0, value));
  const count = settings.share === null ? (settings.count ?? most) : enough(variances, settings.share);
  if (count > most) return fault(`PCA of ${fitted.rows} rows and ${width} columns has no ${count} components.`);
  const made = new Float64Array(rows.rows * count);
  for (let k = 0; k < count; k++) {
    const direction = turned(vectors[k] as Float64Array);
    const scale = settings.whiten ? 1 / Math.sqrt(variances[k] as number) : 1;
    for (let i = 0; i < rows.rows; i++) {
      let sum = 0;
      for (let j = 0; j < width; j++)
        sum += ((rows.values[i * width + j] as number) - (means[j] as number)) * (direction[j] as number);
      made[i * count + k] = sum * scale;
    }
  }
  return ok({ width: count, values: made });
};

function covariance({ rows, width, values }: Matrix, means: Float64Array): Float64Array {
  const sums = new Float64Array(width * width);
  const row = new Float64Array(width);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < width; j++) row[j] = (values[i * width + j] as number) - (means[j] as number);
    for (let j = 0; j < width; j++)
      for (let k = j; k < width; k++)
        sums[j * width + k] = (sums[j * width + k] as number) + (row[j] as number) * (row[k] as number);
  }
  for (let j = 0; j < width; j++)
    for (let k = j; k < width; k++) sums[k * width + j] = sums[j * width + k] = (sums[j * width + k] as number) / (rows - 1);
  return sums;
}

/** How many components explain more than a share of the variance. */
function enough(variances: Float64Array, share: number): number {
  const all = variances.reduce((sum, value) => sum + value, 0);
  let explained = 0;
  let count = 0;
  while (count < variances.length && explained / all <= share) explained += variances[count++] as number;
  return count;
}

/** The way round in which the largest entry is positive. */
function turned(vector: Float64Array): Float64Array {
  const largest = vector.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}
