import { never } from '../base/cancel';
import { studentPoint } from './estimate';
import type { LinearOperator } from './operator';
import type { SamplingOptions } from './sampling';
import { signVector } from './vector';

/** The diagonal of an operator with an error for each entry. */
export interface DiagonalEstimate {
  readonly values: Float64Array;
  /** Half widths of 95 % intervals, one for each entry. */
  readonly errors: Float64Array;
  readonly applications: number;
}

/**
 * diag A as the mean of z∘Az over random signs z (Bekas, Kokiopoulou and Saad 2007). The variance of entry i is the sum of
 * the squares of its row's other entries. Stops when the errors' root mean square is within the tolerance of the values'.
 */
export async function diagonalBekas(operator: LinearOperator, options: SamplingOptions): Promise<DiagonalEstimate> {
  const { tolerance = 0.05, maximumApplications = 200, cancel = never, random } = options;
  const { dim } = operator;
  const values = new Float64Array(dim);
  const squares = new Float64Array(dim);
  const image = new Float32Array(dim);
  const errors = new Float64Array(dim).fill(Infinity);
  let n = 0;
  let nextLook = 8;
  while (n < maximumApplications && !cancel.cancelled) {
    const z = signVector(dim, random);
    operator.confine?.(z);
    await operator.apply(z, image);
    n++;
    for (let i = 0; i < dim; i++) {
      const sample = (z[i] as number) * (image[i] as number);
      const off = sample - (values[i] as number);
      values[i] = (values[i] as number) + off / n;
      squares[i] = (squares[i] as number) + off * (sample - (values[i] as number));
    }
    if (n < nextLook) continue;
    nextLook = Math.ceil(nextLook * 1.5);
    if (setErrors(values, squares, n, errors) <= tolerance) break;
  }
  setErrors(values, squares, n, errors);
  return { values, errors, applications: n };
}

/** Fills `errors`; returns their root mean square over the values'. */
function setErrors(values: Float64Array, squares: Float64Array, n: number, errors: Float64Array): number {
  if (n < 2) return Infinity;
  const factor = studentPoint(n - 1) / Math.sqrt(n * (n - 1));
  let error2 = 0;
  let value2 = 0;
  for (let i = 0; i < values.length; i++) {
    // Rounding of an entry, where the samples happen to agree.
    const error = factor * Math.sqrt(squares[i] as number) + 1e-6 * Math.abs(values[i] as number);
    errors[i] = error;
    error2 += error * error;
    value2 += (values[i] as number) ** 2;
  }
  return value2 === 0 ? (error2 === 0 ? 0 : Infinity) : Math.sqrt(error2 / value2);
}
