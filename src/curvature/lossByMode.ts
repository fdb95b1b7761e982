import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import { tridiagonalEigen } from './tridiagonal';
import { norm, scale } from './vector';

/** The loss of the second-order model at the nodes of one quadrature. */
export interface ModeLosses {
  /** Ritz values of Lanczos from the gradient, ascending. */
  readonly eigenvalues: Float64Array;
  /** ½ (vᵀg)²/λ: the loss that is left in each; 0 where λ is not above the noise floor, since no finite loss is left there to tell. */
  readonly losses: Float64Array;
}

/** The remaining loss of the second-order model, spread over curvatures. */
export interface LossByMode extends ModeLosses {
  /** Distance within which each of `eigenvalues` has a true one. */
  readonly residuals: Float64Array;
  readonly noiseFloor: number;
  /** Share of ‖g‖² on curvatures that are not above the noise floor. */
  readonly undecided: number;
  /** All of it, with the half width of its interval. */
  readonly left: { readonly value: number; readonly error: number };
  /** The same after a half and after three quarters of the steps; empty where all of it is exact. */
  readonly earlier: readonly ModeLosses[];
  readonly applications: number;
}

/**
 * Which curvatures still hold loss: Lanczos from the gradient gives each Ritz value θ the weight w of ‖g‖², and with it the loss
 * ½ w/θ that the quadratic model would lose there. `steps` applications (default 32), full reorthogonalisation. Errors come from how the
 * quadrature went on changing (Golub and Meurant 2010, chapter 7: of a positive matrix it tells too little, as flat modes come last).
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
  const { alphas, betas } = process;
  const k = alphas.length;
  const { values, rows } = tridiagonalEigen(alphas, betas, k > 0 ? [0, k - 1] : []);
  const weights = (rows[0] ?? new Float64Array(0)).map((first) => first * first);
  const noiseFloor = 1e-6 * values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const modes = { eigenvalues: values, losses: lossesAt(values, weights, length, noiseFloor) };
  const isExact = went === 'exhausted';
  const earlier = isExact || k < 4 ? [] : [0.5, 0.75].map((part) => modesAfter(process, Math.ceil(part * k), length, noiseFloor));
  const last = k > 0 ? (betas[k - 1] ?? 0) : 0;
  return {
    ...modes,
    residuals: values.map((_, j) => Math.abs(last * (rows[1]?.[j] ?? 0))),
    noiseFloor,
    undecided: weights.reduce((sum, weight, j) => ((values[j] as number) > noiseFloor ? sum : sum + weight), 0),
    left: { value: total(modes.losses), error: isExact ? exactness * total(modes.losses) : leftError(modes, earlier) },
    earlier,
    applications: k,
  };
}

/** Relative error of what a Krylov space holds whole: single precision. */
const exactness = 1e-5;
const total = (losses: Float64Array): number => losses.reduce((sum, loss) => sum + loss, 0);

const lossesAt = (values: Float64Array, weights: Float64Array, length: number, floor: number): Float64Array =>
  values.map((value, j) => (value > floor ? (length * length * (weights[j] as number)) / (2 * value) : 0));

/** The quadrature of the first `steps` steps. */
function modesAfter({ alphas, betas }: LanczosProcess, steps: number, length: number, floor: number): ModeLosses {
  const { values, rows } = tridiagonalEigen(alphas.slice(0, steps), betas, [0]);
  const weights = (rows[0] ?? new Float64Array(0)).map((first) => first * first);
  return { eigenvalues: values, losses: lossesAt(values, weights, length, floor) };
}

/** Quarters that bring nearly as much as the one before say nothing of where that ends: then so many of them may still come. */
const endless = { from: 0.95, quarters: 20 };
/** What is still to come of all of it is told worse than of a share, in which it stands above and below. */
const tailFactor = 6;

/** What may still come of the loss that is left: as if every quarter of the steps brought the same part of the one before. */
function stillToCome(modes: ModeLosses, [half, most]: readonly ModeLosses[]): number {
  if (!half || !most) return Infinity;
  const [first, second] = [total(most.losses) - total(half.losses), total(modes.losses) - total(most.losses)].map(Math.abs);
  const ratio = first ? (second as number) / first : 0;
  return (second as number) * (ratio < endless.from ? ratio / (1 - ratio) : endless.quarters);
}

const leftError = (modes: ModeLosses, earlier: readonly ModeLosses[]): number =>
  drift(modes, earlier, ({ losses }) => total(losses)) + tailFactor * stillToCome(modes, earlier);

/** The most by which a number differed earlier on. */
const drift = (modes: ModeLosses, earlier: readonly ModeLosses[], of: (modes: ModeLosses) => number): number =>
  earlier.length === 0 ? Infinity : Math.max(...earlier.map((before) => Math.abs(of(modes) - of(before))));

/**
 * Share of the remaining loss in modes slower than `threshold`, with the half width of its interval. A mode is slow over T steps when
 * ηλT/(1-μ) < 1: threshold (1-μ)/(ηT). Null when no loss is left to share.
 */
export function slowShare(modes: LossByMode, threshold: number): { readonly value: number; readonly error: number } | null {
  const all = total(modes.losses);
  if (!(all > 0)) return null;
  const shareOf = ({ eigenvalues, losses }: ModeLosses): number =>
    losses.reduce((sum, loss, j) => ((eigenvalues[j] as number) < threshold ? sum + loss : sum), 0) / total(losses);
  const value = shareOf(modes);
  // The values next to the threshold may stand for modes on its other side (the inequalities of Chebyshev, Markov and Stieltjes), unless
  // they are known well enough.
  const next = modes.eigenvalues.findIndex((eigenvalue) => eigenvalue >= threshold);
  const around = next < 0 ? [modes.eigenvalues.length - 1] : [next - 1, next];
  const straddling = around.map((j) => {
    const isSettled = !((modes.residuals[j] ?? 0) > Math.abs((modes.eigenvalues[j] ?? NaN) - threshold));
    return isSettled ? 0 : (modes.losses[j] as number) / all;
  });
  if (modes.left.error <= exactness * all) return { value, error: Math.max(exactness, ...straddling) };
  const rest = stillToCome(modes, modes.earlier);
  const tail = rest === Infinity ? 1 : rest / (all + rest);
  const changed = drift(modes, modes.earlier, shareOf);
  return { value, error: Math.min(1, Math.max(changed, ...straddling) + tail + exactness) };
}
