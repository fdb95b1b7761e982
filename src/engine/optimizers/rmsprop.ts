import { beginsAtZero, decayed, rootWithEpsilon, vectorOf, type UpdateRule } from './rule';

/**
 * torch.optim.RMSprop: no bias correction; ε outside the root; the mean is subtracted when centered.
 * Keras has ε inside the root and the rate inside the velocity.
 */
export const rmsprop: UpdateRule<'rmsprop'> = {
  stateNames: ({ centered, momentum }) => ['meanSquare', ...(centered ? ['mean'] : []), ...(momentum > 0 ? ['momentum'] : [])],
  firstState: beginsAtZero,
  scalars: ({ alpha, epsilon, momentum, keras }, { rate, weightDecay }) => ({
    weightDecay,
    descent: -rate,
    // The rate stands before the velocity, or before what goes into it.
    before: keras ? rate : 1,
    after: keras ? -1 : -rate,
    alpha,
    rest: 1 - alpha,
    epsilon,
    momentum,
  }),
  element: (a, at, { centered, momentum, keras }) => {
    const { scalar, state } = at;
    const g = decayed(a, at);
    const meanSquare = a.add(a.mul(scalar('alpha'), state('meanSquare')), a.mul(a.mul(scalar('rest'), g), g));
    const mean = centered ? a.add(a.mul(scalar('alpha'), state('mean')), a.mul(scalar('rest'), g)) : null;
    const variance = mean === null ? meanSquare : a.sub(meanSquare, a.mul(mean, mean));
    const plain = a.div(g, rootWithEpsilon(a, variance, scalar('epsilon'), keras));
    if (momentum === 0)
      return { delta: a.mul(scalar('descent'), plain), state: { meanSquare, ...(mean === null ? {} : { mean }) } };
    const velocity = a.add(a.mul(scalar('momentum'), state('momentum')), a.mul(scalar('before'), plain));
    return {
      delta: a.mul(scalar('after'), velocity),
      state: { meanSquare, ...(mean === null ? {} : { mean }), momentum: velocity },
    };
  },
  preconditioner: (out, state, { epsilon, keras }) => {
    const meanSquare = vectorOf(state, 'meanSquare');
    const mean = state['mean'];
    for (let i = 0; i < out.length; i++) {
      const average = mean === undefined ? 0 : (mean[i] as number);
      const variance = Math.max(0, (meanSquare[i] as number) - average * average);
      out[i] = keras ? Math.sqrt(variance + epsilon) : Math.sqrt(variance) + epsilon;
    }
  },
};
