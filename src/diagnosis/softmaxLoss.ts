import type { ModelGraph, ModelNode } from '../records/model/graph';
import { replaceWithin } from './edits';
import { finding } from './finding';
import { maker, outputClasses, type LossNode } from './graphWalk';
import { courseOfLoss, lossLeft } from './course';
import type { TrialState } from './removal';
import { settle } from './removal';
import type { Evidence, Outcome } from './rule';
import { found } from './rule';
import type { Finding, Fix } from '../records/finding';

/** Why a loss does not go with a softmax over several classes; null where it does. */
function mismatch(model: ModelGraph, loss: LossNode, classes: number): string | null {
  // Two classes in two columns make binary cross-entropy the same as categorical.
  if (loss.kind === 'bce' && classes > 2)
    return `Binary cross-entropy judges each of the ${classes} outputs by itself, but a softmax makes them sum to 1: right for one class of several is categorical cross-entropy.`;
  // Beside other terms, and against another output, a squared distance of probabilities has its uses.
  const isWhole = model.nodes[model.loss ?? -1] === loss;
  if (loss.kind === 'mse' && classes > 1 && isWhole && maker(model, loss.inputs[1] ?? -1)?.kind === 'target')
    return 'A squared error after a softmax hardly moves rows that are surely wrong, since the softmax is flat there: categorical cross-entropy is not.';
  return null;
}

const names = /(?<![A-Za-z_])(?:binary_crossentropy|mse|MSE|mean_squared_error)\b/;

/**
 * A softmax under binary cross-entropy or as a whole under a squared error; null when the loss goes with it. Where categorical
 * cross-entropy was tried and is no better, or the loss is fitted as it is (under a tenth of it left [own]), it is information.
 */
export function lossAfterSoftmax(e: Evidence, model: ModelGraph, loss: LossNode, activation: ModelNode): Outcome | null {
  if (activation.kind !== 'softmax') return null;
  const words = mismatch(model, loss, outputClasses(model) ?? 0);
  if (words === null) return null;
  const place = model.lossRange ?? loss.range;
  const edits = replaceWithin(e.texts, place, names, 'categorical_crossentropy');
  const remedy = edits.length === 0 ? null : { title: 'Use categorical cross-entropy', edits };
  const isHarmless = e.run !== null && courseOfLoss(e).values.length > 1 && lossLeft(e) < 0.1;
  const write = (ending: string, fixes: readonly Fix[], trial: TrialState): Finding =>
    finding('activation-before-loss', isHarmless || trial === 'failed' ? 'information' : 'warning', place, `${words}${ending}`, {
      fixes,
    });
  // Losses of two kinds cannot be compared: without right answers a re-run has no number to go by.
  if (e.run !== null && e.baseline !== null && e.baseline.accuracy === null)
    return found(write(' Read from the code.', remedy === null ? [] : [remedy], 'untried'));
  return settle(e, 'activation-before-loss', remedy, write);
}
