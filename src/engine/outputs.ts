import { ancestors } from '../graph/traverse';
import type { Tensor } from '../graph/operations';
import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LayerKind } from '../records/model/layers';
import type { LoweredModel } from './lowerModel';

/**
 * Losses that are convex in their first input, with what the Gauss-Newton matrix is there: the Fisher matrix of the model's distribution,
 * or not.
 */
const convexLosses: { readonly [K in LayerKind]?: 'fisher' | 'convex' } = {
  crossEntropy: 'fisher',
  bceWithLogits: 'fisher',
  nll: 'fisher',
  bce: 'fisher',
  mse: 'convex',
  huber: 'convex',
  smoothL1: 'convex',
};

/** Where a probability or its logarithm is taken from scores: the loss is convex in these scores, and not in what is made of them. */
const links: { readonly [K in LayerKind]?: LayerKind } = { nll: 'logSoftmax', bce: 'sigmoid' };

/** The model's outputs in which its loss is convex. */
export interface NaturalOutputs {
  readonly tensor: Tensor;
  /** True where the Gauss-Newton matrix there is the Fisher matrix of the model's distribution. */
  readonly isFisher: boolean;
}

/**
 * The tensor in which the loss is convex and through which alone the parameters reach it, so that the Gauss-Newton matrix is defined and
 * positive semidefinite; null where there is none.
 */
export function naturalOutputs(
  model: ModelGraph,
  { values, loss }: LoweredModel,
  trained: readonly Tensor[],
): NaturalOutputs | null {
  const losses = model.nodes.filter(({ kind }) => convexLosses[kind] !== undefined);
  const [node] = losses;
  if (node === undefined || losses.length > 1) return null;
  const place = scoresOf(model, node);
  const tensor = place === null ? undefined : values[place];
  if (tensor === undefined || trained.some((parameter) => ancestors([loss], new Set([tensor])).includes(parameter))) return null;
  return { tensor, isFisher: convexLosses[node.kind] === 'fisher' && !isWeighted(node) };
}

/** The node whose values the loss is convex in; null where a likelihood is not fed by its link. */
function scoresOf(model: ModelGraph, node: ModelNode): number | null {
  const place = node.inputs[0] ?? -1;
  const link = links[node.kind];
  if (link === undefined) return place;
  const before = model.nodes[place];
  return before?.kind === link ? (before.inputs[0] ?? null) : null;
}

/** Classes that weigh differently, or places that are left out, make it another matrix than the distribution's own. */
function isWeighted(node: ModelNode): boolean {
  if (node.kind === 'crossEntropy' || node.kind === 'nll') return node.arguments.weight !== null;
  return node.kind === 'bceWithLogits' && node.arguments.positiveWeight !== null;
}
