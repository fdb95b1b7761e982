import type { DataStatistics } from '../records/dataset';
import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { Size } from '../graph/size';
import { isActivation, isNorm, targetRowShape } from './graphWalk';

/** Shape of one row of a tensor; a size that is not known is null. */
export type RowShape = readonly (number | null)[];

const known = (size: Size): number | null => (typeof size === 'number' && size >= 0 ? size : null);

/** The shape of one row of node `index`, as far as layers and data tell; null when even its rank is unknown. */
export function rowShape(model: ModelGraph, statistics: DataStatistics, index: number): RowShape | null {
  const node = model.nodes[index];
  if (node === undefined) return null;
  if (node.kind === 'input')
    return statistics.isImage || model.nodes.filter(({ kind }) => kind === 'input').length > 1
      ? null
      : isVector(model, statistics, index)
        ? []
        : [statistics.columns.length];
  if (node.kind === 'target') return node.arguments.index === 0 ? targetRowShape(statistics) : null;
  const source = rowShape(model, statistics, node.inputs[0] ?? -1);
  return source === null ? afterUnknown(node) : after(node, source);
}

/** One column may come as a vector; then the model gives its rows an axis first. */
const isVector = (model: ModelGraph, statistics: DataStatistics, index: number): boolean =>
  statistics.columns.length === 1 && model.nodes.some(({ kind, inputs }) => kind === 'unsqueeze' && inputs[0] === index);

/** Layers whose result has a known shape whatever came in. */
function afterUnknown(node: ModelNode): RowShape | null {
  return node.kind === 'flatten' && node.arguments.start === 1 && node.arguments.end === -1 ? [null] : null;
}

function after(node: ModelNode, source: RowShape): RowShape | null {
  switch (node.kind) {
    case 'linear':
      return [...source.slice(0, -1), known(node.arguments.out)];
    case 'flatten':
      return node.arguments.start === 1 && node.arguments.end === -1
        ? [source.reduce<number | null>((p, s) => (p === null || s === null ? null : p * s), 1)]
        : null;
    case 'squeeze':
      return squeezed(source, node.arguments.axis);
    case 'unsqueeze':
      return unsqueezed(source, node.arguments.axis);
    case 'reshape':
      return node.arguments.shape.slice(1).map(known);
    case 'softmax':
    case 'logSoftmax':
    case 'cast':
    case 'dropout':
      return source;
    default:
      return isActivation(node) || isNorm(node) ? source : null;
  }
}

/** Axes count the rows as axis 0. */
function squeezed(source: RowShape, axis: number | null): RowShape | null {
  if (axis === null) return source.includes(null) ? null : source.filter((size) => size !== 1);
  const at = axis < 0 ? source.length + axis : axis - 1;
  if (at < 0 || source[at] === null) return null;
  return source[at] === 1 ? source.filter((_, i) => i !== at) : source;
}

function unsqueezed(source: RowShape, axis: number): RowShape | null {
  const at = axis < 0 ? source.length + 1 + axis : axis - 1;
  return at < 0 ? null : [...source.slice(0, at), 1, ...source.slice(at)];
}
