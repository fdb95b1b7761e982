import type { SourceRange } from '../../records/source';
import { byDefault } from '../values/origin';
import type { Array as DataArray } from '../values/dataValues';
import type { TraceNode } from '../values/trace';
import type { LoopContext } from '../values/value';
import type { Machine } from './machine';

/** Kinds that make the same of one row alone and of a batch that holds nothing but this row. */
const alike: ReadonlySet<string> = new Set(
  (
    'source constant parameter linear dropout relu relu6 leakyRelu elu selu celu gelu silu mish sigmoid logSigmoid tanh ' +
    'hardTanh hardSwish softplus softsign add subtract multiply divide power negate exp log sqrt abs cast stopGradient sum mean ' +
    'mse l1 huber smoothL1 bce bceWithLogits crossEntropy nll'
  ).split(' '),
);

/** The loop around whose passes go through the rows of which `array` is one; null when there is none. */
export const loopOfRow = (m: Machine, array: DataArray): LoopContext | null =>
  array.row && array.loop !== null ? (m.loops.find((loop) => loop.id === array.loop) ?? null) : null;

/**
 * One row of data in a loop over rows, as a batch of one. A row that the script gives the shape [1, ...] is such a batch; any other one has an axis less
 * than the batch, so that only what makes the same of both may follow.
 */
export function singleRow(m: Machine, array: DataArray, loop: LoopContext, range: SourceRange): TraceNode {
  const { shape } = array;
  const made = m.program.steps[array.step];
  const inPass = array.step >= loop.firstStep;
  const given = inPass && (made?.kind === 'reshape' || (made?.kind === 'unsqueeze' && made.arguments.axis === 1));
  const isBatch = given && shape !== null && shape.length > 1 && shape[1] === 1;
  const step = isBatch ? m.program.add('index', { axis: 1, at: 0 }, [array.step], range) : array.step;
  const batch = {
    sampling: 'epochs',
    batchSize: byDefault(1, loop.head),
    shuffle: byDefault(false, loop.head),
    dropLast: false,
    range: loop.head,
    loop,
    ...(isBatch ? {} : { withoutAxis: true as const }),
  } as const;
  const rows = isBatch ? [shape[0] ?? null, ...shape.slice(2)] : shape;
  return m.trace.source(step, batch, rows, array.integer === true, array.range);
}

/** A node that would make something else of a batch than of a single row; null when there is none. */
export function unlikeSingleRow(nodes: readonly TraceNode[]): TraceNode | null {
  if (!nodes.some((node) => node.source?.batch?.withoutAxis)) return null;
  return nodes.find((node) => !(alike.has(node.kind) || spread.has(node)) || hasAxes(node) || ranksDiffer(node)) ?? null;
}

/** A sum or mean along an axis, which a batch has at another place. */
const hasAxes = ({ arguments: args }: TraceNode): boolean => 'axes' in args && args.axes !== null;

/** Two inputs of which one has an axis more: spread over each other by single rows, they would be so over a whole batch. */
function ranksDiffer({ kind, inputs }: TraceNode): boolean {
  if (inputs.length < 2 || kind === 'linear') return false;
  const ranks = inputs
    .filter((input) => input.shape === null || input.shape.length > 0)
    .map((input) => input.shape?.length ?? -1);
  if (kind === 'crossEntropy' || kind === 'nll') return ranks.includes(-1);
  return ranks.includes(-1) || new Set(ranks).size > 1;
}

const elementwise: ReadonlySet<string> = new Set(
  'add subtract multiply divide mse l1 huber smoothL1 bce bceWithLogits'.split(' '),
);

/** Single numbers that stand beside rows of one entry. */
const spread = new WeakSet<TraceNode>();

/** Of two inputs the number that comes with a single row gets an axis for its one entry, as it would be spread over the other's. */
export function besideSingleRow(m: Machine, kind: string, nodes: readonly TraceNode[], range: SourceRange): readonly TraceNode[] {
  const ranks = nodes.map(({ shape }) => shape?.length ?? -1);
  const most = Math.max(...ranks);
  if (nodes.length !== 2 || !elementwise.has(kind) || ranks.includes(-1)) return nodes;
  return nodes.map((node, i) => {
    if (!node.source?.batch?.withoutAxis || ranks[i] !== 1 || most !== 2) return node;
    const made = m.trace.add('unsqueeze', { axis: 1 }, [node], range);
    spread.add(made);
    return made;
  });
}
