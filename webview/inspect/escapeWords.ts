import type { InspectedEscape } from '../../src/records/inspection/ways';
import { count, formatNumber, formatShare } from '../format';

/** The way out of a saddle, in sentences. */
export function describeEscape(escape: InspectedEscape): string[] {
  const { curvature, to, descent, matters } = escape;
  const hasPace = curvature < 0 || to === null;
  return [
    growthWords(escape),
    ...(hasPace ? [timeWords(escape)] : []),
    `The loss falls by up to ${formatShare(descent)} along it: ${matters ? 'this saddle costs time' : 'this saddle matters little'}.`,
  ];
}

/** Factors below this are told by the steps of an e-fold. */
const fast = 1.05;

function growthWords({ curvature, preconditioned, factor, folds }: InspectedEscape): string {
  if (!(curvature < 0))
    return 'No negative curvature leads out; the loss falls further away only, and no growth can be foretold.';
  const metric = preconditioned ? ' in the optimizer’s own metric' : '';
  const bend = `Along the escape direction the curvature is ${formatNumber(curvature)}${metric}`;
  if (factor === null || folds === null)
    return `${bend}; the steps of this optimizer are no fixed multiple of the gradient here, so that no growth from step to step is told.`;
  if (factor <= 1) return `${bend}, but a distance does not grow: the decay of the weights pulls harder.`;
  const pace =
    factor < fast ? `e-fold every ${count(Math.round(1 / Math.log(factor)), 'step')}` : `${formatNumber(factor)}-fold a step`;
  const rest = `${formatNumber(folds)} e-folds in what is left of the run`;
  return preconditioned
    ? `${bend}: a distance grows ${pace} as long as gradients stay what they are used to (${rest}); larger ones raise the second moment, and steps then stay about as long as the rate.`
    : `${bend}: a distance grows ${pace}, ${rest}.`;
}

function timeWords({ from, to, expectedSteps, foretold }: InspectedEscape): string {
  if (to === null) return 'At no distance within reach is a hundredth of the loss gone.';
  if (!foretold) return 'How long this optimizer takes cannot be foretold: see what was tried.';
  if (expectedSteps !== null)
    return `From the distance ${formatNumber(from)} that the gradient shows to ${formatNumber(to)}, where a hundredth of the loss is gone, the optimizer takes about ${count(Math.ceil(expectedSteps), 'step')}.`;
  return from > 0
    ? 'From where the gradient shows it to be, it does not come to the distance at which a hundredth of the loss is gone.'
    : 'The gradient shows no distance from the saddle: nothing but noise leaves it.';
}
