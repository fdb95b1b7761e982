import { followMoments, momentNames, momentScalars, rootOfMoment } from './moments';
import { beginsAtZero, gradientAndShrinkage, type UpdateRule } from './rule';

/** Length of the average from which the variance of the adaptive rate is taken to be known. */
const tractable = 5;

/**
 * torch.optim.RAdam (Liu et al., 2020): plain momentum until the second moment has seen enough
 * steps, then Adam with a rectified rate. ε stands beside √v before the bias correction.
 */
export const radam: UpdateRule<'radam'> = {
  stateNames: () => momentNames,
  firstState: beginsAtZero,
  scalars: ({ beta1, beta2, epsilon }, { step, rate, weightDecay }) => {
    const descent = -rate / (1 - beta1 ** step);
    const rectified = rectification(beta2, step);
    return {
      weightDecay,
      shrinkage: -rate * weightDecay,
      ...momentScalars({ beta1, beta2 }),
      plain: rectified === null ? descent : 0,
      adaptive: rectified === null ? 0 : descent * rectified * Math.sqrt(1 - beta2 ** step),
      epsilon,
    };
  },
  element: (a, at, { decoupledDecay }) => {
    const { scalar } = at;
    const { gradient: g, shrunk } = gradientAndShrinkage(a, at, decoupledDecay);
    const next = followMoments(a, at, g);
    const adaptive = a.div(a.mul(scalar('adaptive'), next.firstMoment), a.add(a.sqrt(next.secondMoment), scalar('epsilon')));
    return { delta: shrunk(a.add(a.mul(scalar('plain'), next.firstMoment), adaptive)), state: next };
  },
  // The rectification belongs to P, so that rate / P is the step as it is taken.
  preconditioner: (out, state, { beta2, epsilon }, step) => {
    const rectified = rectification(beta2, Math.max(1, step));
    if (rectified === null) {
      out.fill(1);
      return;
    }
    const factor = rectified * Math.sqrt(1 - beta2 ** step);
    rootOfMoment(out, state, 'secondMoment', 1 / factor, epsilon / factor);
  },
};

/** Factor on the adaptive rate at `step`; null while the variance cannot be estimated. */
function rectification(beta2: number, step: number): number | null {
  const longest = 2 / (1 - beta2) - 1;
  const length = longest - (2 * step * beta2 ** step) / (1 - beta2 ** step);
  if (length <= tractable) return null;
  return Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length));
}
