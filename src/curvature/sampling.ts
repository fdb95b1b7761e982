import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { Random } from '../base/random';
import { meanOfSamples } from './estimate';
import type { LinearOperator } from './operator';
import { signVector } from './vector';

/** How random probes are drawn, and when they suffice. */
export interface SamplingOptions {
  readonly random: Random;
  /** Error over value at which to stop. Default .05. */
  readonly tolerance?: number;
  /** Default 200. */
  readonly maximumApplications?: number;
  readonly cancel?: CancelToken;
}

/** Fewer samples make the error bar itself too uncertain: of skew samples a tenth of the bars would be far too short. */
const minimumSamples = 16;

/**
 * Draws samples at `cost` applications each until their mean's relative error is within the tolerance, the applications
 * are spent or the work is cancelled. The error is looked at at growing intervals only: stopping at the first lucky look
 * among many would make the bars too short.
 */
export async function drawUntil(draw: () => Promise<number>, cost: number, options: SamplingOptions): Promise<number[]> {
  const { tolerance = 0.05, maximumApplications = 200, cancel = never } = options;
  const samples: number[] = [];
  let nextLook = minimumSamples;
  while ((samples.length + 1) * cost <= maximumApplications && !cancel.cancelled) {
    samples.push(await draw());
    if (samples.length < nextLook) continue;
    nextLook = Math.ceil(nextLook * 1.5);
    const { value, error } = meanOfSamples(samples);
    if (error <= tolerance * Math.abs(value) || !Number.isFinite(value)) break;
  }
  return samples;
}

/** Draws `measure(z, Az)` over random signs z until its mean is known well enough, one application a draw. */
export function drawOverSigns(
  operator: LinearOperator,
  measure: (z: Float32Array, image: Float32Array) => number,
  options: SamplingOptions,
): Promise<number[]> {
  const image = new Float32Array(operator.dim);
  const draw = async (): Promise<number> => {
    const z = signVector(operator.dim, options.random);
    operator.confine?.(z);
    await operator.apply(z, image);
    return measure(z, image);
  };
  return drawUntil(draw, 1, options);
}
