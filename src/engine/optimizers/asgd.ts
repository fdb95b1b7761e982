import { beginsAtZero, decayed, type UpdateRule } from './rule';

/**
 * torch.optim.ASGD (Polyak and Juditsky, 1992): a rate η / (1 + λ η t)^α, t counted from 0, and a pull λ towards zero. Each step's
 * rate is made at the end of the step before, from the rate that holds there: PyTorch takes notice of a schedule one step late. The
 * average of the parameters that it keeps beside them changes nothing in the training.
 */
export const asgd: UpdateRule<'asgd'> = {
  stateNames: () => ['rate'],
  firstState: beginsAtZero,
  scalars: ({ pull, power }, { step, rate, weightDecay }) => ({
    weightDecay,
    pull,
    first: step === 1 ? rate : 0,
    coming: rate / (1 + pull * rate * step) ** power,
  }),
  element: (a, at) => {
    const { theta, scalar } = at;
    const rate = a.add(at.state('rate'), scalar('first'));
    const slope = a.add(a.mul(scalar('pull'), theta), decayed(a, at));
    const coming = a.add(a.mul(a.constant(0), rate), scalar('coming'));
    return { delta: a.sub(a.constant(0), a.mul(rate, slope)), state: { rate: coming } };
  },
  preconditioner: null,
};
