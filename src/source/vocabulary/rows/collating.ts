import type { DataKind } from '../../../records/dataSteps';
import { plainCall, type Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { batchOfRows } from '../../interpret/windows';
import type { Array as DataArray, Dataset } from '../../values/dataValues';
import { listValue, unreadable, type Value } from '../../values/value';

/** Steps that make the same of a batch as of all rows, whatever the batch. */
const rowByRow: ReadonlySet<DataKind> = new Set<DataKind>([
  'cast',
  'toTensor',
  'literal',
  'add',
  'subtract',
  'multiply',
  'divide',
  'unary',
  'clip',
  'compare',
  'equals',
  'unsqueeze',
  'oneHot',
]);

/** One sample of the data set, standing for each of a batch. */
function sampleOf({ components, keys, bare }: Dataset): Value {
  const rows = components.map((component): Value => ({ ...component, row: true, loop: batchOfRows }));
  if (keys) return { kind: 'dict', entries: new Map(keys.flatMap((key, i) => (rows[i] ? [[key, rows[i]] as const] : []))) };
  return bare && rows[0] ? rows[0] : listValue(rows, 'tuple');
}

/** The data set whose batches are what `collate_fn` makes of lists of samples; unread when it does more than put them together. */
export function collated(dataset: Dataset, function_: Value, call: Call): Dataset | Value {
  const { program } = call.machine;
  const before = program.steps.length;
  const batch = callValue(call.machine, function_, plainCall(call, [listValue([sampleOf(dataset)])]));
  const unread = unreadable('What this collate function makes of a batch could not be read', call.range);
  const foreign = program.steps.slice(before).some((step) => !rowByRow.has(step.kind) && !isAlongRows(step));
  const items = batch.kind === 'list' ? batch.items : batch.kind === 'dict' ? [...batch.entries.values()] : [batch];
  const components: DataArray[] = [];
  for (const item of items) {
    if (item.kind === 'unknown' && item.reason) return item;
    if (item.kind !== 'array' || item.row) return unread;
    components.push(item);
  }
  if (foreign || components.length === 0) return unread;
  const { kind, range, attributes } = dataset;
  const keys = batch.kind === 'dict' ? { keys: [...batch.entries.keys()] } : {};
  return { kind, range, attributes, components, bare: batch.kind === 'array', ...keys };
}

/** Slices, places and new shapes behind the first axis. */
function isAlongRows(step: { readonly kind: DataKind; readonly arguments: object }): boolean {
  if (step.kind === 'select') return true;
  if (step.kind !== 'slice' && step.kind !== 'index' && step.kind !== 'squeeze' && step.kind !== 'stack') return false;
  return 'axis' in step.arguments && typeof step.arguments.axis === 'number' && step.arguments.axis > 0;
}
