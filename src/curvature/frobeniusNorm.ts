import { meanOfSamples, type Estimate } from './estimate';
import type { LinearOperator } from './operator';
import { drawOverSigns, type SamplingOptions } from './sampling';
import { dot } from './vector';

/** ‖A‖_F from the mean of ‖Az‖² over random signs z, which is tr AᵀA. The tolerance is that of the norm. */
export async function frobeniusNorm(operator: LinearOperator, options: SamplingOptions): Promise<Estimate> {
  const squared = { ...options, tolerance: 2 * (options.tolerance ?? 0.05) };
  const samples = await drawOverSigns(operator, (_z, image) => dot(image, image), squared);
  const { value, error } = meanOfSamples(samples);
  const root = Math.sqrt(Math.max(0, value));
  // The interval's upper half is the shorter one under the root: the lower half is taken for both.
  const low = Math.sqrt(Math.max(0, value - error));
  return { value: root, error: root - low, applications: samples.length };
}
