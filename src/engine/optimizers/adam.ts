import type { Arithmetic } from './arithmetic';
import { followMoments, momentNames, momentScalars, rootCorrection, rootOfMoment } from './moments';
import {
  beginsAtZero,
  decayed,
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
  scalars: (settings, numbers) => ({ ...adamScalars(settings, numbers), weightDecay: numbers.weightDecay }),
  element: (a, at, settings) => moments(a, at, decayed(a, at), settings),
  preconditioner,
};

/** torch.optim.AdamW (Loshchilov and Hutter, 2019): weight decay shrinks the parameters by itself. */
export const adamw: UpdateRule<'adamw'> = {
  stateNames,
  firstState: beginsAtZero,
  scalars: (settings, numbers) => ({ ...adamScalars(settings, numbers), shrinkage: -numbers.rate * numbers.weightDecay }),
  element: (a, at, settings) => {
    const { delta, state } = moments(a, at, at.gradient, settings);
    return { delta: a.add(a.mul(at.scalar('shrinkage'), at.theta), delta), state };
  },
  preconditioner,
};

function stateNames({ amsgrad }: Values<AdamKind>): readonly string[] {
  return amsgrad ? [...momentNames, 'largestSecondMoment'] : momentNames;
}

function adamScalars(settings: Values<AdamKind>, { step, rate }: StepNumbers): Record<string, number> {
  return {
    ...momentScalars(settings),
    descent: -rate / (1 - settings.beta1 ** step),
    correction: rootCorrection(settings.beta2, step),
    epsilon: correctedEpsilon(settings, step),
  };
}

function moments<T>(a: Arithmetic<T>, at: Element<T>, g: T, { amsgrad }: Values<AdamKind>): Updated<T> {
  const { state, scalar } = at;
  const next = followMoments(a, at, g);
  const used = amsgrad ? a.max(state('largestSecondMoment'), next.secondMoment) : next.secondMoment;
  const scale = a.add(a.mul(a.sqrt(used), scalar('correction')), scalar('epsilon'));
  return {
    delta: a.div(a.mul(scalar('descent'), next.firstMoment), scale),
    state: amsgrad ? { ...next, largestSecondMoment: used } : next,
  };
}

/** What is added to √v̂. */
function correctedEpsilon({ keras, beta2, epsilon }: Values<AdamKind>, step: number): number {
  return keras ? epsilon * rootCorrection(beta2, step) : epsilon;
}

function preconditioner(out: Float32Array, state: Vectors, settings: Values<AdamKind>, step: number): void {
  const name = settings.amsgrad ? 'largestSecondMoment' : 'secondMoment';
  rootOfMoment(out, state, name, rootCorrection(settings.beta2, step), correctedEpsilon(settings, step));
}
