import { meanOfSamples, type Estimate } from './estimate';
import type { LinearOperator } from './operator';
import { drawOverSigns, type SamplingOptions } from './sampling';
import { dot } from './vector';

/**
 * tr A as the mean of zᵀAz over random signs z (Hutchinson 1990; Girard 1989). Variance 2(‖A‖_F² - Σ Aᵢᵢ²): the error falls
 * with the square root of the applications. Exact for diagonal operators.
 */
export async function traceHutchinson(operator: LinearOperator, options: SamplingOptions): Promise<Estimate> {
  const samples = await drawOverSigns(operator, dot, options);
  return { ...meanOfSamples(samples), applications: samples.length };
}
