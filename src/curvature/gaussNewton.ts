import type { LinearOperator } from './operator';

/** The derivative of a model's outputs over fixed rows at a fixed point, and the loss's second derivative in the outputs. */
export interface OutputDerivatives {
  /** Number of parameters. */
  readonly dim: number;
  /** Number of outputs over all rows. */
  readonly outputs: number;
  /** out ← J v: change of the outputs along v. */
  jvp(v: Float32Array, out: Float32Array): Promise<void>;
  /** out ← ∇²ₒloss u: block diagonal over rows, weighted as in the mean loss. Positive semidefinite for the usual losses. */
  outputHessian(u: Float32Array, out: Float32Array): Promise<void>;
  /** out ← Jᵀ u. */
  vjp(u: Float32Array, out: Float32Array): Promise<void>;
}

/**
 * The Gauss-Newton matrix Jᵀ(∇²ₒloss)J (Schraudolph 2002): for losses that are log-likelihoods of exponential families it is the
 * Fisher matrix. Positive semidefinite: good for limits near a fit, never shows a saddle.
 */
export function gaussNewton({ dim, outputs, jvp, outputHessian, vjp }: OutputDerivatives): LinearOperator {
  const tangent = new Float32Array(outputs);
  const weighted = new Float32Array(outputs);
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    await jvp(v, tangent);
    await outputHessian(tangent, weighted);
    await vjp(weighted, out);
  };
  return { dim, selfAdjoint: true, apply };
}
