import { never } from '../base/cancel';
import { meanOfSamples, type Estimate } from './estimate';
import { LanczosProcess } from './lanczosProcess';
import type { LinearOperator } from './operator';
import type { SamplingOptions } from './sampling';
import { tridiagonalEigen } from './tridiagonal';
import { norm, scale, startVector } from './vector';

/** What one random vector z sees of the spectrum: zᵀf(A)z ≈ squaredNorm Σ weights[j] f(nodes[j]). */
export interface SpectralProbe {
  /** Ritz values, ascending. */
  readonly nodes: Float64Array;
  /** Share of the probe on each node; they add up to 1. */
  readonly weights: Float64Array;
  /** The same rule after three quarters of the steps: their difference tells the error of the rule itself. */
  readonly shorter: { readonly nodes: Float64Array; readonly weights: Float64Array };
  /** ‖z‖². */
  readonly squaredNorm: number;
}

/** The spectrum as seen by several random vectors. */
export interface SpectralQuadrature {
  readonly dim: number;
  readonly probes: readonly SpectralProbe[];
  readonly applications: number;
  readonly stopped: 'tolerance' | 'maximum' | 'cancelled' | 'notFinite';
}

/** As for other probes; `tolerance` is the largest error of the cumulative distribution to stop at (default .02). */
export interface QuadratureOptions extends SamplingOptions {
  /** Lanczos steps of each probe, default 64: the resolution is the range over their number, finer at the ends. */
  readonly steps?: number;
}

/**
 * Stochastic Lanczos quadrature (Golub and Welsch 1969; Ubaru, Chen and Saad 2017; for networks Ghorbani, Krishnan and
 * Xiao 2019): Lanczos with full reorthogonalisation from directions uniform on the sphere gives Gauss quadrature for the spectral measure of
 * each. Probes are added until the cumulative distribution is known to the tolerance, at least 8; `maximumApplications`
 * (default 2,000) covers them all.
 */
export async function spectralQuadrature(operator: LinearOperator, options: QuadratureOptions): Promise<SpectralQuadrature> {
  const { tolerance = 0.02, maximumApplications = 2000, cancel = never, random } = options;
  const steps = Math.max(1, Math.min(options.steps ?? 64, operator.dim, maximumApplications));
  const probes: SpectralProbe[] = [];
  let applications = 0;
  let stopped: SpectralQuadrature['stopped'] = 'maximum';
  let nextLook = 8;
  while (applications + steps <= maximumApplications) {
    const z = startVector(operator.dim, random);
    operator.confine?.(z);
    const length = norm(z);
    if (length > 0) scale(1 / length, z);
    const process = new LanczosProcess(operator, z, 'full', 1e-6, steps);
    let went: Awaited<ReturnType<LanczosProcess['step']>> = 'going';
    while (went === 'going' && process.alphas.length < steps && !cancel.cancelled) went = await process.step();
    process.close();
    applications += process.alphas.length;
    if (cancel.cancelled || went === 'notFinite') {
      stopped = cancel.cancelled ? 'cancelled' : 'notFinite';
      break;
    }
    // On the whole space the average length is known; on a subspace it tells the dimension.
    probes.push(probeOf(process, operator.confine === undefined ? operator.dim : length * length));
    if (probes.length < nextLook) continue;
    nextLook = Math.ceil(nextLook * 1.5);
    if (distributionError(probes) <= tolerance) {
      stopped = 'tolerance';
      break;
    }
  }
  return { dim: operator.dim, probes, applications, stopped };
}

function probeOf({ alphas, betas }: LanczosProcess, squaredNorm: number): SpectralProbe {
  const rule = (k: number): { nodes: Float64Array; weights: Float64Array } => {
    const { values, rows } = tridiagonalEigen(alphas.slice(0, k), betas, [0]);
    return { nodes: values, weights: (rows[0] as Float64Array).map((first) => first * first) };
  };
  const exhausted = betas[betas.length - 1] === 0;
  const whole = rule(alphas.length);
  return { ...whole, shorter: exhausted ? whole : rule(Math.max(1, Math.ceil(0.75 * alphas.length))), squaredNorm };
}

/** The largest half width of the cumulative distribution over 16 points between the outermost nodes. */
function distributionError(probes: readonly SpectralProbe[]): number {
  const all = probes.flatMap(({ nodes }) => Array.from(nodes)).sort((a, b) => a - b);
  let largest = 0;
  for (let i = 1; i < 16; i++) {
    const at = all[Math.floor((i / 16) * all.length)] as number;
    const below = probes.map(({ nodes, weights }) => sumOver(nodes, weights, (x) => (x < at ? 1 : 0)));
    largest = Math.max(largest, meanOfSamples(below).error);
  }
  return largest;
}

function sumOver(nodes: Float64Array, weights: Float64Array, f: (eigenvalue: number) => number): number {
  let sum = 0;
  for (let j = 0; j < nodes.length; j++) sum += (weights[j] as number) * f(nodes[j] as number);
  return sum;
}

/** An estimate from a quadrature, its two sources of error apart. */
export interface SpectralEstimate extends Estimate {
  /** Half width over the random vectors. */
  readonly samplingError: number;
  /** Change between three quarters of the steps and all. */
  readonly quadratureError: number;
}

/** tr f(A) = Σ f(λ). Exact in the steps for polynomials of degree under twice their number; for jumps good to the nodes' spacing. */
export function spectralSum(quadrature: SpectralQuadrature, f: (eigenvalue: number) => number): SpectralEstimate {
  const { probes, applications } = quadrature;
  const whole = probes.map(({ nodes, weights, squaredNorm }) => squaredNorm * sumOver(nodes, weights, f));
  const shorter = probes.map(({ shorter: { nodes, weights }, squaredNorm }) => squaredNorm * sumOver(nodes, weights, f));
  const { value, error: samplingError } = meanOfSamples(whole);
  const quadratureError = Math.abs(value - meanOfSamples(shorter).value);
  return { value, error: samplingError + quadratureError, samplingError, quadratureError, applications };
}
