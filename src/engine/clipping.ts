import type { Clipping } from '../records/experiment';

/** Stands between the norm and 0, as in torch.nn.utils.clip_grad_norm_. */
const smallest = 1e-6;

/** Clips the gradient in place, as PyTorch clips the buffers. */
export function clipGradient(
  gradient: Float32Array,
  { kind, limit, normType }: Pick<Clipping, 'kind' | 'limit' | 'normType'>,
): void {
  const bound = limit.value;
  if (kind === 'value') {
    for (let i = 0; i < gradient.length; i++) gradient[i] = Math.min(bound, Math.max(-bound, gradient[i]!));
    return;
  }
  const scale = bound / (normOf(gradient, normType) + smallest);
  if (scale >= 1) return;
  for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! * scale;
}

/** The p-norm; the largest entry for p = ∞. */
export function normOf(vector: Float32Array, p: number): number {
  let sum = 0;
  if (p === Infinity) {
    for (const value of vector) sum = Math.max(sum, Math.abs(value));
    return sum;
  }
  if (p === 2) {
    for (let i = 0; i < vector.length; i++) sum += vector[i]! * vector[i]!;
    return Math.sqrt(sum);
  }
  for (const value of vector) sum += Math.abs(value) ** p;
  return sum ** (1 / p);
}
