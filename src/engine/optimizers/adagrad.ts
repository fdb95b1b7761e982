import { decayed, vectorOf, type UpdateRule } from './rule';

/** torch.optim.Adagrad (Duchi et al., 2011). */
export const adagrad: UpdateRule<'adagrad'> = {
  stateNames: () => ['sumOfSquares'],
  firstState: ({ initialAccumulator }) => initialAccumulator,
  scalars: ({ learningRateDecay, epsilon }, { step, rate, weightDecay }) => ({
    weightDecay,
    descent: -rate / (1 + (step - 1) * learningRateDecay),
    epsilon,
  }),
  element: (a, at) => {
    const g = decayed(a, at);
    const sumOfSquares = a.add(at.state('sumOfSquares'), a.mul(g, g));
    const delta = a.div(a.mul(at.scalar('descent'), g), a.add(a.sqrt(sumOfSquares), at.scalar('epsilon')));
    return { delta, state: { sumOfSquares } };
  },
  // The decay of the rate belongs to P, so that rate / P is the step as it is taken.
  preconditioner: (out, state, { epsilon, learningRateDecay }, step) => {
    const sum = vectorOf(state, 'sumOfSquares');
    const decay = 1 + Math.max(0, step - 1) * learningRateDecay;
    for (let i = 0; i < out.length; i++) out[i] = (Math.sqrt(sum[i] as number) + epsilon) * decay;
  },
};
