import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { SourceRange } from '../../records/source';
import { finding } from '../finding';
import { isWeighing } from '../graphWalk';
import { initPlace } from '../initPlace';
import { initRemedies, parameterOf } from '../initEdits';
import { constantValue, isRectified, weighingAfter } from '../initStatistics';
import type { OwnLayer } from '../ownWeights';
import { isOwnRectified, ownLayers, ownLayersAfter, randomTensor } from '../ownWeights';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { passed, undecided } from '../rule';
import { clearlyBetter } from '../trials';
import { lossSpan } from '../lossSpan';

/** A hidden layer that starts at zero and gets no gradient. */
export const zeroInit = {
  id: 'zero-init',
  tier: 0,
  severity: 'error',
  title: 'A hidden layer starts at zero in such a way that its gradient is zero too.',
  explanation: `With all weights of a hidden layer at zero its units are equal and carry nothing. If the next layer is zero as well, or if a
ReLU with zero bias follows, the gradient of the layer is exactly zero: it stays where it is, at a saddle of the loss.

**How it is found.** From the initialisers: weights and bias of a hidden layer zero, and either the weights after it zero or a
ReLU right behind it.

**No fault:** zero in the last layer alone (it gets gradients); zero biases; softmax or linear regression from zero; batch
norm's scale at zero in a residual branch.

Source: Goodfellow, Bengio, Courville 2016, section 8.4.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  const stuck = model.nodes.find((node) => isWeighing(node) && isStuck(model, node));
  if (stuck !== undefined)
    return report(
      e,
      initPlace(e.texts, parameterOf(model, stuck, 'weight')?.range ?? stuck.range),
      stuck.name,
      initRemedies(
        e,
        model,
        model.nodes.filter((node) => node === stuck || (isWeighing(node) && isHiddenZero(model, node))),
      ),
    );
  const layers = ownLayers(model);
  const own = layers.find((layer) => isOwnStuck(model, layers, layer));
  return own === undefined ? passed : report(e, own.weight.range, own.weight.name, randomTensor(e, model, own));
}

function report(e: Evidence, range: SourceRange, name: string, remedy: Remedy | null): Outcome {
  return settle(
    e,
    'zero-init',
    remedy,
    (words, fixes) =>
      finding(
        'zero-init',
        'error',
        range,
        `The weights of the hidden layer ${name} start at zero, and so does their gradient: the layer never changes.${words}`,
        { fixes },
      ),
    clearlyBetter(lossSpan(e)),
  );
}

/** The same of tensors of the script's own, `x @ W + b`. */
function isOwnStuck(model: ModelGraph, layers: readonly OwnLayer[], layer: OwnLayer): boolean {
  const after = ownLayersAfter(model, layers, layer);
  if (after.length === 0 || constantValue(layer.weight.initializer) !== 0) return false;
  const silent = layer.bias === null || constantValue(layer.bias.initializer) === 0;
  if (silent && isOwnRectified(model, layer)) return true;
  return after.every(({ weight }) => constantValue(weight.initializer) === 0);
}

function isStuck(model: ModelGraph, node: ModelNode): boolean {
  const after = weighingAfter(model, node);
  if (after.length === 0 || !isZero(model, node, 'weight')) return false;
  const silent = isZero(model, node, 'bias') || node.parameters.bias === undefined;
  if (silent && isRectified(model, node)) return true;
  return after.every((next) => isZero(model, next, 'weight'));
}

/** Hidden weights of zero: beside a layer that is stuck, these must begin elsewhere too. */
const isHiddenZero = (model: ModelGraph, node: ModelNode): boolean =>
  isZero(model, node, 'weight') && weighingAfter(model, node).length > 0;

function isZero(model: ModelGraph, node: ModelNode, role: string): boolean {
  const spec = parameterOf(model, node, role);
  return spec !== undefined && constantValue(spec.initializer) === 0;
}
