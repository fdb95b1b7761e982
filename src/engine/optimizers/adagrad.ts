import { decayed, rootWithEpsilon, vectorOf, type UpdateRule } from './rule';

/** torch.optim.Adagrad (Duchi et al., 2011). Keras puts ε inside the root. */
export const adagrad: UpdateRule<'adagrad'> = {
  stateNames: () => ['sumOfSquares'],
  firstState: ({ initialAccumulator }) => initialAccumulator,
  scalars: ({ learningRateDecay, epsilon }, { step, rate, weightDecay }) => ({
    weightDecay,
    descent: -rate / (1 + (step - 1) * learningRateDecay),
    epsilon,
  }),
  element: (a, at, { keras }) => {
    const g = decayed(a, at);
    const sumOfSquares = a.add(at.state('sumOfSquares'), a.mul(g, g));
    const scale = rootWithEpsilon(a, sumOfSquares, at.scalar('epsilon'), keras);
    return { delta: a.div(a.mul(at.scalar('descent'), g), scale), state: { sumOfSquares } };
  },
  // The decay of the rate belongs to P, so that rate / P is the step as it is taken.
  preconditioner: (out, state, { epsilon, learningRateDecay, keras }, step) => {
    const sum = vectorOf(state, 'sumOfSquares');
    const decay = 1 + Math.max(0, step - 1) * learningRateDecay;
    const root = (square: number): number => (keras ? Math.sqrt(square + epsilon) : Math.sqrt(square) + epsilon);
    for (let i = 0; i < out.length; i++) out[i] = root(sum[i] as number) * decay;
  },
};
