import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { Random } from '../base/random';
import { kuczynskiWozniakowskiShare, lanczosPolynomialBound } from './lanczosBound';
import { mixedStart, type LanczosBasis, type Reorthogonalisation } from './lanczosBasis';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import { tridiagonalEigen, tridiagonalVectors, type TridiagonalEigen } from './tridiagonal';
import { axpy, combine, norm, normalise } from './vector';

/** How a Lanczos run is made. */
export interface LanczosOptions {
  /** The source of the fresh random start, which is always among the starts. */
  readonly random: Random;
  /** Further starts: last eigenvectors (a warm start), a gradient. Their lengths do not matter. */
  readonly starts?: readonly Float32Array[];
  /** The largest eigenvalue's error goal over the spectrum's largest magnitude. Default .01. */
  readonly tolerance?: number;
  /** The smallest eigenvalue's goal, over the same magnitude; `tolerance` when absent. */
  readonly smallestTolerance?: number;
  /** Which ends have to reach their goals. Default both. */
  readonly ends?: 'both' | 'largest' | 'smallest';
  /** Also go on until the probabilistic bounds are within the goals: needed before "there is no negative curvature". */
  readonly untilBounded?: boolean;
  /** Default 100. The basis takes 4·dim bytes for each. */
  readonly maximumApplications?: number;
  /** Default full up to 1,000 parameters, selective above: that is enough for the ends; densities take full. */
  readonly reorthogonalisation?: Reorthogonalisation;
  /** Probability that is accepted for an eigenvalue beyond `bound`. Default .01. */
  readonly missProbability?: number;
  /** Rounding of one application over the operator's norm: no residual is taken to be smaller. Default 1e-6. */
  readonly operatorNoise?: number;
  readonly cancel?: CancelToken;
}

/** One end of the spectrum as Lanczos saw it. */
export interface RitzEnd {
  /** The outermost Ritz value: never beyond the true end, but for rounding. */
  readonly value: number;
  /** Some eigenvalue is within this distance of `value` (norm of Av - value·v, rounding included). */
  readonly residual: number;
  /**
   * Distance to the true end: what lies further out is missed with probability .05 at most. The residual is no such distance
   * (at a dense end it may belong to an eigenvalue further inside). Where starts were given they are trusted to carry the ends, as
   * the last eigenvectors do, and twice the residual is taken when it is smaller.
   */
  readonly error: number;
  /** No eigenvalue lies beyond this, except with probability `missProbability`. Infinite when nothing can be said. */
  readonly bound: number;
  /** The unit Ritz vector; empty when nothing was computed. */
  readonly vector: Float32Array;
}

/** Both ends of a spectrum. */
export interface LanczosResult {
  readonly largest: RitzEnd;
  readonly smallest: RitzEnd;
  readonly applications: number;
  readonly alphas: Float64Array;
  readonly betas: Float64Array;
  /** True when the goals were reached, or the whole space that the start touches was. */
  readonly converged: boolean;
  /** Why it ended. `exhausted`: the Krylov space is invariant, so that its ends are exact. */
  readonly stopped: 'tolerance' | 'exhausted' | 'maximum' | 'cancelled' | 'notFinite';
  /** Of an eigenvalue beyond the `bound` of one end, over the random start. */
  readonly missProbability: number;
}

/**
 * Both ends of the spectrum of a self-adjoint operator by the Lanczos process (Lanczos 1950; Paige 1971; Parlett and
 * Scott 1979). One process serves all starts: it sets out from their normalised sum with a random vector, which keeps
 * the weight of given eigenvectors and the chance of finding what they miss (a start at the gradient alone would stay in
 * a symmetric subspace). Stops by the error goals; at any iteration when cancelled, with what it has.
 * Values are NaN when cancelled before the first iteration, when the operator's first image is not finite, or in an empty space.
 */
export async function lanczos(operator: LinearOperator, options: LanczosOptions): Promise<LanczosResult> {
  const { cancel = never, maximumApplications = 100, operatorNoise = 1e-6 } = options;
  const { start, randomShare } = mixedStart(operator, options.starts ?? [], options.random);
  const mode = options.reorthogonalisation ?? (operator.dim <= 1000 ? 'full' : 'selective');
  const process = new LanczosProcess(operator, start, mode, operatorNoise);
  const { alphas, betas, basis } = process;
  const missProbability = options.missProbability ?? 0.01;
  const state: Progress = { alphas, betas, dim: operator.dim, missProbability, randomShare, operatorNoise };
  let stopped: LanczosResult['stopped'] = norm(start) === 0 ? 'exhausted' : 'maximum';
  while (stopped === 'maximum' && alphas.length < maximumApplications) {
    if (cancel.cancelled) {
      stopped = 'cancelled';
      break;
    }
    const went = await process.step();
    if (went !== 'going') stopped = went;
    else if (isCheckpoint(alphas.length) && goalsReached(state, options, basis)) stopped = 'tolerance';
  }
  const { largest, smallest } = outcome(state, basis);
  const checked = !basis.isOrthonormal && stopped !== 'cancelled' && alphas.length > 0;
  return {
    largest: checked ? await withMeasuredResidual(operator, largest) : largest,
    smallest: checked ? await withMeasuredResidual(operator, smallest) : smallest,
    applications: alphas.length + (stopped === 'notFinite' ? 1 : 0) + (checked ? 2 : 0),
    alphas: Float64Array.from(alphas),
    betas: Float64Array.from(betas),
    converged: stopped === 'tolerance' || stopped === 'exhausted',
    stopped,
    missProbability,
  };
}

interface Progress {
  readonly alphas: readonly number[];
  readonly betas: readonly number[];
  readonly dim: number;
  readonly missProbability: number;
  readonly randomShare: number;
  readonly operatorNoise: number;
}

/** The eigenproblem of a long run is looked at now and then only, so that it stays a small part of the work. */
const isCheckpoint = (steps: number): boolean => steps < 64 || steps % 8 === 0;

function goalsReached(state: Progress, options: LanczosOptions, basis: LanczosBasis): boolean {
  const k = state.alphas.length;
  const eigen = tridiagonalEigen(state.alphas, state.betas, [k - 1]);
  const { largest, smallest } = ends(state, eigen);
  basis.lockConverged(state.alphas, state.betas, eigen);
  const magnitude = Math.max(Math.abs(largest.value), Math.abs(smallest.value));
  const { tolerance = 0.01, ends: wanted = 'both', untilBounded = false } = options;
  const within = (end: Omit<RitzEnd, 'vector'>, goal: number): boolean =>
    end.error <= goal * magnitude && (!untilBounded || Math.abs(end.bound - end.value) <= goal * magnitude);
  if (wanted !== 'smallest' && !within(largest, tolerance)) return false;
  return wanted === 'largest' || within(smallest, options.smallestTolerance ?? tolerance);
}

/** Values, residuals and bounds of both ends from the coefficients. */
function ends(state: Progress, eigen: TridiagonalEigen): Record<'largest' | 'smallest', Omit<RitzEnd, 'vector'>> {
  const k = eigen.values.length;
  const last = eigen.rows[0] as Float64Array;
  const beta = state.betas[k - 1] as number;
  const noise = state.operatorNoise * Math.max(Math.abs(eigen.values[0] as number), Math.abs(eigen.values[k - 1] as number));
  const end = (index: number, side: 1 | -1): Omit<RitzEnd, 'vector'> => {
    const value = eigen.values[index] as number;
    const residual = beta * Math.abs(last[index] as number) + noise;
    const usual = Math.abs(missBound(state, eigen, value, side, 0.05) - value) + noise;
    return {
      value,
      residual,
      error: state.randomShare < 1 ? Math.min(usual, 2 * residual) : usual,
      bound: missBound(state, eigen, value, side, state.missProbability) + side * noise,
    };
  };
  return { largest: end(k - 1, 1), smallest: end(0, -1) };
}

/** The tighter of the two probabilistic bounds; the one of Kuczyński and Woźniakowski is for a wholly random start. */
function missBound(state: Progress, eigen: TridiagonalEigen, value: number, side: 1 | -1, miss: number): number {
  const { dim, randomShare } = state;
  const polynomial = lanczosPolynomialBound(state, value, side, dim, miss, randomShare);
  if (randomShare < 1) return polynomial;
  // Both ends may be off: half of the probability for each.
  const share = kuczynskiWozniakowskiShare(dim, state.alphas.length, miss / 2);
  if (share >= 0.5) return polynomial;
  const seen = (eigen.values[eigen.values.length - 1] as number) - (eigen.values[0] as number);
  const beyond = (share * seen) / (1 - 2 * share);
  return side * Math.min(side * polynomial, side * value + beyond);
}

/** An end with the residual of its vector as one more application gives it: without full orthogonality the coefficients are optimistic. */
async function withMeasuredResidual(operator: LinearOperator, end: RitzEnd): Promise<RitzEnd> {
  const image = new Float32Array(operator.dim);
  await operator.apply(end.vector, image);
  axpy(-end.value, end.vector, image);
  return { ...end, residual: Math.max(end.residual, norm(image)) };
}

function outcome(state: Progress, basis: LanczosBasis): Pick<LanczosResult, 'largest' | 'smallest'> {
  const { alphas, betas, dim } = state;
  const k = alphas.length;
  if (k === 0) {
    const nothing = { value: NaN, residual: Infinity, error: Infinity, vector: new Float32Array(0) };
    return { largest: { ...nothing, bound: Infinity }, smallest: { ...nothing, bound: -Infinity } };
  }
  const both = ends(state, tridiagonalEigen(alphas, betas, [k - 1]));
  const [low, high] = tridiagonalVectors(alphas, betas, [0, k - 1]).map((coefficients) => {
    const vector = combine(basis.vectors, coefficients, dim);
    normalise(vector);
    return vector;
  });
  return {
    largest: { ...both.largest, vector: high as Float32Array },
    smallest: { ...both.smallest, vector: low as Float32Array },
  };
}

/** What may be said of one end, with what may have been missed: "no eigenvalue below x found, miss probability p". */
export function missStatement(result: LanczosResult, end: 'largest' | 'smallest'): string {
  const { bound } = result[end];
  const side = end === 'largest' ? 'above' : 'below';
  if (!Number.isFinite(bound)) return `nothing can be said of eigenvalues ${side} those found`;
  return `no eigenvalue ${side} ${Number(bound.toPrecision(3))} found, miss probability ${result.missProbability}`;
}
