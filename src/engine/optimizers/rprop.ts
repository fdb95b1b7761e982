import type { Arithmetic } from './arithmetic';
import { beginsAtZero, type UpdateRule } from './rule';

/** The smallest normal float32: numbers below it count as none. */
const smallest = 2 ** -126;

/**
 * torch.optim.Rprop (Riedmiller and Braun, 1993): every element has a step of its own, which grows while the gradient keeps its
 * sign and shrinks, without a move, where it turns. Only signs of gradients count. The rate is the first step.
 */
export const rprop: UpdateRule<'rprop'> = {
  stateNames: () => ['previous', 'stepSize'],
  firstState: beginsAtZero,
  scalars: ({ shrinking, growing, smallestStep, largestStep }, { step, rate }) => ({
    first: step === 1 ? rate : 0,
    grown: growing - 1,
    shrunk: 1 - shrinking,
    smallestStep,
    largestStep,
  }),
  element: (a, { gradient, state, scalar }) => {
    const turn = signOf(a, a.mul(gradient, state('previous')));
    const zero = a.constant(0);
    const [kept, turned] = [a.max(turn, zero), a.max(a.sub(zero, turn), zero)];
    const factor = a.sub(a.add(a.constant(1), a.mul(scalar('grown'), kept)), a.mul(scalar('shrunk'), turned));
    const free = a.mul(a.add(state('stepSize'), scalar('first')), factor);
    const stepSize = a.max(scalar('smallestStep'), smallerOf(a, free, scalar('largestStep')));
    const previous = a.mul(gradient, a.sub(a.constant(1), turned));
    return { delta: a.sub(zero, a.mul(signOf(a, previous), stepSize)), state: { previous, stepSize } };
  },
  preconditioner: null,
};

/** 1, 0 or -1. */
function signOf<T>(a: Arithmetic<T>, x: T): T {
  const size = a.max(x, a.sub(a.constant(0), x));
  return a.div(x, a.max(size, a.constant(smallest)));
}

function smallerOf<T>(a: Arithmetic<T>, x: T, y: T): T {
  const zero = a.constant(0);
  return a.sub(zero, a.max(a.sub(zero, x), a.sub(zero, y)));
}
