import { beginsAtZero, decayed, type UpdateRule } from './rule';

/**
 * torch.optim.ASGD (Polyak and Juditsky, 1992): a rate η / (1 + λ η t)^α, t counted from 0, and a pull λ towards zero. The
 * average of the parameters that it keeps beside them changes nothing in the training. Of a rate that a schedule changes PyTorch
 * takes notice one step later than this.
 */
export const asgd: UpdateRule<'asgd'> = {
  stateNames: () => [],
  firstState: beginsAtZero,
  scalars: ({ pull, power }, { step, rate, weightDecay }) => {
    const falling = rate / (1 + pull * rate * (step - 1)) ** power;
    return { weightDecay, shrinkage: -falling * pull, descent: -falling };
  },
  element: (a, at) => {
    const { theta, scalar } = at;
    return { delta: a.add(a.mul(scalar('shrinkage'), theta), a.mul(scalar('descent'), decayed(a, at))), state: {} };
  },
  preconditioner: null,
};
