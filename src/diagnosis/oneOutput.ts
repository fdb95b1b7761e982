import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LayerKind } from '../records/model/layers';
import { giveActivation, nameActivation, replaceWithin } from './edits';
import { isActivation, type LossNode } from './graphWalk';
import type { Remedy } from './removal';
import type { Evidence } from './rule';

/** Operations that leave each output where it is; reshaping may make classes of other axes. */
const inPlace: readonly LayerKind[] = ['log', 'clamp', 'softmax', 'logSoftmax', 'cast'];

/** The layers behind a loss, the last one first, as long as each output stays where it is. */
function layersBehind(model: ModelGraph, loss: LossNode): readonly ModelNode[] {
  const layers: ModelNode[] = [];
  let node = model.nodes[loss.inputs[0] ?? -1];
  while (node !== undefined) {
    layers.push(node);
    if (!inPlace.includes(node.kind) && !isActivation(node)) break;
    node = model.nodes[node.inputs[0] ?? -1];
  }
  return layers;
}

/** Whether a loss over classes gets one output for each row, so that it is always 0. */
export function isOfOneOutput(model: ModelGraph, loss: LossNode): boolean {
  if (loss.kind !== 'crossEntropy' && loss.kind !== 'nll') return false;
  const last = layersBehind(model, loss).at(-1);
  return last?.kind === 'linear' && last.arguments.out === 1;
}

/** Keras's loss and output for two classes in one output; null for other texts. */
export function asBinary(e: Evidence, model: ModelGraph, loss: LossNode): Remedy | null {
  const change = replaceWithin(
    e.texts,
    model.lossRange ?? loss.range,
    /(?:sparse_)?categorical_crossentropy/,
    'binary_crossentropy',
  );
  const layers = layersBehind(model, loss);
  const dense = layers.at(-1);
  if (change.length === 0 || dense === undefined) return null;
  const written = layers.map(({ range }) => nameActivation(e.texts, range, 'sigmoid')).find((edits) => edits.length > 0);
  const output = written ?? giveActivation(e.texts, dense.range, 'sigmoid');
  return output.length === 0 ? null : { title: 'Use binary cross-entropy and a sigmoid', edits: [...change, ...output] };
}
