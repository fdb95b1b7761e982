import { vectorOf, type UpdateRule } from './rule';

/** torch.optim.Adagrad (Duchi et al., 2011). */
export const adagrad: UpdateRule<'adagrad'> = {
  stateNames: () => ['sumOfSquares'],
  begin: (state, { initialAccumulator }) => void vectorOf(state, 'sumOfSquares').fill(initialAccumulator),
  update: ({ theta, gradient, delta, state, settings, step }, { from, to, rate, weightDecay }) => {
    const sum = vectorOf(state, 'sumOfSquares');
    const decayed = rate / (1 + (step - 1) * settings.learningRateDecay);
    for (let i = from; i < to; i++) {
      const g = gradient[i]! + weightDecay * theta[i]!;
      const s = sum[i]! + g * g;
      sum[i] = s;
      delta[i] = (-decayed * g) / (Math.sqrt(s) + settings.epsilon);
    }
  },
  // The decay of the rate belongs to P, so that rate / P is the step as it is taken.
  preconditioner: (out, state, { epsilon, learningRateDecay }, step) => {
    const sum = vectorOf(state, 'sumOfSquares');
    const decay = 1 + Math.max(0, step - 1) * learningRateDecay;
    for (let i = 0; i < out.length; i++) out[i] = (Math.sqrt(sum[i]!) + epsilon) * decay;
  },
};
