import { finding } from '../finding';
import { isActivation, isWeighing, takers } from '../graphWalk';
import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';

/** Dropout whose variance shift batch norm carries into evaluation. */
export const dropoutBeforeNorm = {
  id: 'dropout-before-norm',
  tier: 0,
  severity: 'information',
  title: 'Dropout before batch norm: the running variance is that of the dropped-out signal.',
  explanation: `Dropout scales the units it keeps, which raises the variance during training. Batch norm learns that variance and uses it in
evaluation, where nothing is dropped: the two disagree.

**How it is found.** A dropout whose result reaches batch norm directly, or through one layer of weights.

It is information: many such models work.

Source: Li et al. 2019, *Understanding the disharmony between dropout and batch normalization by variance shift*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const drops = model.nodes.filter((node) => node.kind === 'dropout' && node.arguments.p > 0);
  if (drops.length === 0 || !model.nodes.some(({ kind }) => kind === 'batchNorm')) return irrelevant;
  const before = drops.filter((node) => reachesNorm(model, node, 1));
  if (before.length === 0) return passed;
  return found(
    ...before.map((node) =>
      finding(
        'dropout-before-norm',
        'information',
        node.range,
        'Batch norm after this dropout learns the variance of the dropped-out signal, which evaluation does not have. Dropout after the last batch norm avoids that. Read from the code.',
      ),
    ),
  );
}

function reachesNorm(model: ModelGraph, node: ModelNode, layers: number): boolean {
  return takers(model, model.nodes.indexOf(node)).some((taker) => {
    if (taker.kind === 'batchNorm') return true;
    if (isActivation(taker)) return reachesNorm(model, taker, layers);
    return layers > 0 && isWeighing(taker) && reachesNorm(model, taker, layers - 1);
  });
}
