import type { LinearOperator } from './operator';
import { dot } from './vector';

/** The best step along the (preconditioned) gradient in the second-order model. */
export interface GradientStep {
  /** η* = gᵀP⁻¹g / gᵀP⁻¹HP⁻¹g. */
  readonly rate: number;
  /** What the model says the loss falls by at η*: ½ (gᵀP⁻¹g)²/(gᵀP⁻¹HP⁻¹g). */
  readonly gain: number;
  /** Second derivative along the direction over its squared length. */
  readonly curvature: number;
}

/** η* along P⁻¹g (P = 1 where none is given): one application. Null where the curvature along it is not positive, so that no step is best. */
export async function gradientStep(
  hessian: LinearOperator,
  gradient: Float32Array,
  preconditioner: Float32Array | null = null,
): Promise<GradientStep | null> {
  const direction = preconditioner === null ? gradient : gradient.map((g, i) => g / (preconditioner[i] as number));
  const image = new Float32Array(hessian.dim);
  await hessian.apply(direction, image);
  const slope = dot(gradient, direction);
  const bend = dot(direction, image);
  if (!(bend > 0)) return null;
  return { rate: slope / bend, gain: (slope * slope) / (2 * bend), curvature: bend / dot(direction, direction) };
}
