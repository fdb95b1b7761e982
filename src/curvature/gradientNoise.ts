import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import { meanOfSamples, type Estimate } from './estimate';
import { gradientMoments, noiseStatistic, type GradientMoments } from './gradientMoments';
import { jackknife } from './jackknife';
import type { LinearOperator } from './operator';
import { dot, plus } from './vector';

/* Costs here are gradients, or applications of the operator where one is taken. */

/** tr Σ, the trace of one row's gradient covariance. */
export const covarianceTrace = (moments: GradientMoments): Estimate => {
  const { value, error } = noiseStatistic(moments, ({ trace }) => trace);
  // A sum of squares is skew: its interval is even on the logarithm's scale, whose longer side is taken for both.
  return { value, error: value > 0 ? value * Math.expm1(error / value) : error, applications: moments.squaredNorms.length };
};

/** tr(P⁻¹Σ): the same in the metric of the diagonal P (null: of ones), from gradients of `rowsEach` rows. */
export function preconditionedTrace(
  gradients: readonly Float32Array[],
  diagonal: Float32Array | null,
  rowsEach: number,
): Estimate {
  const root = diagonal?.map(Math.sqrt);
  const scaled = root ? gradients.map((gradient) => gradient.map((g, i) => g / (root[i] as number))) : gradients;
  return covarianceTrace(gradientMoments(scaled, rowsEach));
}

/** ‖E g‖², without the noise's share in the squared mean; negative when the noise hides it. */
export const squaredMeanGradient = (moments: GradientMoments): Estimate => ({
  ...noiseStatistic(moments, ({ squaredMean }) => squaredMean),
  applications: moments.squaredNorms.length,
});

/**
 * The simple noise scale tr Σ/‖E g‖² in rows (McCandlish, Kaplan and Amodei 2018, section 2.2), from gradients of rows or of
 * batches of one size. It can be 17 times off the best batch where curvature is uneven: see `curvatureNoiseScale`.
 */
export const noiseScale = (moments: GradientMoments): Estimate => ({
  ...noiseStatistic(moments, ({ trace, squaredMean }) => trace / squaredMean),
  applications: moments.squaredNorms.length,
});

/** ‖E g‖²/(tr Σ/batch): squared mean over the sampling variance of a batch. */
export const signalToNoise = (moments: GradientMoments, batch: number): Estimate => ({
  ...noiseStatistic(moments, ({ trace, squaredMean }) => (batch * squaredMean) / trace),
  applications: moments.squaredNorms.length,
});

/** Squared gradient norms of one small and one big batch, drawn independently. */
export interface TwoBatchSample {
  readonly small: number;
  readonly big: number;
}

/** What pairs of batches of two sizes say. */
export interface TwoBatchNoise {
  readonly trace: Estimate;
  readonly squaredMean: Estimate;
  readonly scale: Estimate;
}

/**
 * The unbiased two-batch estimator (McCandlish, Kaplan and Amodei 2018, appendix A.1):
 * ‖G‖² = (B‖g_B‖² - b‖g_b‖²)/(B - b), tr Σ = (‖g_b‖² - ‖g_B‖²)/(1/b - 1/B), each averaged over the samples before their ratio.
 */
export function twoBatchNoise(samples: readonly TwoBatchSample[], smallRows: number, bigRows: number): TwoBatchNoise {
  const squared = ({ small, big }: TwoBatchSample): number => (bigRows * big - smallRows * small) / (bigRows - smallRows);
  const trace = ({ small, big }: TwoBatchSample): number => (small - big) / (1 / smallRows - 1 / bigRows);
  const mean = (chosen: readonly TwoBatchSample[], of: (sample: TwoBatchSample) => number): number =>
    chosen.reduce((sum, sample) => sum + of(sample), 0) / chosen.length;
  const applications = 2 * samples.length;
  return {
    trace: { ...meanOfSamples(samples.map(trace)), applications },
    squaredMean: { ...meanOfSamples(samples.map(squared)), applications },
    scale: { ...jackknife(samples, (chosen) => mean(chosen, trace) / mean(chosen, squared)), applications },
  };
}

/** When an estimate over samples that are taken one by one ends before they do. */
export interface SamplesOptions {
  /** Half width over the value at which enough of them are taken. Default 0: all are. */
  readonly tolerance?: number;
  /** Heard before each sample; what was taken until then counts. */
  readonly cancel?: CancelToken;
}

/** A stop by tolerance is looked for from so many samples on: the spread of fewer is told too badly to stop by it. */
const fewestSamples = 16;

function isEnough(samples: readonly number[], { tolerance = 0, cancel = never }: SamplesOptions): boolean {
  if (cancel.cancelled) return true;
  if (samples.length < fewestSamples || tolerance === 0) return false;
  const { value, error } = meanOfSamples(samples);
  return error <= tolerance * Math.abs(value);
}

/**
 * The noise scale that sets the best batch, tr(HΣ)/gᵀHg in rows (same paper, eq. 2.6), from rows' gradients and their mean g. One
 * application for each row that is taken and one for g; `rowGradients` are in random order. Null when gᵀHg ≤ 0: no step along the gradient is best.
 */
export async function curvatureNoiseScale(
  operator: LinearOperator,
  rowGradients: readonly Float32Array[],
  mean: Float32Array,
  options: SamplesOptions = {},
): Promise<Estimate | null> {
  const image = new Float32Array(operator.dim);
  await operator.apply(mean, image);
  const along = dot(mean, image);
  if (!(along > 0)) return null;
  const n = rowGradients.length;
  const samples: number[] = [];
  for (const gradient of rowGradients) {
    if (isEnough(samples, options)) break;
    const deviation = plus(gradient, -1, mean);
    await operator.apply(deviation, image);
    samples.push((dot(deviation, image) * n) / (n - 1) / along);
  }
  return { ...meanOfSamples(samples), applications: samples.length + 1 };
}

/** One batch's gradient and Hessian at the current point. */
export interface BatchCurvature {
  readonly gradient: Float32Array;
  readonly hessian: LinearOperator;
}

/**
 * Batch sharpness, the mean over batches of gᵀHg/‖g‖² with each batch's own g and H (Andreyev and Beneventano 2024). It
 * describes minibatch training at the edge of stability and is no hard limit. One application each.
 */
export async function batchSharpness(
  batches: AsyncIterable<BatchCurvature> | Iterable<BatchCurvature>,
  options: SamplesOptions = {},
): Promise<Estimate> {
  const samples: number[] = [];
  for await (const { gradient, hessian } of batches) {
    if (isEnough(samples, options)) break;
    const image = new Float32Array(hessian.dim);
    await hessian.apply(gradient, image);
    const squared = dot(gradient, gradient);
    if (squared > 0) samples.push(dot(gradient, image) / squared);
  }
  return { ...meanOfSamples(samples), applications: samples.length };
}

/**
 * c = E‖H_B v‖² - λ² over batches, for the unit top eigenvector v of the mean Hessian with eigenvalue λ: the part of curvature
 * that changes from batch to batch, which lowers the stable rate of minibatch momentum to 2/[λ/(1+μ) + c/(λ(1-μ))].
 */
export async function batchCurvatureSpread(
  hessians: AsyncIterable<LinearOperator> | Iterable<LinearOperator>,
  vector: Float32Array,
  eigenvalue: number,
  options: SamplesOptions = {},
): Promise<Estimate> {
  const samples: number[] = [];
  for await (const hessian of hessians) {
    if (isEnough(samples, options)) break;
    const image = new Float32Array(hessian.dim);
    await hessian.apply(vector, image);
    samples.push(dot(image, image) - eigenvalue * eigenvalue);
  }
  return { ...meanOfSamples(samples), applications: samples.length };
}

/**
 * Rows of a batch at which noise halves the best rate along the gradient, that of all rows over 1 + (B_noise/B)(1 - B/N): N·B_noise/(N + B_noise) of N
 * rows drawn without replacement; with it B_noise itself, which is N = ∞.
 */
export function halvingBatch({ value, error }: Omit<Estimate, 'applications'>, rows: number): Omit<Estimate, 'applications'> {
  const share = 1 / (1 + value / rows);
  return { value: value * share, error: error * share ** 2 };
}
