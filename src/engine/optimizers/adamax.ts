import { followFirst } from './moments';
import { beginsAtZero, decayed, vectorOf, type UpdateRule } from './rule';

/** torch.optim.Adamax (Kingma and Ba, 2015): ε joins |g| inside the maximum; in Keras it joins the maximum. */
export const adamax: UpdateRule<'adamax'> = {
  stateNames: () => ['firstMoment', 'largest'],
  firstState: beginsAtZero,
  scalars: ({ beta1, beta2, epsilon }, { step, rate, weightDecay }) => ({
    weightDecay,
    descent: -rate / (1 - beta1 ** step),
    beta1,
    rest1: 1 - beta1,
    beta2,
    epsilon,
  }),
  element: (a, at, { keras }) => {
    const { scalar, state } = at;
    const g = decayed(a, at);
    const size = a.max(g, a.sub(a.constant(0), g));
    const firstMoment = followFirst(a, at, g);
    const faded = a.mul(scalar('beta2'), state('largest'));
    const largest = a.max(faded, keras ? size : a.add(size, scalar('epsilon')));
    const scale = keras ? a.add(largest, scalar('epsilon')) : largest;
    return { delta: a.div(a.mul(scalar('descent'), firstMoment), scale), state: { firstMoment, largest } };
  },
  preconditioner: (out, state, { epsilon, keras }) => {
    const largest = vectorOf(state, 'largest');
    for (let i = 0; i < out.length; i++) out[i] = Math.max(epsilon, (largest[i] as number) + (keras ? epsilon : 0));
  },
};
