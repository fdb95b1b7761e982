import type { Arithmetic } from './arithmetic';
import { beginsAtZero, decayed, vectorOf, type Element, type UpdateRule } from './rule';

/** torch.optim.Adadelta (Zeiler, 2012); Keras's is the same. ε stands inside both roots. */
export const adadelta: UpdateRule<'adadelta'> = {
  stateNames: () => ['meanSquare', 'meanSquareDelta'],
  firstState: beginsAtZero,
  scalars: ({ rho, epsilon }, { rate, weightDecay }) => ({ weightDecay, descent: -rate, rho, rest: 1 - rho, epsilon }),
  element: (a, at) => {
    const { scalar, state } = at;
    const g = decayed(a, at);
    const meanSquare = follow(a, at, 'meanSquare', g);
    const size = a.sqrt(a.add(state('meanSquareDelta'), scalar('epsilon')));
    const direction = a.mul(a.div(size, a.sqrt(a.add(meanSquare, scalar('epsilon')))), g);
    const meanSquareDelta = follow(a, at, 'meanSquareDelta', direction);
    return { delta: a.mul(scalar('descent'), direction), state: { meanSquare, meanSquareDelta } };
  },
  preconditioner: (out, state, { epsilon }) => {
    const [square, squareDelta] = [vectorOf(state, 'meanSquare'), vectorOf(state, 'meanSquareDelta')];
    for (let i = 0; i < out.length; i++)
      out[i] = Math.sqrt(((square[i] as number) + epsilon) / ((squareDelta[i] as number) + epsilon));
  },
};

/** The running mean of squares `name` with `value` folded in. */
function follow<T>(a: Arithmetic<T>, { scalar, state }: Element<T>, name: string, value: T): T {
  return a.add(a.mul(scalar('rho'), state(name)), a.mul(a.mul(scalar('rest'), value), value));
}
