import type { LinearOperator } from './operator';
import { dot, norm, plus } from './vector';

/** out ← ∇loss(θ). */
export type GradientAt = (theta: Float32Array, out: Float32Array) => Promise<unknown>;

/**
 * v ↦ ‖v‖[g(θ + r v/‖v‖) - g(θ - r v/‖v‖)]/(2r): curvature seen over the finite distance r. For a smooth loss and small r it is
 * the Hessian; for losses with kinks (hinge, absolute value, ReLU), whose Hessian is zero or lacks what steps cross, r is the
 * length of the real step. It is self-adjoint only as far as g is linear over that distance. Two gradients each.
 */
export function gradientDifference(gradient: GradientAt, theta: Float32Array, radius: number): LinearOperator {
  const ahead = new Float32Array(theta.length);
  const behind = new Float32Array(theta.length);
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    const length = norm(v);
    if (length === 0) {
      out.fill(0);
      return;
    }
    await gradient(plus(theta, radius / length, v), ahead);
    await gradient(plus(theta, -radius / length, v), behind);
    plus(ahead, -1, behind, out);
    for (let i = 0; i < out.length; i++) out[i] = ((out[i] as number) * length) / (2 * radius);
  };
  return { dim: theta.length, selfAdjoint: true, apply };
}

/** Curvature along a step that was made, from the gradients at its two ends. */
export interface StepCurvature {
  /** ‖Δg‖/‖Δθ‖: the gradient's Lipschitz ratio over the step. */
  readonly lipschitz: number;
  /** ΔθᵀΔg/‖Δθ‖²: the mean second derivative along the step. */
  readonly along: number;
}

/** Both curvatures of a step; null for a step of length 0. */
export function stepCurvature(before: Float32Array, after: Float32Array, step: Float32Array): StepCurvature | null {
  const squared = dot(step, step);
  if (!(squared > 0)) return null;
  const change = plus(after, -1, before);
  return { lipschitz: norm(change) / Math.sqrt(squared), along: dot(step, change) / squared };
}
