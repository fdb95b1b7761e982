import type { Arithmetic } from './arithmetic';
import {
  beginsAtZero,
  decayed,
  vectorOf,
  type Element,
  type StepNumbers,
  type Updated,
  type UpdateRule,
  type Values,
  type Vectors,
} from './rule';

type AdamKind = 'adam' | 'adamw';

/** torch.optim.Adam (Kingma and Ba, 2015): weight decay is added to the gradient. Keras puts ε beside √v before the bias correction. */
export const adam: UpdateRule<'adam'> = {
  stateNames,
  firstState: beginsAtZero,
  scalars: (settings, numbers) => ({ ...momentScalars(settings, numbers), weightDecay: numbers.weightDecay }),
  element: (a, at, settings) => moments(a, at, decayed(a, at), settings),
  preconditioner,
};

/** torch.optim.AdamW (Loshchilov and Hutter, 2019): weight decay shrinks the parameters by itself. */
export const adamw: UpdateRule<'adamw'> = {
  stateNames,
  firstState: beginsAtZero,
  scalars: (settings, numbers) => ({ ...momentScalars(settings, numbers), shrinkage: -numbers.rate * numbers.weightDecay }),
  element: (a, at, settings) => {
    const { delta, state } = moments(a, at, at.gradient, settings);
    return { delta: a.add(a.mul(at.scalar('shrinkage'), at.theta), delta), state };
  },
  preconditioner,
};

function stateNames({ amsgrad }: Values<AdamKind>): readonly string[] {
  return amsgrad ? ['firstMoment', 'secondMoment', 'largestSecondMoment'] : ['firstMoment', 'secondMoment'];
}

function momentScalars(settings: Values<AdamKind>, { step, rate }: StepNumbers): Record<string, number> {
  const { beta1, beta2 } = settings;
  return {
    beta1,
    rest1: 1 - beta1,
    beta2,
    rest2: 1 - beta2,
    descent: -rate / (1 - beta1 ** step),
    correction: 1 / Math.sqrt(1 - beta2 ** step),
    epsilon: correctedEpsilon(settings, step),
  };
}

function moments<T>(a: Arithmetic<T>, { state, scalar }: Element<T>, g: T, { amsgrad }: Values<AdamKind>): Updated<T> {
  const first = a.add(a.mul(scalar('beta1'), state('firstMoment')), a.mul(scalar('rest1'), g));
  const second = a.add(a.mul(scalar('beta2'), state('secondMoment')), a.mul(a.mul(scalar('rest2'), g), g));
  const used = amsgrad ? a.max(state('largestSecondMoment'), second) : second;
  const scale = a.add(a.mul(a.sqrt(used), scalar('correction')), scalar('epsilon'));
  const next = { firstMoment: first, secondMoment: second };
  return {
    delta: a.div(a.mul(scalar('descent'), first), scale),
    state: amsgrad ? { ...next, largestSecondMoment: used } : next,
  };
}

/** What is added to √v̂. */
function correctedEpsilon({ keras, beta2, epsilon }: Values<AdamKind>, step: number): number {
  return keras && step > 0 ? epsilon / Math.sqrt(1 - beta2 ** step) : epsilon;
}

function preconditioner(out: Float32Array, state: Vectors, settings: Values<AdamKind>, step: number): void {
  const { beta2, amsgrad } = settings;
  const epsilon = correctedEpsilon(settings, step);
  const second = vectorOf(state, amsgrad ? 'largestSecondMoment' : 'secondMoment');
  const correction = step === 0 ? 1 : 1 / Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(second[i] as number) * correction + epsilon;
}
