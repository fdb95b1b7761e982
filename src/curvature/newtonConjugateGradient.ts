import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { LossAt } from './finiteProbes';
import type { LinearOperator } from './operator';
import { axpy, dot, norm, plus } from './vector';

/** What one damped Newton step would do. */
export interface NewtonGain {
  readonly step: Float32Array;
  readonly damping: number;
  /** Fall of the loss by the (undamped) second-order model. */
  readonly predicted: number;
  /** Fall of the loss that was measured. */
  readonly measured: number;
  /** True when conjugate gradients met a direction of curvature ≤ 0 and ended there (truncated Newton). */
  readonly negativeCurvature: boolean;
  readonly applications: number;
  /** Dampings tried, the last being the one stated. */
  readonly evaluations: number;
}

/**
 * The gain of a damped truncated Newton step (Dembo and Steihaug 1983; Martens 2010): (H + δI)p = -g by conjugate gradients to the
 * relative residual `tolerance`. The damping starts at `damping` and grows tenfold until the measured fall is at least a quarter of
 * the predicted one (Levenberg and Marquardt), at most 8 times. Null when no damping makes the loss fall.
 */
export async function newtonGain(
  lossAt: LossAt,
  hessian: LinearOperator,
  theta: Float32Array,
  gradient: Float32Array,
  damping: number,
  options: { readonly tolerance?: number; readonly maximumApplications?: number; readonly cancel?: CancelToken } = {},
): Promise<NewtonGain | null> {
  const { cancel = never } = options;
  const before = await lossAt(theta);
  const image = new Float32Array(theta.length);
  let applications = 0;
  let delta = damping;
  for (let evaluations = 1; evaluations <= 8 && !cancel.cancelled; evaluations++) {
    const inner = await truncatedConjugateGradient(hessian, gradient, delta, options);
    await hessian.apply(inner.step, image);
    applications += inner.applications + 1;
    const predicted = -(dot(gradient, inner.step) + 0.5 * dot(inner.step, image));
    const measured = before - (await lossAt(plus(theta, 1, inner.step)));
    if (measured > 0 && measured >= 0.25 * predicted) {
      return { ...inner, damping: delta, predicted, measured, applications, evaluations };
    }
    delta *= 10;
  }
  return null;
}

async function truncatedConjugateGradient(
  hessian: LinearOperator,
  gradient: Float32Array,
  damping: number,
  options: { readonly tolerance?: number; readonly maximumApplications?: number; readonly cancel?: CancelToken },
): Promise<{ readonly step: Float32Array; readonly negativeCurvature: boolean; readonly applications: number }> {
  const { tolerance = 0.1, maximumApplications = 50, cancel = never } = options;
  const step = new Float32Array(gradient.length);
  const residual = gradient.map((g) => -g);
  const direction = residual.slice();
  const image = new Float32Array(gradient.length);
  const goal = tolerance * norm(gradient);
  let squared = dot(residual, residual);
  let applications = 0;
  while (applications < maximumApplications && Math.sqrt(squared) > goal && !cancel.cancelled) {
    await hessian.apply(direction, image);
    axpy(damping, direction, image);
    applications++;
    const bend = dot(direction, image);
    if (!(bend > 0)) {
      // The first direction is the gradient's own: a step of its length is better than none.
      if (applications === 1) step.set(direction);
      return { step, negativeCurvature: true, applications };
    }
    const alpha = squared / bend;
    axpy(alpha, direction, step);
    axpy(-alpha, image, residual);
    const next = dot(residual, residual);
    plus(residual, next / squared, direction, direction);
    squared = next;
  }
  return { step, negativeCurvature: false, applications };
}
