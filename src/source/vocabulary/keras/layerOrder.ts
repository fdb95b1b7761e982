import type { KerasLayer, KerasPart, KerasTensor } from '../../values/estimators';
import { unreadable } from '../../values/value';

const inputLayers = new WeakMap<KerasTensor, KerasLayer>();

/**
 * `model.layers` of a functional model: its Inputs and parts, the farther from the outputs the earlier. Parts equally far stand
 * as they are met on the way from the outputs back (the order that Keras documents by `Model.summary`).
 */
export function layersInOrder(outputs: readonly KerasTensor[]): KerasPart[] {
  const { met, made } = walked(outputs);
  const depths = new Map<KerasTensor, number>();
  const farthest = new Map<KerasPart, number>();
  for (const tensor of [...made].reverse()) {
    const part = partOf(tensor);
    const depth = Math.max(depths.get(tensor) ?? 0, farthest.get(part) ?? 0);
    farthest.set(part, depth);
    for (const inner of tensor.inputs) depths.set(inner, Math.max(depths.get(inner) ?? 0, depth + 1));
  }
  // The sort keeps the order of parts that are equally far.
  return [...met].sort((a, b) => (farthest.get(b) ?? 0) - (farthest.get(a) ?? 0));
}

/** The parts as they are met from the outputs back, and the tensors, each behind those that it is made from. */
function walked(outputs: readonly KerasTensor[]): { met: Set<KerasPart>; made: Set<KerasTensor> } {
  const met = new Set<KerasPart>();
  const made = new Set<KerasTensor>();
  const visit = (tensor: KerasTensor, depth: number): void => {
    if (made.has(tensor) || depth > 300) return;
    met.add(partOf(tensor));
    for (const inner of tensor.inputs) visit(inner, depth + 1);
    made.add(tensor);
  };
  for (const tensor of outputs) visit(tensor, 0);
  return { met, made };
}

const partOf = (tensor: KerasTensor): KerasPart => tensor.part ?? inputLayer(tensor);

/** An Input as the layer that Keras counts it for: it hands on what it is given. */
function inputLayer(tensor: KerasTensor): KerasLayer {
  const known = inputLayers.get(tensor);
  if (known) return known;
  const layer: KerasLayer = {
    kind: 'kerasLayer',
    name: 'InputLayer',
    ordinal: 0,
    range: tensor.range,
    apply: (_, self, [given]) => given ?? unreadable('An Input is given nothing here', self.range),
    cells: {},
    inputShape: tensor.shape,
    penalties: [],
    label: tensor.label,
    trainable: true,
    adapted: null,
  };
  inputLayers.set(tensor, layer);
  return layer;
}
