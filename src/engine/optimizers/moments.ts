import type { Arithmetic } from './arithmetic';
import { vectorOf, type Element, type Vectors } from './rule';

/** Names of the running means of the gradient and of its square. */
export const momentNames = ['firstMoment', 'secondMoment'] as const;

interface Betas {
  readonly beta1: number;
  readonly beta2: number;
}

/** The numbers that `followMoments` takes. */
export const momentScalars = ({ beta1, beta2 }: Betas): Readonly<Record<'beta1' | 'rest1' | 'beta2' | 'rest2', number>> => ({
  beta1,
  rest1: 1 - beta1,
  beta2,
  rest2: 1 - beta2,
});

/** The running mean of the gradient with `g` folded in. */
export function followFirst<T>(a: Arithmetic<T>, { state, scalar }: Pick<Element<T>, 'state' | 'scalar'>, g: T): T {
  return a.add(a.mul(scalar('beta1'), state('firstMoment')), a.mul(scalar('rest1'), g));
}

/** Both running means with `g` folded in. */
export function followMoments<T>(
  a: Arithmetic<T>,
  at: Pick<Element<T>, 'state' | 'scalar'>,
  g: T,
): Readonly<Record<(typeof momentNames)[number], T>> {
  const { state, scalar } = at;
  const secondMoment = a.add(a.mul(scalar('beta2'), state('secondMoment')), a.mul(a.mul(scalar('rest2'), g), g));
  return { firstMoment: followFirst(a, at, g), secondMoment };
}

/** 1/√(1-β2ᵗ), the correction on the root of the second moment after `step` steps; 1 before the first. */
export const rootCorrection = (beta2: number, step: number): number => (step === 0 ? 1 : 1 / Math.sqrt(1 - beta2 ** step));

/** out ← √(state `name`) · correction + epsilon. */
export function rootOfMoment(out: Float32Array, state: Vectors, name: string, correction: number, epsilon: number): void {
  const second = vectorOf(state, name);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(second[i] as number) * correction + epsilon;
}
