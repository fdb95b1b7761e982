import type { DataStatistics } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { ModelGraph, ModelNode, ModelNodeOf } from '../records/model/graph';
import type { LayerKind } from '../records/model/layers';

const lossKinds = ['crossEntropy', 'nll', 'bce', 'bceWithLogits', 'mse', 'l1', 'huber', 'smoothL1', 'klDivergence'] as const;
export type LossKind = (typeof lossKinds)[number];
export type LossNode = { [K in LossKind]: ModelNodeOf<K> }[LossKind];

const isLoss = (node: ModelNode): node is LossNode => (lossKinds as readonly LayerKind[]).includes(node.kind);

/** The library losses that the scalar is made of. */
export const lossNodes = (model: ModelGraph): readonly LossNode[] => model.nodes.filter(isLoss);

/** Operations that move or retype values and leave each as it is. */
const carrying: readonly LayerKind[] = ['reshape', 'flatten', 'squeeze', 'unsqueeze', 'permute', 'cast', 'slice', 'concatenate'];

/** Layers that weigh their inputs with parameters. */
const weighing: readonly LayerKind[] = ['linear', 'conv1d', 'conv2d', 'conv3d'];
const norms: readonly LayerKind[] = ['batchNorm', 'layerNorm', 'groupNorm'];

/** Activations by what they do to a signal. */
export const rectifiers: readonly LayerKind[] = ['relu', 'relu6'];
export const squashing: readonly LayerKind[] = ['sigmoid', 'hardSigmoid', 'tanh', 'hardTanh', 'softsign'];
const activations: readonly LayerKind[] = [
  ...rectifiers,
  ...squashing,
  'leakyRelu', 'prelu', 'elu', 'selu', 'celu', 'gelu', 'silu', 'mish', 'logSigmoid', 'tanhshrink', 'hardSwish', 'softplus', 'softshrink', 'hardshrink', 'threshold',
]; // prettier-ignore

/** A layer that weighs its inputs with parameters. */
export type WeighingNode = { [K in 'linear' | 'conv1d' | 'conv2d' | 'conv3d']: ModelNodeOf<K> }[
  'linear' | 'conv1d' | 'conv2d' | 'conv3d'];

export const isWeighing = (node: ModelNode): node is WeighingNode => weighing.includes(node.kind);
export const isRecurrent = ({ kind }: ModelNode): boolean => kind === 'rnn' || kind === 'lstm' || kind === 'gru';
export const isNorm = (node: ModelNode): boolean => norms.includes(node.kind);
export const isActivation = (node: ModelNode): boolean => activations.includes(node.kind);
export const isCarrying = (node: ModelNode): boolean => carrying.includes(node.kind);

/** Keras keeps probabilities off 0 and 1 before it takes their logarithm. */
const clipsProbabilities = (node: ModelNode): boolean =>
  node.kind === 'clamp' && node.arguments.low === 1e-7 && node.arguments.high === 1 - 1e-7;

/**
 * The layer whose values a loss takes for probabilities or logits. Keras's cross-entropy takes the logarithm of what is no softmax,
 * so that it stands for probabilities there.
 */
export function scored(
  model: ModelGraph,
  loss: LossNode,
): { readonly layer: ModelNode; readonly asProbabilities: boolean } | null {
  const made = maker(model, loss.inputs[0] ?? -1);
  const clipped = made?.kind === 'log' ? model.nodes[made.inputs[0] ?? -1] : undefined;
  const logarithm = loss.kind === 'crossEntropy' && made !== null && clipped !== undefined && clipsProbabilities(clipped);
  const layer = logarithm ? maker(model, made.inputs[0] ?? -1) : made;
  return layer === null ? null : { layer, asProbabilities: logarithm };
}

/** The node that made the values of node `index`, through operations that only move them. */
export function maker(model: ModelGraph, index: number): ModelNode | null {
  let node = model.nodes[index];
  while (node !== undefined && (isCarrying(node) || clipsProbabilities(node))) node = model.nodes[node.inputs[0] ?? -1];
  return node ?? null;
}

/** Nodes that take the values of node `index`, through operations that only move them. */
export function takers(model: ModelGraph, index: number): readonly ModelNode[] {
  return model.nodes.flatMap((node, at) => {
    if (!node.inputs.includes(index)) return [];
    return isCarrying(node) ? takers(model, at) : [node];
  });
}

export const nodeNamed = (model: ModelGraph, name: string): ModelNode | undefined =>
  model.nodes.find((node) => node.name === name);

/** The weighing layers in forward order. */
export const weighingNodes = (model: ModelGraph) => model.nodes.filter(isWeighing);

/** Whether the values of this activation are the model's output, so that being saturated is what it is for. */
export function isOutput(model: ModelGraph, node: ModelNode): boolean {
  return takersOf(model, node).every(
    (taker) => model.nodes.indexOf(taker) >= model.lossStart || taker.kind === 'softmax' || taker.kind === 'logSoftmax',
  );
}

const takersOf = (model: ModelGraph, node: ModelNode): readonly ModelNode[] => takers(model, model.nodes.indexOf(node));

/** Whether a layer acts differently in training and in evaluation. */
export const hasModes = (model: ModelGraph): boolean =>
  model.nodes.some(
    (node) => (node.kind === 'dropout' && node.arguments.p > 0) || (node.kind === 'batchNorm' && node.arguments.trackStatistics),
  );

/** Smallest value that the loss can take; null when it has none that is known. */
export function lossFloor({ model }: Experiment): number {
  const [loss] = model === null ? [] : lossNodes(model);
  if (loss?.kind !== 'crossEntropy' || loss.arguments.labelSmoothing === 0 || model === null) return 0;
  const classes = outputClasses(model);
  return classes === null ? 0 : smoothingFloor(loss.arguments.labelSmoothing, classes);
}

/** Cross-entropy at the best fit of smoothed labels: the entropy of (1-ε+ε/K, ε/K, …). */
function smoothingFloor(smoothing: number, classes: number): number {
  const other = smoothing / classes;
  const right = 1 - smoothing + other;
  return -right * Math.log(right) - (classes - 1) * other * Math.log(other);
}

/** Width of the last weighing layer when it is a plain number. */
export function outputClasses(model: ModelGraph): number | null {
  const node = weighingNodes(model).at(-1);
  if (node === undefined) return null;
  const width = node.kind === 'linear' ? node.arguments.out : node.arguments.outChannels;
  return typeof width === 'number' ? width : null;
}

/** Shape of one row's target; null when unknown. */
export function targetRowShape(statistics: DataStatistics): readonly number[] {
  const { shape } = statistics.target;
  return shape.length > 0 && shape[0] === statistics.rows ? shape.slice(1) : shape;
}
