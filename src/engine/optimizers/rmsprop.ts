import { beginsAtZero, decayed, vectorOf, type UpdateRule } from './rule';

/** torch.optim.RMSprop: no bias correction; ε outside the root; the mean is subtracted when centered. */
export const rmsprop: UpdateRule<'rmsprop'> = {
  stateNames: ({ centered, momentum }) => ['meanSquare', ...(centered ? ['mean'] : []), ...(momentum > 0 ? ['momentum'] : [])],
  firstState: beginsAtZero,
  scalars: ({ alpha, epsilon, momentum }, { rate, weightDecay }) => ({
    weightDecay,
    descent: -rate,
    alpha,
    rest: 1 - alpha,
    epsilon,
    momentum,
  }),
  element: (a, at, { centered, momentum }) => {
    const { scalar, state } = at;
    const g = decayed(a, at);
    const meanSquare = a.add(a.mul(scalar('alpha'), state('meanSquare')), a.mul(a.mul(scalar('rest'), g), g));
    const mean = centered ? a.add(a.mul(scalar('alpha'), state('mean')), a.mul(scalar('rest'), g)) : null;
    const variance = mean === null ? meanSquare : a.sub(meanSquare, a.mul(mean, mean));
    const plain = a.div(g, a.add(a.sqrt(variance), scalar('epsilon')));
    const direction = momentum > 0 ? a.add(a.mul(scalar('momentum'), state('momentum')), plain) : plain;
    return {
      delta: a.mul(scalar('descent'), direction),
      state: { meanSquare, ...(mean === null ? {} : { mean }), ...(momentum > 0 ? { momentum: direction } : {}) },
    };
  },
  preconditioner: (out, state, { epsilon }) => {
    const meanSquare = vectorOf(state, 'meanSquare');
    const mean = state['mean'];
    for (let i = 0; i < out.length; i++) {
      const average = mean === undefined ? 0 : (mean[i] as number);
      out[i] = Math.sqrt(Math.max(0, (meanSquare[i] as number) - average * average)) + epsilon;
    }
  },
};
