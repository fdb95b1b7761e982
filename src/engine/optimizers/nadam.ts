import { beginsAtZero, vectorOf, gradientAndShrinkage, type UpdateRule } from './rule';

/** Below this the product of all momenta no longer shows beside 1. */
const negligible = 1e-18;

/**
 * torch.optim.NAdam (Dozat, 2016). The momentum of step t is β1 (1 - ½ · 0.96^(tψ)); ψ is PyTorch's
 * `momentum_decay`, and 1 in Keras.
 */
export const nadam: UpdateRule<'nadam'> = {
  stateNames: () => ['firstMoment', 'secondMoment'],
  firstState: beginsAtZero,
  scalars: ({ beta1, beta2, epsilon, momentumDecay }, { step, rate, weightDecay }) => {
    const momentum = (at: number): number => beta1 * (1 - 0.5 * 0.96 ** (at * momentumDecay));
    const product = productOf(momentum, step);
    const next = momentum(step + 1);
    return {
      weightDecay,
      shrinkage: -rate * weightDecay,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      ofGradient: (-rate * (1 - momentum(step))) / (1 - product),
      ofMoment: (-rate * next) / (1 - product * next),
      correction: 1 / Math.sqrt(1 - beta2 ** step),
      epsilon,
    };
  },
  element: (a, at, { decoupledDecay }) => {
    const { scalar, state } = at;
    const { gradient: g, shrunk } = gradientAndShrinkage(a, at, decoupledDecay);
    const firstMoment = a.add(a.mul(scalar('beta1'), state('firstMoment')), a.mul(scalar('rest1'), g));
    const secondMoment = a.add(a.mul(scalar('beta2'), state('secondMoment')), a.mul(a.mul(scalar('rest2'), g), g));
    const scale = a.add(a.mul(a.sqrt(secondMoment), scalar('correction')), scalar('epsilon'));
    const direction = a.add(a.mul(scalar('ofGradient'), g), a.mul(scalar('ofMoment'), firstMoment));
    return { delta: shrunk(a.div(direction, scale)), state: { firstMoment, secondMoment } };
  },
  preconditioner: (out, state, { beta2, epsilon }, step) => {
    const second = vectorOf(state, 'secondMoment');
    const correction = step === 0 ? 1 : 1 / Math.sqrt(1 - beta2 ** step);
    for (let i = 0; i < out.length; i++) out[i] = Math.sqrt(second[i] as number) * correction + epsilon;
  },
};

/** Product of the momenta of the steps 1 to `step`. */
function productOf(momentum: (step: number) => number, step: number): number {
  let product = 1;
  for (let at = 1; at <= step && product > negligible; at++) product *= momentum(at);
  return product;
}
