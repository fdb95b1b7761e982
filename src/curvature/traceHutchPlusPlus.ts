import { never } from '../base/cancel';
import { meanOfSamples, type Estimate } from './estimate';
import type { LinearOperator } from './operator';
import type { SamplingOptions } from './sampling';
import { dot, orthonormalBasis, removeComponents, signVector } from './vector';

/**
 * tr A by Hutch++ (Meyer, Musco, Musco and Woodruff 2021): exactly on the range Q of A applied to a third of the
 * vectors, by Hutchinson on what is left, where the large eigenvalues are gone. The error falls with the number of
 * applications, not its root. Rounds of growing size until the tolerance is met; each round is an independent estimate
 * and the last one counts.
 */
export async function traceHutchPlusPlus(operator: LinearOperator, options: SamplingOptions): Promise<Estimate> {
  const { tolerance = 0.05, maximumApplications = 200 } = options;
  let spent = 0;
  let best: Estimate = { value: NaN, error: Infinity, applications: 0 };
  for (let third = 16; spent + 3 * third <= maximumApplications || spent === 0; third *= 2) {
    const estimate = await oneRound(operator, Math.min(third, Math.max(2, Math.floor(maximumApplications / 3))), options);
    spent += estimate.applications;
    if (estimate.error <= best.error) best = estimate;
    if (options.cancel?.cancelled === true || estimate.error <= tolerance * Math.abs(estimate.value)) break;
  }
  return { ...best, applications: spent };
}

async function oneRound(operator: LinearOperator, third: number, { random, cancel = never }: SamplingOptions): Promise<Estimate> {
  const { dim } = operator;
  const image = new Float32Array(dim);
  const sketch: Float32Array[] = [];
  for (let i = 0; i < Math.min(third, dim) && !cancel.cancelled; i++) {
    const s = signVector(dim, random);
    operator.confine?.(s);
    await operator.apply(s, image);
    sketch.push(image.slice());
  }
  const range = orthonormalBasis(sketch, 1e-4);
  let applications = sketch.length;
  let onRange = 0;
  for (const q of range) {
    if (cancel.cancelled) break;
    await operator.apply(q, image);
    applications++;
    onRange += dot(q, image);
  }
  const rest: number[] = [];
  for (let i = 0; i < third && !cancel.cancelled; i++) {
    const g = signVector(dim, random);
    operator.confine?.(g);
    removeComponents(g, range);
    await operator.apply(g, image);
    applications++;
    rest.push(dot(g, image));
  }
  if (cancel.cancelled) return { value: NaN, error: Infinity, applications };
  const { value, error } = meanOfSamples(rest);
  return { value: onRange + value, error: error + 1e-6 * Math.abs(onRange), applications };
}
