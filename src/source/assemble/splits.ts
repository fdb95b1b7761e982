import type { Batches, SplitRecipe } from '../../records/experiment';
import type { Reason, SourceRange } from '../../records/source';
import type { Machine } from '../interpret/machine';
import { byDefault } from '../values/origin';
import type { BatchOrigin, TraceNode } from '../values/trace';
import type { EventOf, UnitEvents } from './unitEvents';
import { evaluationForwards } from './loop';
import type { BuiltModel } from './modelGraph';
import { ancestors, inOrder } from './walk';

/** Data steps of the rows that enter as inputs and targets; still in the program's own numbering. */
export function splitOf(inputs: readonly TraceNode[], targets: readonly TraceNode[], fallback: SourceRange): SplitRecipe | null {
  if (inputs.length === 0) return null;
  return {
    inputs: inputs.flatMap((n) => n.source?.step ?? []),
    targets: targets.flatMap((n) => n.source?.step ?? []),
    inputRange: inputs[0]?.source?.range ?? fallback,
    targetRange: targets[0]?.source?.range ?? fallback,
  };
}

/** A row that nothing reads, for a loss of the parameters alone: its graph has neither rows nor drawn numbers. */
export function rowOfNone(m: Machine, model: BuiltModel | null, loss: TraceNode | null, place: SourceRange): SplitRecipe | null {
  const ofParameters = model?.problems.length === 0 && model.inputs.length + model.targets.length === 0;
  if (!ofParameters || loss === null || model.graph.nodes.some(({ kind }) => fromElsewhere.has(kind))) return null;
  const step = m.program.add('filled', { shape: [1, 1], value: 0 }, [], place);
  return { inputs: [step], targets: [], inputRange: place, targetRange: place };
}

const fromElsewhere: ReadonlySet<string> = new Set(['input', 'target', 'noise']);

/** The one way in which all rows are made into batches; a problem when there are several. */
export function batchOrigin(sources: readonly TraceNode[]): {
  readonly batch: BatchOrigin | null;
  readonly problem: Reason | null;
} {
  const origins = sources.map((n) => n.source?.batch ?? null);
  const first = origins[0] ?? null;
  const other = sources.find((_, i) => !sameOrigin(origins[i] ?? null, first));
  const problem = other ? { text: 'Not all rows are made into batches in the same way', range: other.range } : null;
  return { batch: first, problem };
}

function sameOrigin(a: BatchOrigin | null, b: BatchOrigin | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.sampling === b.sampling &&
    a.batchSize.value === b.batchSize.value &&
    a.loop === b.loop &&
    a.order === b.order &&
    a.shuffle.value === b.shuffle.value
  );
}

export function batchesOf(batch: BatchOrigin | null, fallback: SourceRange): Batches {
  if (!batch) return { sampling: 'full', batchSize: null, shuffle: byDefault(false, fallback), dropLast: false, range: fallback };
  return {
    sampling: batch.sampling,
    batchSize: batch.batchSize,
    shuffle: batch.shuffle,
    dropLast: batch.dropLast,
    range: batch.range,
  };
}

/** Rows that the script evaluates its model on and does not train on; null when it does not, or when they could not be paired. */
export function validationSplit(
  unit: UnitEvents,
  training: EventOf<'forward'> | null,
  train: SplitRecipe | null,
  nodes: readonly TraceNode[],
): SplitRecipe | null {
  if (!train) return null;
  for (const forward of evaluationForwards(unit, training)) {
    const said = forward.rows && fittedRows(forward.rows, forward.range);
    if (said && said.inputs.length === train.inputs.length && said.targets.length === train.targets.length) return said;
    if (forward.output.kind !== 'tensor') continue;
    const below = ancestors([forward.output.node]);
    const inputs = inOrder(below).filter((n) => n.kind === 'source');
    const steps = inputs.flatMap((n) => n.source?.step ?? []);
    if (steps.length !== train.inputs.length || steps.every((s, i) => s === train.inputs[i])) continue;
    const targets = comparedWith(forward.output.node, below, nodes, train.targets.length);
    if (targets.length === train.targets.length) return splitOf(inputs, targets, forward.range);
  }
  return null;
}

/** The rows that a library's call evaluates on, as far as the loss needs them. */
function fittedRows(rows: NonNullable<EventOf<'forward'>['rows']>, range: SourceRange): SplitRecipe | null {
  const below = ancestors([rows.loss]);
  const needed = (nodes: readonly TraceNode[]): TraceNode[] =>
    nodes.filter((node) => node.kind === 'source' && below.has(node)).sort((a, b) => a.id - b.id);
  return splitOf(needed(rows.inputs), needed(rows.targets), range);
}

/** Rows that are met together with `output` in a later operation: the labels it is compared with. */
function comparedWith(
  output: TraceNode,
  below: ReadonlySet<TraceNode>,
  nodes: readonly TraceNode[],
  wanted: number,
): TraceNode[] {
  const from = new Set<TraceNode>([output]);
  for (const node of nodes.slice(output.id + 1, output.id + 400)) {
    if (!node.inputs.some((input) => from.has(input))) continue;
    from.add(node);
    const others = node.inputs.filter((input) => !from.has(input));
    const sources = inOrder(ancestors(others)).filter((n) => n.kind === 'source' && !below.has(n));
    // A single number that is printed beside the output is no row.
    if (sources.some(({ shape }) => shape?.length === 0)) continue;
    if (sources.length > 0 && sources.length === wanted) return sources;
  }
  return [];
}
