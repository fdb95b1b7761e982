import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import { tridiagonalEigen } from './tridiagonal';
import { norm, scale } from './vector';

/** The remaining loss of the second-order model, spread over curvatures. */
export interface LossByMode {
  /** Ritz values of Lanczos from the gradient, ascending. */
  readonly eigenvalues: Float64Array;
  /** ½ (vᵀg)²/λ: the loss that is left in each; 0 where λ is not above the noise floor, since no finite loss is left there to tell. */
  readonly losses: Float64Array;
  readonly noiseFloor: number;
  /** Share of ‖g‖² on curvatures that are not above the noise floor. */
  readonly undecided: number;
  readonly applications: number;
}

/**
 * Which curvatures still hold loss: Lanczos from the gradient gives each Ritz value θ the weight w of ‖g‖², and with it the loss
 * ½ w/θ that the quadratic model would lose there. `steps` applications (default 32), full reorthogonalisation.
 */
export async function lossByMode(
  hessian: LinearOperator,
  gradient: Float32Array,
  steps = 32,
  cancel: CancelToken = never,
): Promise<LossByMode> {
  const start = gradient.slice();
  hessian.confine?.(start);
  const length = norm(start);
  if (length > 0) scale(1 / length, start);
  const process = new LanczosProcess(hessian, start, 'full', 1e-6, steps);
  let went: Awaited<ReturnType<LanczosProcess['step']>> = length > 0 ? 'going' : 'exhausted';
  while (went === 'going' && process.alphas.length < steps && !cancel.cancelled) went = await process.step();
  process.close();
  const { values, rows } = tridiagonalEigen(process.alphas, process.betas, process.alphas.length > 0 ? [0] : []);
  const weights = (rows[0] ?? new Float64Array(0)).map((first) => first * first);
  const noiseFloor = 1e-6 * values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const losses = values.map((value, j) => (value > noiseFloor ? (length * length * (weights[j] as number)) / (2 * value) : 0));
  const undecided = weights.reduce((sum, weight, j) => ((values[j] as number) > noiseFloor ? sum : sum + weight), 0);
  return { eigenvalues: values, losses, noiseFloor, undecided, applications: process.alphas.length };
}

/**
 * Share of the remaining loss in modes slower than `threshold`. A mode is slow over T steps when ηλT/(1-μ) < 1: threshold
 * (1-μ)/(ηT). Null when no loss is left to share.
 */
export function slowShare({ eigenvalues, losses }: LossByMode, threshold: number): number | null {
  const total = losses.reduce((sum, loss) => sum + loss, 0);
  if (!(total > 0)) return null;
  return losses.reduce((sum, loss, j) => ((eigenvalues[j] as number) < threshold ? sum + loss : sum), 0) / total;
}
