import type { Random } from '../base/random';
import type { LinearOperator } from './operator';
import { dot, norm, normalVector } from './vector';

/** How far an operator is from self-adjoint on random pairs. */
export interface AdjointCheck {
  /** The largest |uᵀAv - vᵀAu| over ‖Au‖‖v‖ + ‖Av‖‖u‖. */
  readonly asymmetry: number;
  readonly passed: boolean;
  readonly applications: number;
}

/** uᵀAv = vᵀAu on random pairs: a check on the derivatives that the operator is made of. Passes below `tolerance` (default 1e-5, single precision). */
export async function adjointCheck(operator: LinearOperator, random: Random, pairs = 2, tolerance = 1e-5): Promise<AdjointCheck> {
  let asymmetry = 0;
  for (let i = 0; i < pairs; i++) {
    const u = normalVector(operator.dim, random);
    const v = normalVector(operator.dim, random);
    const imageU = new Float32Array(operator.dim);
    const imageV = new Float32Array(operator.dim);
    await operator.apply(u, imageU);
    await operator.apply(v, imageV);
    const size = norm(imageU) * norm(v) + norm(imageV) * norm(u);
    if (size > 0) asymmetry = Math.max(asymmetry, Math.abs(dot(u, imageV) - dot(v, imageU)) / size);
  }
  return { asymmetry, passed: asymmetry <= tolerance, applications: 2 * pairs };
}
