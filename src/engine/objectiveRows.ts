import { sizeOf } from '../graph/operations';
import { ancestors } from '../graph/traverse';
import type { ModelGraph, ModelNode } from '../records/model/graph';
import { batchesPerEpoch } from './batches';
import type { LoweringMode } from './lowerModel';
import type { Programs } from './programs';
import { areInOrder, emptyRows, gatherRows, type Elements, type RowTensor } from './rows';
import type { TrainingPlan } from './trainingPlan';

/** Memory that the intermediate values of one chunk may take, in bytes. */
const chunkBytes = 128 * 2 ** 20;
/** Rows of a chunk at most: more gain no speed. */
const chunkRows = 8192;

/** Rows that go through a program together, and the weight of their loss in the whole. */
export interface Chunk {
  readonly rows: number;
  readonly weight: number;
  /** Data views by port name. */
  readonly views: Readonly<Record<string, Elements>>;
}

/** The rows of an objective as chunks of at most two sizes. */
export function chunksOf(
  programs: Programs,
  plan: TrainingPlan,
  tensors: readonly RowTensor[],
  rows: Int32Array,
  batchNorm: LoweringMode['batchNorm'],
): Chunk[] {
  const size = chunkSize(programs, plan, rows.length, batchNorm);
  const ordered = areInOrder(rows);
  const gathered = tensors.map((tensor) => {
    if (ordered) return { tensor, values: tensor.values };
    const values = emptyRows(tensor, rows.length);
    gatherRows(tensor, rows, values);
    return { tensor, values };
  });
  const parts: { from: number; to: number }[] = [];
  for (let from = 0; from < rows.length; from += size) parts.push({ from, to: Math.min(rows.length, from + size) });
  const usable = parts.filter(({ from, to }, i) => i === 0 || programs.lower({ rows: to - from, batchNorm, dropout: false }).ok);
  const covered = usable.reduce((sum, { from, to }) => sum + to - from, 0);
  const sums = sumsOverRows(programs.setup.model);
  return usable.map(({ from, to }) => ({
    rows: to - from,
    weight: sums ? Math.min(plan.batches.batchSize, programs.setup.trainRows) / covered : (to - from) / covered,
    views: Object.fromEntries(
      gathered.map(({ tensor, values }) => [tensor.name, values.subarray(from * tensor.width, to * tensor.width)]),
    ),
  }));
}

/**
 * Batch norm on batch statistics goes in the script's own batches; else as many rows as memory bears,
 * in equal parts. A model that takes its batch size for granted keeps to that.
 */
function chunkSize(programs: Programs, plan: TrainingPlan, rows: number, batchNorm: LoweringMode['batchNorm']): number {
  const own = batchesPerEpoch(plan.batches) === 1 ? programs.setup.trainRows : plan.batches.batchSize;
  const script = programs.lower({ rows: own, batchNorm, dropout: false });
  if (script.ok && script.value.statistics.length > 0) return Math.min(rows, own);
  const bytes = script.ok ? bytesPerRow(script.value) : 0;
  const most = Math.max(1, Math.min(chunkRows, Math.floor(chunkBytes / Math.max(1, bytes))));
  const size = Math.ceil(rows / Math.ceil(rows / most));
  const fits = programs.lower({ rows: size, batchNorm, dropout: false }).ok;
  return fits ? size : Math.min(rows, own);
}

/** Bytes of intermediate values for each row of the batch, forward and backward together. */
function bytesPerRow({ rows, loss, values }: { readonly rows: number } & Pick<LoweredValues, 'loss' | 'values'>): number {
  const elements = ancestors([loss, ...values]).reduce(
    (sum, tensor) => sum + (tensor.shape[0] === rows ? sizeOf(tensor.shape) : 0),
    0,
  );
  return (3 * 4 * elements) / rows;
}

type LoweredValues = Extract<ReturnType<Programs['lower']>, { readonly ok: true }>['value'];

/** `x.size(0)`: a sum over it is a mean. */
const isNumberOfRows = (node: ModelNode | undefined): boolean =>
  node?.kind === 'size' &&
  typeof node.arguments.size === 'object' &&
  'symbol' in node.arguments.size &&
  node.arguments.size.symbol === 'rows';

/**
 * Whether the loss adds up rows instead of averaging them: then its size goes with the batch's, and an
 * objective is scaled to the script's own batch.
 */
export function sumsOverRows({ nodes, loss }: ModelGraph): boolean {
  const waiting = loss === null ? [] : [loss];
  const seen = new Set<number>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = nodes[next];
    if (node === undefined || seen.has(next)) continue;
    seen.add(next);
    if (node.kind === 'divide' && isNumberOfRows(nodes[node.inputs[1] ?? -1])) return false;
    if (node.kind === 'mean' && (node.arguments.axes === null || node.arguments.axes.includes(0))) return false;
    if (node.kind === 'sum' && (node.arguments.axes === null || node.arguments.axes.includes(0))) return true;
    if ('reduction' in node.arguments) {
      if (node.arguments.reduction !== 'none') return node.arguments.reduction === 'sum';
    }
    waiting.push(...node.inputs);
  }
  return false;
}
