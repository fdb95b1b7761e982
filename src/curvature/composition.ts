import type { LinearOperator } from './operator';
import { axpy, orthonormalBasis, removeComponents } from './vector';

/** D A D for a diagonal D. With D = P^-½ it is similar to P⁻¹A, and self-adjoint as A is. */
function betweenDiagonals(operator: LinearOperator, factors: Float32Array): LinearOperator {
  const scaled = new Float32Array(operator.dim);
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    for (let i = 0; i < v.length; i++) scaled[i] = (v[i] as number) * (factors[i] as number);
    await operator.apply(scaled, out);
    for (let i = 0; i < v.length; i++) out[i] = (out[i] as number) * (factors[i] as number);
  };
  const confine = (v: Float32Array): void => {
    for (let i = 0; i < v.length; i++) if (factors[i] === 0) v[i] = 0;
  };
  return { dim: operator.dim, selfAdjoint: operator.selfAdjoint, apply, confine };
}

/**
 * P^-½ A P^-½ for the diagonal P > 0 of a preconditioner: it has the eigenvalues of P⁻¹A, and stays self-adjoint.
 * Where v is its eigenvector, P^-½ v is the direction in parameters. Where P is 0, infinite or not a number, the
 * parameter cannot move in a stable way and is held fixed.
 */
export function preconditioned(operator: LinearOperator, diagonal: Float32Array): LinearOperator {
  const factors = diagonal.map((p) => (p > 0 && Number.isFinite(p) ? 1 / Math.sqrt(p) : 0));
  return betweenDiagonals(operator, factors);
}

/** A on the parameters of the given ranges alone: its block on one layer or any group, in the whole space (0 elsewhere). */
export function restricted(
  operator: LinearOperator,
  ranges: readonly { readonly offset: number; readonly length: number }[],
): LinearOperator {
  const mask = new Float32Array(operator.dim);
  for (const { offset, length } of ranges) mask.fill(1, offset, offset + length);
  return betweenDiagonals(operator, mask);
}

/** A's block on one contiguous range of parameters, as an operator of that range's length. */
export function block(operator: LinearOperator, offset: number, length: number): LinearOperator {
  const whole = new Float32Array(operator.dim);
  const image = new Float32Array(operator.dim);
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    whole.set(v, offset);
    await operator.apply(whole, image);
    out.set(image.subarray(offset, offset + length));
  };
  return { dim: length, selfAdjoint: operator.selfAdjoint, apply };
}

/** A + shift·I. L2 decay is such a shift. */
export function shifted(operator: LinearOperator, shift: number): LinearOperator {
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    await operator.apply(v, out);
    axpy(shift, v, out);
  };
  return { ...operator, apply };
}

/** factor·A. */
export function scaled(operator: LinearOperator, factor: number): LinearOperator {
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    await operator.apply(v, out);
    for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) * factor;
  };
  return { ...operator, apply };
}

/**
 * (I-QQᵀ) A (I-QQᵀ), where Q spans `directions` (orthonormalised here): what A is on the rest of the space, 0 on the
 * span. Scale directions of normalisation layers are taken out this way before a saddle is named.
 */
export function projectedOut(operator: LinearOperator, directions: readonly Float32Array[]): LinearOperator {
  const basis = orthonormalBasis(directions);
  if (basis.length === 0) return operator;
  const rest = new Float32Array(operator.dim);
  const confine = (v: Float32Array): void => {
    operator.confine?.(v);
    removeComponents(v, basis);
  };
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    rest.set(v);
    removeComponents(rest, basis);
    await operator.apply(rest, out);
    removeComponents(out, basis);
  };
  return { dim: operator.dim, selfAdjoint: operator.selfAdjoint, apply, confine };
}

/** Σ weights[i]·Aᵢ over operators of one dimension; weights are 1 where not given. */
export function sum(operators: readonly LinearOperator[], weights?: readonly number[]): LinearOperator {
  const dim = operators[0]?.dim ?? 0;
  const part = new Float32Array(dim);
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    out.fill(0);
    for (const [i, operator] of operators.entries()) {
      await operator.apply(v, part);
      axpy(weights?.[i] ?? 1, part, out);
    }
  };
  return { dim, selfAdjoint: operators.every((operator) => operator.selfAdjoint), apply };
}

/** A∘A, whose trace is the squared Frobenius norm of a self-adjoint A. One application of it is two of A. */
export function squared(operator: LinearOperator): LinearOperator {
  const once = new Float32Array(operator.dim);
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    await operator.apply(v, once);
    await operator.apply(once, out);
  };
  return { ...operator, apply };
}
