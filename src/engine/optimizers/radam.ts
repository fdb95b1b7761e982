import { beginsAtZero, gradientAndShrinkage, vectorOf, type UpdateRule } from './rule';

/** Length of the average from which the variance of the adaptive rate is taken to be known. */
const tractable = 5;

/**
 * torch.optim.RAdam (Liu et al., 2020): plain momentum until the second moment has seen enough
 * steps, then Adam with a rectified rate. ε stands beside √v before the bias correction.
 */
export const radam: UpdateRule<'radam'> = {
  stateNames: () => ['firstMoment', 'secondMoment'],
  firstState: beginsAtZero,
  scalars: ({ beta1, beta2, epsilon }, { step, rate, weightDecay }) => {
    const descent = -rate / (1 - beta1 ** step);
    const rectified = rectification(beta2, step);
    return {
      weightDecay,
      shrinkage: -rate * weightDecay,
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      plain: rectified === null ? descent : 0,
      adaptive: rectified === null ? 0 : descent * rectified * Math.sqrt(1 - beta2 ** step),
      epsilon,
    };
  },
  element: (a, at, { decoupledDecay }) => {
    const { scalar, state } = at;
    const { gradient: g, shrunk } = gradientAndShrinkage(a, at, decoupledDecay);
    const firstMoment = a.add(a.mul(scalar('beta1'), state('firstMoment')), a.mul(scalar('rest1'), g));
    const secondMoment = a.add(a.mul(scalar('beta2'), state('secondMoment')), a.mul(a.mul(scalar('rest2'), g), g));
    const adaptive = a.div(a.mul(scalar('adaptive'), firstMoment), a.add(a.sqrt(secondMoment), scalar('epsilon')));
    return {
      delta: shrunk(a.add(a.mul(scalar('plain'), firstMoment), adaptive)),
      state: { firstMoment, secondMoment },
    };
  },
  // The rectification belongs to P, so that rate / P is the step as it is taken.
  preconditioner: (out, state, { beta2, epsilon }, step) => {
    const second = vectorOf(state, 'secondMoment');
    const rectified = rectification(beta2, Math.max(1, step));
    if (rectified === null) {
      out.fill(1);
      return;
    }
    const factor = rectified * Math.sqrt(1 - beta2 ** step);
    for (let i = 0; i < out.length; i++) out[i] = (Math.sqrt(second[i] as number) + epsilon) / factor;
  },
};

/** Factor on the adaptive rate at `step`; null while the variance cannot be estimated. */
function rectification(beta2: number, step: number): number | null {
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (length <= tractable) return null;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}
