import { beginsAtZero, decayed, type UpdateRule } from './rule';

const stateless: Readonly<Record<string, never>> = {};

/**
 * torch.optim.SGD. Dampening does not act on the first step, where the buffer becomes the gradient itself.
 * In Keras the rate stands inside the velocity, so that a lower rate acts on new gradients alone.
 */
export const sgd: UpdateRule<'sgd'> = {
  stateNames: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
  firstState: beginsAtZero,
  scalars: ({ momentum, dampening, keras }, { step, rate, weightDecay }) => ({
    weightDecay,
    descent: -rate,
    momentum,
    kept: step === 1 ? 0 : momentum,
    taken: (step === 1 ? 1 : 1 - dampening) * (keras ? rate : 1),
    ofGradient: keras ? rate : 1,
    after: keras ? -1 : -rate,
  }),
  element: (a, at, { momentum, nesterov }) => {
    const g = decayed(a, at);
    if (momentum === 0) return { delta: a.mul(at.scalar('descent'), g), state: stateless };
    const buffer = a.add(a.mul(at.scalar('kept'), at.state('momentum')), a.mul(at.scalar('taken'), g));
    const ahead = (): typeof buffer => a.add(a.mul(at.scalar('ofGradient'), g), a.mul(at.scalar('momentum'), buffer));
    return { delta: a.mul(at.scalar('after'), nesterov ? ahead() : buffer), state: { momentum: buffer } };
  },
  preconditioner: null,
};
