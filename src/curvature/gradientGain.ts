import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import { tridiagonalEigen } from './tridiagonal';
import { norm, scale } from './vector';

/**
 * By how much the loss changes between here and the critical point of the second-order model, ½ gᵀ|H|⁻¹g, where no direction is followed
 * further than `reach`: Σ min(½ w/|θ|, √w·reach) over Ritz values θ of Lanczos from g and the part w of ‖g‖² on each (Golub and Meurant
 * 2010). A step along g alone sees the stiff directions, and takes a gradient for nothing that leads far down flat ones. At most `steps`
 * applications; it comes from below, as flat directions are told last.
 */
export async function gainWithinReach(
  hessian: LinearOperator,
  gradient: Float32Array,
  reach: number,
  steps = 16,
  cancel: CancelToken = never,
): Promise<number> {
  const start = gradient.slice();
  hessian.confine?.(start);
  const length = norm(start);
  if (!(length > 0)) return 0;
  scale(1 / length, start);
  const process = new LanczosProcess(hessian, start, 'full', 1e-6, steps);
  let went: Awaited<ReturnType<LanczosProcess['step']>> = 'going';
  while (went === 'going' && process.alphas.length < steps && !cancel.cancelled) went = await process.step();
  process.close();
  const { values, rows } = tridiagonalEigen(process.alphas, process.betas, [0]);
  return values.reduce((sum, value, j) => {
    const part = length * Math.abs(rows[0]?.[j] ?? 0);
    return sum + Math.min(part ** 2 / (2 * Math.abs(value)), part * reach);
  }, 0);
}
