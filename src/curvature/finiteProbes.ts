import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { Random } from '../base/random';
import { dot, norm, normalVector, orthonormalBasis, plus, removeComponents } from './vector';

/** Mean loss over fixed rows as a function of the parameters. */
export type LossAt = (theta: Float32Array) => Promise<number>;

/** A direction to walk both ways from a point; its length does not matter. */
export interface ProbeDirection {
  readonly kind: 'random' | 'layer' | 'symmetryBreaking' | 'eigenvector';
  /** What is moved, for the message: a layer's name, the copied units. */
  readonly name: string;
  readonly vector: Float32Array;
}

/** The loss along one direction, both ways. */
export interface ProbeResult {
  readonly kind: ProbeDirection['kind'];
  readonly name: string;
  readonly radii: readonly number[];
  /** Loss at θ + r u minus the loss at θ, one for each radius. */
  readonly ahead: readonly number[];
  readonly behind: readonly number[];
  /**
   * The first change on each side that can be told from rounding, the gradient's own part taken out. `rises`: up on both sides, and
   * nothing falls further out. `dips`: up on both, down further out (a minimum, but not the only one near). `falls`: down on a side.
   * `crosses`: down on one side and up on the other. `level`: a side does not change.
   */
  readonly trend: 'rises' | 'falls' | 'crosses' | 'dips' | 'level';
}

/** How far finite probes go: radii (ascending, in parameter space) and the change of loss that rounding can make. */
export interface ProbeOptions {
  readonly radii: readonly number[];
  /** Default 1e-6 of the loss. */
  readonly lossNoise?: number;
  /** The gradient at θ, where it is small but not 0: the trend then is that of the critical point next to θ. */
  readonly gradient?: Float32Array;
  readonly cancel?: CancelToken;
}

/**
 * The loss at finite distances from θ, which decides where second order cannot: along each direction, both ways, 2·radii
 * evaluations each. Ends at cancellation with the directions that were finished.
 */
export async function finiteProbes(
  lossAt: LossAt,
  theta: Float32Array,
  directions: readonly ProbeDirection[],
  options: ProbeOptions,
): Promise<ProbeResult[]> {
  const { cancel = never } = options;
  const centre = await lossAt(theta);
  const noise = options.lossNoise ?? 1e-6 * Math.abs(centre);
  const radii = [...options.radii].sort((a, b) => a - b);
  const results: ProbeResult[] = [];
  for (const { kind, name, vector } of directions) {
    const length = norm(vector);
    if (!(length > 0)) continue;
    const ahead: number[] = [];
    const behind: number[] = [];
    const slope = options.gradient === undefined ? 0 : dot(options.gradient, vector) / length;
    const bend = (changes: readonly number[], side: number): number[] =>
      changes.map((change, i) => change - side * slope * (radii[i] as number));
    for (const radius of radii) {
      if (cancel.cancelled) return results;
      ahead.push((await lossAt(plus(theta, radius / length, vector))) - centre);
      behind.push((await lossAt(plus(theta, -radius / length, vector))) - centre);
    }
    results.push({ kind, name, radii, ahead, behind, trend: trendOf(bend(ahead, 1), bend(behind, -1), noise) });
  }
  return results;
}

function trendOf(ahead: readonly number[], behind: readonly number[], noise: number): ProbeResult['trend'] {
  const sides = [ahead, behind].map((changes) => {
    const first = changes.findIndex((change) => Math.abs(change) > noise);
    if (first < 0) return 'level';
    if ((changes[first] as number) < 0) return 'falls';
    return changes.some((change) => change < -noise) ? 'dips' : 'rises';
  });
  if (sides.includes('falls')) return sides.includes('rises') || sides.includes('dips') ? 'crosses' : 'falls';
  if (sides.includes('dips')) return 'dips';
  return sides.every((side) => side === 'rises') ? 'rises' : 'level';
}

/**
 * Random directions, with `without` taken out: where second order cannot decide, that is the eigenvectors of positive curvature, whose
 * rise would hide what happens along the rest.
 */
export function randomDirections(
  dim: number,
  count: number,
  random: Random,
  without: readonly Float32Array[] = [],
): ProbeDirection[] {
  const basis = orthonormalBasis(without);
  return Array.from({ length: count }, (_, i) => {
    const vector = normalVector(dim, random);
    removeComponents(vector, basis);
    return { kind: 'random', name: `random direction ${i + 1}`, vector };
  });
}

/** One random direction inside each parameter: a layer whose other weights are zero shows nothing when moved with all the rest. */
export function layerDirections(
  dim: number,
  parameters: readonly { readonly name: string; readonly offset: number; readonly length: number }[],
  random: Random,
): ProbeDirection[] {
  return parameters.map(({ name, offset, length }) => {
    const vector = new Float32Array(dim);
    vector.set(normalVector(length, random), offset);
    return { kind: 'layer', name, vector };
  });
}
