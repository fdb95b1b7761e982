import type { Random } from '../base/random';
import { denseOperator } from './dense';
import { lanczos } from './lanczos';
import { projectedOut } from './composition';
import type { ParameterPlace } from './symmetry';
import { combine, dot, norm, normalVector, plus, scale } from './vector';

/**
 * A random direction whose part in each filter (a row of the first dimension) has the length of θ's there, and which leaves
 * vectors such as biases alone (Li, Xu, Taylor, Studer and Goldstein 2018): slices of different nets are then comparable although
 * ReLU nets may be rescaled.
 */
export function filterNormalisedDirection(
  theta: Float32Array,
  parameters: readonly ParameterPlace[],
  random: Random,
): Float32Array {
  const direction = normalVector(theta.length, random);
  for (const { shape, offset, length } of parameters) {
    if (shape.length < 2) {
      direction.fill(0, offset, offset + length);
      continue;
    }
    const width = length / (shape[0] as number);
    for (let from = offset; from < offset + length; from += width) {
      const filter = direction.subarray(from, from + width);
      const own = norm(filter);
      scale(own > 0 ? norm(theta.subarray(from, from + width)) / own : 0, filter);
    }
  }
  return direction;
}

/** A unit direction of a trajectory with the share of the points' variance along it. */
export interface PrincipalDirection {
  readonly vector: Float32Array;
  readonly share: number;
}

/** The main directions of points of a run around their last one (principal components of the trajectory), the largest first. */
export async function principalDirections(
  points: readonly Float32Array[],
  count: number,
  random: Random,
): Promise<PrincipalDirection[]> {
  const last = points[points.length - 1];
  if (last === undefined) return [];
  const steps = points.slice(0, -1).map((point) => plus(point, -1, last));
  const n = steps.length;
  // The small matrix of inner products has the eigenvalues of the large covariance.
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) products[i * n + j] = dot(steps[i] as Float32Array, steps[j] as Float32Array);
  const total = Array.from({ length: n }, (_, i) => products[i * n + i] as number).reduce((sum, x) => sum + x, 0);
  const found: Float32Array[] = [];
  const directions: PrincipalDirection[] = [];
  while (directions.length < Math.min(count, n) && total > 0) {
    const { largest } = await lanczos(projectedOut(denseOperator(products, n), found), {
      random,
      ends: 'largest',
      tolerance: 1e-6,
    });
    if (!(largest.value > 1e-10 * total)) break;
    found.push(largest.vector);
    const vector = combine(steps, largest.vector, last.length);
    scale(1 / norm(vector), vector);
    directions.push({ vector, share: largest.value / total });
  }
  return directions;
}
