import type { Size } from '../../graph/size';
import type { LayerKind } from '../../records/model/layers';
import { isRows } from '../interpret/shapes';
import type { TraceNode } from '../values/trace';

/** What stands in place of a node's own kind and arguments. */
export interface Changed {
  readonly kind: LayerKind;
  readonly arguments: object;
}

const rows: Size = { symbol: 'rows' };

/** Kinds that keep the first axis of their first input and do not join it with others. */
const moved: ReadonlySet<string> = new Set([
  'permute',
  'matmul',
  'concatenate',
  'sum',
  'mean',
  'take',
  'gather',
  'einsum',
  'squeeze',
  'unsqueeze',
]);

const first = (node: TraceNode): Size | null => node.shape?.[0] ?? null;

/** True for numbers in a shape that are as many as the batch has rows. */
const isCount = (size: Size | null): size is number => typeof size === 'number' && size > 1;

const shapeOf = ({ arguments: args }: TraceNode): readonly Size[] =>
  'shape' in args && Array.isArray(args.shape) ? (args.shape as Size[]) : [];

/**
 * Scripts write the batch size where they mean the rows of the batch: `torch.ones(64, 1)` beside a prediction, `x.view(64, -1)`,
 * `torch.randn(64, 100)`. The nodes among `nodes` (in order) that then have as many rows as the batch, so that a batch of another
 * size goes through as well. `batchSize` null when all rows are one batch.
 */
export function writtenRows(nodes: readonly TraceNode[], batchSize: number | null): ReadonlyMap<TraceNode, Changed> {
  const changed = new Map<TraceNode, Changed>();
  const known = new Set<TraceNode>();
  const follows = (node: TraceNode): boolean => known.has(node) || isRows(first(node));
  let before = -1;
  while (before !== changed.size + known.size) {
    before = changed.size + known.size;
    for (const node of nodes) {
      const reshaped =
        node.kind === 'reshape' && node.inputs[0] !== undefined && follows(node.inputs[0]) && shapeOf(node)[0] === batchSize;
      if (reshaped && batchSize !== null && change(node, batchSize, changed)) known.add(node);
      if (node.kind === 'source' || changed.has(node)) known.add(node);
      else if (
        isCount(first(node)) &&
        !moved.has(node.kind) &&
        node.kind !== 'reshape' &&
        node.inputs.some((x) => known.has(x) && first(x) !== null)
      )
        known.add(node);
      const [spread] = node.kind === 'expand' && follows(node) ? node.inputs : [];
      const size = spread ? first(spread) : null;
      if (spread && isCount(size) && !follows(spread)) change(spread, size, changed);
      if (node.inputs.length > 1) meet(node, follows, changed);
    }
  }
  return changed;
}

/** Where rows of the batch meet another tensor side by side, that one has as many. */
function meet(node: TraceNode, follows: (node: TraceNode) => boolean, changed: Map<TraceNode, Changed>): void {
  const isJoined = node.kind === 'concatenate' && 'axis' in node.arguments && node.arguments.axis === 0;
  if (isJoined || node.kind === 'matmul' || node.kind === 'take' || node.kind === 'einsum' || node.kind === 'attention') return;
  const leading = node.inputs.filter(follows);
  if (leading.length === 0) return;
  for (const other of node.inputs) {
    const size = first(other);
    const isSideBySide = leading.some((x) => x.shape?.length === other.shape?.length || node.shape?.length === 0);
    if (!follows(other) && isCount(size) && isSideBySide) change(other, size, changed);
  }
}

/** Makes `size` rows of a node the rows of the batch, where the node or what it is made of was written so; false when it was not. */
function change(node: TraceNode, size: number, changed: Map<TraceNode, Changed>): boolean {
  if (changed.has(node)) return true;
  const shape = shapeOf(node);
  const written = [rows, ...shape.slice(1)];
  switch (node.kind) {
    case 'noise':
    case 'filled':
    case 'expand':
    case 'reshape':
      if (shape[0] !== size) break;
      changed.set(node, { kind: node.kind, arguments: { ...node.arguments, shape: written } });
      return true;
    case 'values': {
      const numbers = 'values' in node.arguments ? (node.arguments.values as readonly number[]) : [];
      const [value] = numbers;
      if (shape[0] !== size || value === undefined || numbers.some((other) => other !== value)) return false;
      changed.set(node, { kind: 'filled', arguments: { shape: written, value } });
      return true;
    }
  }
  if (moved.has(node.kind) && node.kind !== 'matmul') return false;
  return node.inputs.filter((x) => first(x) === size).some((x) => change(x, size, changed));
}
