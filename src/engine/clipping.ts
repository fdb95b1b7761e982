import type { Clipping } from '../records/experiment';

/** Stands between the norm and 0, as in torch.nn.utils.clip_grad_norm_. */
const smallest = 1e-6;

/** What to multiply the gradient with, 1 or less, so that its norm keeps to the limit. `euclidean` is its 2-norm. */
export function clipFactor(
  gradient: Float32Array,
  euclidean: number,
  { limit, normType }: Pick<Clipping, 'limit' | 'normType'>,
): number {
  const norm = normType === 2 ? euclidean : normOf(gradient, normType);
  return Math.min(1, limit.value / (norm + smallest));
}

/** Cuts each entry to ±limit. */
export function clipValues(gradient: Float32Array, limit: number): void {
  for (let i = 0; i < gradient.length; i++) gradient[i] = Math.min(limit, Math.max(-limit, gradient[i] as number));
}

/** Scales a vector down to the limit where its 2-norm is above it. */
export function clipNorm(gradient: Float32Array, limit: number): void {
  const factor = limit / normOf(gradient, 2);
  if (factor < 1) for (let i = 0; i < gradient.length; i++) gradient[i] = factor * (gradient[i] as number);
}

/** The p-norm; the largest entry for p = ∞. */
function normOf(vector: Float32Array, p: number): number {
  let sum = 0;
  if (p === Infinity) {
    for (const value of vector) sum = Math.max(sum, Math.abs(value));
    return sum;
  }
  for (const value of vector) sum += Math.abs(value) ** p;
  return sum ** (1 / p);
}
