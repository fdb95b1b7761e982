import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { IndexCheck } from './layers/lowering';
import type { RowTensor } from './rows';

/**
 * The model with no ignored class in those losses that never meet it: a third of the nodes of a small step would only ask each row for
 * it. Targets that are not the data's own keep what the script says.
 */
export function withoutIgnored(model: ModelGraph, checks: readonly IndexCheck[], tensors: readonly RowTensor[]): ModelGraph {
  const meetsNone = (node: ModelNode): boolean => {
    const own = checks.filter((check) => check.node === node);
    return own.length > 0 && own.every((check) => neverHolds(check, tensors));
  };
  return { ...model, nodes: model.nodes.map((node) => (meetsNone(node) ? ignoringNothing(node) : node)) };
}

function ignoringNothing(node: ModelNode): ModelNode {
  if (node.kind === 'crossEntropy') return { ...node, arguments: { ...node.arguments, ignoreIndex: null } };
  if (node.kind === 'nll') return { ...node, arguments: { ...node.arguments, ignoreIndex: null } };
  return node;
}

/** Whether no number of the check's tensor can become the ignored one, rounded or made positive as it may be on its way. */
function neverHolds({ source, ignored }: IndexCheck, tensors: readonly RowTensor[]): boolean {
  if (ignored === null) return true;
  const becomes = (value: number): boolean => Math.abs(value - ignored) < 1 || Math.abs(Math.abs(value) - ignored) < 1;
  return tensors.every(({ name, values }) => name !== source || !values.some(becomes));
}
