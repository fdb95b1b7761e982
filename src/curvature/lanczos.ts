import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { Random } from '../base/random';
import { isBoundedWithin, kuczynskiWozniakowskiShare, lanczosPolynomialBound } from './lanczosBound';
import { mixedStart, type LanczosBasis, type Reorthogonalisation } from './lanczosBasis';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import { tridiagonalEigen, type TridiagonalEigen } from './tridiagonal';
import { axpy, norm, normalise } from './vector';

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
  /** The unit Ritz vector; empty when nothing was computed, or when this end was not asked for. */
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
  const process = new LanczosProcess(operator, start, mode, operatorNoise, maximumApplications);
  const { alphas, betas, basis } = process;
  const missProbability = options.missProbability ?? 0.01;
  const state: Progress = { alphas, betas, dim: operator.dim, missProbability, randomShare, operatorNoise };
  let stopped: LanczosResult['stopped'] = norm(start) === 0 ? 'exhausted' : 'maximum';
  while (stopped === 'maximum' && alphas.length < maximumApplications) {
    if (cancel.cancelled) {
      stopped = 'cancelled';
      break;
    }
    const pending = process.step();
    const went = typeof pending === 'string' ? pending : await pending;
    if (went !== 'going') stopped = went;
    else if (isCheckpoint(alphas.length) && goalsReached(state, options, basis)) stopped = 'tolerance';
  }
  const wanted = { largest: options.ends !== 'smallest', smallest: options.ends !== 'largest' };
  const { largest, smallest } = outcome(state, basis, wanted);
  process.close();
  const isChecked = !basis.tellsResiduals && stopped !== 'cancelled' && alphas.length > 0;
  const measured = (end: RitzEnd): boolean => isChecked && end.vector.length > 0;
  return {
    largest: measured(largest) ? await withMeasuredResidual(operator, largest) : largest,
    smallest: measured(smallest) ? await withMeasuredResidual(operator, smallest) : smallest,
    applications: alphas.length + (stopped === 'notFinite' ? 1 : 0) + [largest, smallest].filter(measured).length,
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
  basis.lockConverged(state.alphas, state.betas, eigen);
  const { tolerance = 0.01, smallestTolerance = tolerance, ends: wanted = 'both', untilBounded = false } = options;
  const miss = untilBounded ? Math.min(usualMiss, state.missProbability) : usualMiss;
  const reached = (index: number, side: 1 | -1, goal: number): boolean =>
    isWithin(state, eigen, index, side, goal * magnitudeOf(eigen), untilBounded ? null : 2, miss);
  if (wanted !== 'smallest' && !reached(k - 1, 1, tolerance)) return false;
  return wanted === 'largest' || reached(0, -1, smallestTolerance);
}

/**
 * Whether the error of an end, as `endOf` gives it, is at most `distance`, without working it out. `residuals`: how many residuals
 * count as an error after given starts; null when only the bound counts.
 */
function isWithin(
  state: Progress,
  eigen: TridiagonalEigen,
  index: number,
  side: 1 | -1,
  distance: number,
  residuals: number | null,
  miss: number,
): boolean {
  const { alphas, betas, dim, randomShare } = state;
  const value = eigen.values[index] as number;
  if (residuals !== null && randomShare < 1 && residuals * residualOf(state, eigen, index) <= distance) return true;
  const room = distance - noiseOf(state, eigen);
  if (randomShare === 1 && beyondByShare(state, eigen, miss) <= room) return true;
  return isBoundedWithin({ alphas, betas }, value, side, room, { dim, miss, randomShare });
}

/** Probability of an eigenvalue further out than `error` says. */
const usualMiss = 0.05;

const magnitudeOf = ({ values }: TridiagonalEigen): number =>
  Math.max(Math.abs(values[0] as number), Math.abs(values[values.length - 1] as number));

const noiseOf = (state: Progress, eigen: TridiagonalEigen): number => state.operatorNoise * magnitudeOf(eigen);

/** ‖Av - value·v‖ of a Ritz pair, rounding included. */
function residualOf(state: Progress, eigen: TridiagonalEigen, index: number): number {
  const last = eigen.rows[0] as Float64Array;
  const beta = state.betas[eigen.values.length - 1] as number;
  return beta * Math.abs(last[index] as number) + noiseOf(state, eigen);
}

/** Value, residual and bounds of one end from the coefficients. */
function endOf(state: Progress, eigen: TridiagonalEigen, index: number, side: 1 | -1): Omit<RitzEnd, 'vector'> {
  const value = eigen.values[index] as number;
  const noise = noiseOf(state, eigen);
  const residual = residualOf(state, eigen, index);
  const usual = Math.abs(missBound(state, eigen, value, side, usualMiss) - value) + noise;
  return {
    value,
    residual,
    error: state.randomShare < 1 ? Math.min(usual, 2 * residual) : usual,
    bound: missBound(state, eigen, value, side, state.missProbability) + side * noise,
  };
}

/** The tighter of the two probabilistic bounds; the one of Kuczyński and Woźniakowski is for a wholly random start. */
function missBound(state: Progress, eigen: TridiagonalEigen, value: number, side: 1 | -1, miss: number): number {
  const { dim, randomShare } = state;
  const polynomial = lanczosPolynomialBound(state, value, side, { dim, miss, randomShare });
  if (randomShare < 1) return polynomial;
  return side * Math.min(side * polynomial, side * value + beyondByShare(state, eigen, miss));
}

/** How far an end may be out by the bound that knows only the number of steps. */
function beyondByShare(state: Progress, { values }: TridiagonalEigen, miss: number): number {
  // Both ends may be off: half of the probability for each.
  const share = kuczynskiWozniakowskiShare(state.dim, state.alphas.length, miss / 2);
  const seen = (values[values.length - 1] as number) - (values[0] as number);
  return share >= 0.5 ? Infinity : (share * seen) / (1 - 2 * share);
}

/** An end with the residual of its vector as one more application gives it: without full orthogonality the coefficients are optimistic. */
async function withMeasuredResidual(operator: LinearOperator, end: RitzEnd): Promise<RitzEnd> {
  const image = new Float32Array(operator.dim);
  await operator.apply(end.vector, image);
  axpy(-end.value, end.vector, image);
  return { ...end, residual: Math.max(end.residual, norm(image)) };
}

/** Both ends as they stand; vectors are made for those that are wanted. */
function outcome(
  state: Progress,
  basis: LanczosBasis,
  wanted: Readonly<Record<'largest' | 'smallest', boolean>>,
): Pick<LanczosResult, 'largest' | 'smallest'> {
  const { alphas, betas } = state;
  const k = alphas.length;
  if (k === 0) {
    const nothing = { value: NaN, residual: Infinity, error: Infinity, vector: new Float32Array(0) };
    return { largest: { ...nothing, bound: Infinity }, smallest: { ...nothing, bound: -Infinity } };
  }
  const all = Array.from({ length: k }, (_, row) => k - 1 - row);
  const eigen = tridiagonalEigen(alphas, betas, all);
  const vectorOf = (index: number): Float32Array => {
    const coefficients = eigen.rows.map((row) => row[index] as number).reverse();
    const vector = basis.combine(coefficients);
    normalise(vector);
    return vector;
  };
  return {
    largest: { ...endOf(state, eigen, k - 1, 1), vector: wanted.largest ? vectorOf(k - 1) : new Float32Array(0) },
    smallest: { ...endOf(state, eigen, 0, -1), vector: wanted.smallest ? vectorOf(0) : new Float32Array(0) },
  };
}

/** What may be said of one end, with what may have been missed: "no eigenvalue below x found, miss probability p". */
export function missStatement(result: LanczosResult, end: 'largest' | 'smallest'): string {
  const { bound } = result[end];
  const side = end === 'largest' ? 'above' : 'below';
  if (!Number.isFinite(bound)) return `nothing can be said of eigenvalues ${side} those found`;
  return `no eigenvalue ${side} ${Number(bound.toPrecision(3))} found, miss probability ${result.missProbability}`;
}
