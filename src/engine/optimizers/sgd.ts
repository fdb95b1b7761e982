import { beginsAtZero, vectorOf, type UpdateRule } from './rule';

/** torch.optim.SGD. Dampening does not act on the first step, where the buffer becomes the gradient itself. */
export const sgd: UpdateRule<'sgd'> = {
  stateNames: ({ momentum }) => (momentum === 0 ? [] : ['momentum']),
  begin: beginsAtZero,
  update: ({ theta, gradient, delta, state, settings, step }, { from, to, rate, weightDecay }) => {
    const { momentum, dampening, nesterov } = settings;
    if (state['momentum'] === undefined) {
      for (let i = from; i < to; i++) delta[i] = -rate * (gradient[i]! + weightDecay * theta[i]!);
      return;
    }
    const buffer = vectorOf(state, 'momentum');
    const kept = step === 1 ? 0 : momentum;
    const taken = step === 1 ? 1 : 1 - dampening;
    for (let i = from; i < to; i++) {
      const g = gradient[i]! + weightDecay * theta[i]!;
      const b = kept * buffer[i]! + taken * g;
      buffer[i] = b;
      delta[i] = -rate * (nesterov ? g + momentum * b : b);
    }
  },
  preconditioner: null,
};
