import { conditionNumber, effectiveConditionNumber, type ConditionNumber } from '../../curvature/conditionNumber';
import { toDense } from '../../curvature/dense';
import { effectiveRank } from '../../curvature/effectiveRank';
import type { LanczosResult } from '../../curvature/lanczos';
import type { LinearOperator } from '../../curvature/operator';
import { spectralQuadrature, spectralSum, type SpectralQuadrature } from '../../curvature/quadrature';
import { logarithmicEdges, negativeFraction, spectralHistogram, spectralRange } from '../../curvature/spectralDensity';
import { symmetricEigenvalues } from '../../data/statistics/eigenvalues';
import type { Conditioning } from '../../records/inspection/conditioning';
import type { Uncertain } from '../../records/inspection/cost';
import type { InspectedDensity } from '../../records/inspection/spectrum';
import { effortOf, timesWithin } from './effort';
import { finiteOrNull, type CostMeter, type Spot } from './spot';

/** Up to this many parameters every eigenvalue is computed, from the whole matrix. */
export const mostDense = 200;
/**
 * Eigenvalues under this share of the largest magnitude count as zero: rounding where all are computed; where a rule with some tens of
 * nodes stands for thousands of eigenvalues, what it can tell from the many at zero.
 */
export const noiseOf = (exact: boolean): number => (exact ? 1e-5 : 1e-3);

/** The spectrum with how it was come by. */
export interface Spectrum {
  readonly quadrature: SpectralQuadrature;
  readonly exact: boolean;
  readonly steps: number;
}

/** Work of a spectrum that is looked at; one that only a condition number comes from takes half. */
const densityWork = 5e10;
/** Lanczos steps of each random vector, and these vectors: at least, and at most. */
const [fewestSteps, mostSteps] = [32, 64];
const [fewestProbes, mostProbes] = [3, 10];

/**
 * The whole spectrum: every eigenvalue of a small operator, else stochastic Lanczos quadrature, with as many random vectors as the share of the
 * work for it allows.
 */
export async function wholeSpectrum(spot: Spot, operator: LinearOperator, name: string, share = 1): Promise<Spectrum> {
  if (operator.dim <= mostDense) return { quadrature: await exactSpectrum(operator), exact: true, steps: 0 };
  const work = share * densityWork;
  const { product } = effortOf(spot.unit);
  const steps = timesWithin(work / (mostProbes / 2), product, fewestSteps, mostSteps);
  const quadrature = await spectralQuadrature(operator, {
    random: spot.random.fork(name),
    steps,
    tolerance: 0.05,
    maximumApplications: steps * timesWithin(work, product * steps, fewestProbes, mostProbes),
    cancel: spot.cancel,
  });
  return { quadrature, exact: false, steps };
}

/** Every eigenvalue of a small operator as a quadrature rule without error. */
export const exactSpectrum = async (operator: LinearOperator): Promise<SpectralQuadrature> =>
  exactQuadrature(await eigenvalues(operator));

async function eigenvalues(operator: LinearOperator): Promise<Float64Array> {
  const { dim } = operator;
  const entries = await toDense(operator);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j < i; j++) {
      const mean = ((entries[i * dim + j] as number) + (entries[j * dim + i] as number)) / 2;
      entries[i * dim + j] = entries[j * dim + i] = mean;
    }
  }
  return symmetricEigenvalues(entries, dim);
}

/** All eigenvalues as a quadrature rule without error: two probes that see the same. */
function exactQuadrature(values: Float64Array): SpectralQuadrature {
  const rule = { nodes: values, weights: new Float64Array(values.length).fill(1 / values.length) };
  const probe = { ...rule, shorter: rule, squaredNorm: values.length };
  return { dim: values.length, probes: [probe, probe], applications: values.length, stopped: 'tolerance' };
}

/** Null when nothing was measured. */
export function densityPart({ quadrature, exact, steps }: Spectrum, meter: CostMeter): InspectedDensity | null {
  const range = spectralRange(quadrature);
  const noise = noiseOf(exact);
  const noiseFloor = noise * Math.max(Math.abs(range[0]), Math.abs(range[1]));
  if (!(noiseFloor > 0) || !Number.isFinite(noiseFloor)) return null;
  const edges = outermost(logarithmicEdges(range, noiseFloor, 3), noiseFloor);
  const shares = spectralHistogram(quadrature, edges);
  return {
    part: 'density',
    edges,
    shares: Float64Array.from(shares, ({ value }) => value),
    errors: Float64Array.from(shares, ({ error }) => error),
    exact,
    noiseFloor,
    negative: uncertain(negativeFraction(quadrature, noise)),
    trace: uncertain(spectralSum(quadrature, (x) => x)),
    effectiveRank: uncertain(effectiveRank(quadrature)),
    probes: exact ? 0 : quadrature.probes.length,
    lanczosSteps: steps,
    cost: meter.take(),
  };
}

/** Edges on both sides of zero, also where the spectrum has one side only. */
function outermost(edges: Float64Array, noiseFloor: number): Float64Array {
  const sides = [-noiseFloor, noiseFloor].filter((side) => !edges.includes(side));
  return Float64Array.from([...edges, ...sides]).sort();
}

/** Condition numbers from both ends and from the whole spectrum. */
export function conditioningOf(ends: LanczosResult, { quadrature, exact }: Spectrum): Conditioning {
  const whole = exact ? exactNumber(quadrature) : conditionNumber(ends);
  return { value: known(whole), atLeast: whole.atLeast, effective: known(effectiveConditionNumber(quadrature, noiseOf(exact))) };
}

function exactNumber(quadrature: SpectralQuadrature): ConditionNumber {
  const [low, high] = spectralRange(quadrature);
  const noiseFloor = 1e-6 * Math.max(Math.abs(low), Math.abs(high));
  const atLeast = Math.max(1, high / Math.max(Math.abs(low), noiseFloor));
  const value = low > noiseFloor ? high / low : null;
  return { value, error: value === null ? Infinity : 0, atLeast, noiseFloor, applications: quadrature.applications };
}

const known = ({ value, error }: ConditionNumber): Uncertain | null => (value === null ? null : uncertain({ value, error }));

/** An estimate as a record holds it. */
export const uncertain = ({ value, error }: { readonly value: number; readonly error: number }): Uncertain => ({
  value,
  error: finiteOrNull(error),
});
