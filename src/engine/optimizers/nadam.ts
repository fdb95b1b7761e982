import { followMoments, momentNames, momentScalars, rootCorrection, rootOfMoment } from './moments';
import { beginsAtZero, gradientAndShrinkage, type UpdateRule } from './rule';

/** Below this the product of all momenta no longer shows beside 1. */
const negligible = 1e-18;

/**
 * torch.optim.NAdam (Dozat, 2016). The momentum of step t is β1 (1 - ½ · 0.96^(tψ)); ψ is PyTorch's
 * `momentum_decay`, and 1 in Keras.
 */
export const nadam: UpdateRule<'nadam'> = {
  stateNames: () => momentNames,
  firstState: beginsAtZero,
  scalars: ({ beta1, beta2, epsilon, momentumDecay }, { step, rate, weightDecay }) => {
    const momentum = (at: number): number => beta1 * (1 - 0.5 * 0.96 ** (at * momentumDecay));
    const product = productOf(momentum, step);
    const next = momentum(step + 1);
    return {
      weightDecay,
      shrinkage: -rate * weightDecay,
      ...momentScalars({ beta1, beta2 }),
      ofGradient: (-rate * (1 - momentum(step))) / (1 - product),
      ofMoment: (-rate * next) / (1 - product * next),
      correction: rootCorrection(beta2, step),
      epsilon,
    };
  },
  element: (a, at, { decoupledDecay }) => {
    const { scalar } = at;
    const { gradient: g, shrunk } = gradientAndShrinkage(a, at, decoupledDecay);
    const next = followMoments(a, at, g);
    const scale = a.add(a.mul(a.sqrt(next.secondMoment), scalar('correction')), scalar('epsilon'));
    const direction = a.add(a.mul(scalar('ofGradient'), g), a.mul(scalar('ofMoment'), next.firstMoment));
    return { delta: shrunk(a.div(direction, scale)), state: next };
  },
  preconditioner: (out, state, { beta2, epsilon }, step) =>
    rootOfMoment(out, state, 'secondMoment', rootCorrection(beta2, step), epsilon),
};

/** Product of the momenta of the steps 1 to `step`. */
function productOf(momentum: (step: number) => number, step: number): number {
  let product = 1;
  for (let at = 1; at <= step && product > negligible; at++) product *= momentum(at);
  return product;
}
