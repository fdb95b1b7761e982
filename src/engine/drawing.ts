import type { Random } from '../base/random';
import type { DropoutMask } from './layers/lowering';

/** out ← the numbers of one random call. */
export function drawNumbers(
  out: Float32Array,
  { draw, p, beta = [1, 1] }: Pick<DropoutMask, 'draw' | 'p' | 'beta'>,
  random: Random,
): void {
  switch (draw) {
    case 'mask':
      return drawMask(out, p, random);
    case 'permutation':
      return out.set(random.permutation(out.length));
    case 'normal':
      for (let i = 0; i < out.length; i++) out[i] = random.normal();
      return;
    case 'uniform':
      for (let i = 0; i < out.length; i++) out[i] = random.uniform();
      return;
    case 'beta':
      for (let i = 0; i < out.length; i++) out[i] = random.beta(...beta);
  }
}

/** Keeps each element with probability 1-p, scaled so that its mean stays. */
function drawMask(out: Float32Array, p: number, random: Random): void {
  const scale = p === 1 ? 0 : 1 / (1 - p);
  for (let i = 0; i < out.length; i++) out[i] = random.uniform() < p ? 0 : scale;
}
