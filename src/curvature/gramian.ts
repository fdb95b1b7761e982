import type { LinearOperator } from './operator';
import { axpy, dot } from './vector';

/**
 * (1/divisor) Σ (rᵢ - c)(rᵢ - c)ᵀ of stored vectors rᵢ, applied without being formed. With per-row gradients and c their mean it
 * is the gradient covariance Σ (divisor n-1); with c = 0 and divisor n the empirical Fisher matrix; with the rows of a layer's
 * input it is the second moment of its inputs, whose spectrum a linear layer's Hessian has.
 */
export function gramian(rows: readonly Float32Array[], centre: Float32Array | null, divisor = rows.length): LinearOperator {
  const dim = rows[0]?.length ?? 0;
  const apply = (v: Float32Array, out: Float32Array): Promise<void> => {
    out.fill(0);
    const shift = centre === null ? 0 : dot(centre, v);
    let total = 0;
    for (const row of rows) {
      const weight = (dot(row, v) - shift) / divisor;
      axpy(weight, row, out);
      total += weight;
    }
    if (centre !== null) axpy(-total, centre, out);
    return Promise.resolve();
  };
  return { dim, selfAdjoint: true, apply };
}

/** The mean of vectors of one length. */
export function meanVector(rows: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(rows[0]?.length ?? 0);
  for (const row of rows) axpy(1 / rows.length, row, mean);
  return mean;
}
