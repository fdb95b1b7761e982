import type { LinearOperator } from './operator';

/** The operator of a square matrix given by its entries, row after row. */
export function denseOperator(entries: ArrayLike<number>, dim: number, selfAdjoint = true): LinearOperator {
  const apply = (v: Float32Array, out: Float32Array): Promise<void> => {
    for (let i = 0; i < dim; i++) {
      let sum = 0;
      for (let j = 0; j < dim; j++) sum += (entries[i * dim + j] as number) * (v[j] as number);
      out[i] = sum;
    }
    return Promise.resolve();
  };
  return { dim, selfAdjoint, apply };
}

/** The operator of a diagonal matrix. */
export function diagonalOperator(diagonal: Float32Array): LinearOperator {
  const apply = (v: Float32Array, out: Float32Array): Promise<void> => {
    for (let i = 0; i < v.length; i++) out[i] = (diagonal[i] as number) * (v[i] as number);
    return Promise.resolve();
  };
  return { dim: diagonal.length, selfAdjoint: true, apply };
}

/** All entries of an operator, row after row: `dim` applications, for problems small enough to be written out. */
export async function toDense(operator: LinearOperator): Promise<Float64Array> {
  const { dim } = operator;
  const entries = new Float64Array(dim * dim);
  const unit = new Float32Array(dim);
  const column = new Float32Array(dim);
  for (let j = 0; j < dim; j++) {
    unit[j] = 1;
    await operator.apply(unit, column);
    unit[j] = 0;
    for (let i = 0; i < dim; i++) entries[i * dim + j] = column[i] as number;
  }
  return entries;
}
