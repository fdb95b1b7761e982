import { beginsAtZero, vectorOf, type UpdateRule } from './rule';

/** torch.optim.RMSprop: no bias correction; ε outside the root; the mean is subtracted when centered. */
export const rmsprop: UpdateRule<'rmsprop'> = {
  stateNames: ({ centered, momentum }) => ['meanSquare', ...(centered ? ['mean'] : []), ...(momentum > 0 ? ['momentum'] : [])],
  begin: beginsAtZero,
  update: ({ theta, gradient, delta, state, settings }, { from, to, rate, weightDecay }) => {
    const { alpha, epsilon, momentum } = settings;
    const meanSquare = vectorOf(state, 'meanSquare');
    const mean = state['mean'];
    const buffer = state['momentum'];
    for (let i = from; i < to; i++) {
      const g = gradient[i]! + weightDecay * theta[i]!;
      let v = alpha * meanSquare[i]! + (1 - alpha) * g * g;
      meanSquare[i] = v;
      if (mean !== undefined) {
        const average = alpha * mean[i]! + (1 - alpha) * g;
        mean[i] = average;
        v -= average * average;
      }
      let direction = g / (Math.sqrt(v) + epsilon);
      if (buffer !== undefined) {
        direction += momentum * buffer[i]!;
        buffer[i] = direction;
      }
      delta[i] = -rate * direction;
    }
  },
  preconditioner: (out, state, { epsilon }) => {
    const meanSquare = vectorOf(state, 'meanSquare');
    const mean = state['mean'];
    for (let i = 0; i < out.length; i++) {
      const average = mean === undefined ? 0 : mean[i]!;
      out[i] = Math.sqrt(Math.max(0, meanSquare[i]! - average * average)) + epsilon;
    }
  },
};
