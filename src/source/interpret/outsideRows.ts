import type { Size } from '../../graph/size';
import type { LayerKind } from '../../records/model/layers';
import type { Reason, SourceRange, Sourced } from '../../records/source';
import type { Array as DataArray, Outside } from '../values/dataValues';
import { byDefault, sourced } from '../values/origin';
import type { TraceNode } from '../values/trace';
import { tensorValue, type LoopContext, type UnknownValue, type Value } from '../values/value';
import type { Call } from './call';
import { notKnown, type Machine } from './machine';
import { lifted } from './tensors';

/** A value that comes from outside of what is read. */
export type OutsideValue = UnknownValue & { readonly reason: Reason; readonly outside: Outside };

export const isOutside = (value: Value): value is OutsideValue =>
  value.kind === 'unknown' && value.outside !== undefined && value.reason !== null;

/** A value that the script gets in a way that is not read, without a model's part in it; `batching` where a loader is made of it. */
export const fromOutside = (reason: Reason, batching: Outside['batching'] = null): OutsideValue => ({
  kind: 'unknown',
  reason,
  outside: { batching, batch: null, rows: batching !== null },
});

/** What is not read, once the script makes batches of so many rows of it; their order is not known. */
export function inBatches(
  value: UnknownValue & { readonly reason: Reason },
  batchSize: Sourced<number>,
  range: SourceRange,
): OutsideValue {
  const batching = { sampling: 'epochs', batchSize, shuffle: byDefault(true, range), dropLast: false, range } as const;
  return isOutside(value) && value.outside.batch ? value : fromOutside(value.reason, batching);
}

/** What the call of `callee.batch(n)` gives, for a stream that is not read; null for other calls. */
export function batchesOfUnread(stream: Value, method: string, call: Call): Value | null {
  const size = method === 'batch' ? (call.positional[0] ?? call.keywords.get('batch_size')) : undefined;
  if (stream.kind !== 'unknown' || stream.reason === null || size?.value.kind !== 'number') return null;
  const { reason } = stream;
  return inBatches({ ...stream, reason }, sourced(size.value.value, size.value.origin, size.range), call.range);
}

/** A name that the script imports from where it is not read, in the place of rows; any other value as it is. */
export const orImported = (value: Value, range: SourceRange): Value =>
  value.kind === 'external' ? fromOutside(notKnown(value.path, range)) : value;

/** One of several values that make up `value`: other rows than the next one. */
export const partOfOutside = (value: OutsideValue): OutsideValue => ({ ...value });

/** The same place without a claim that it holds data: what a function makes of it may be anything. */
export const noRows = ({ reason }: OutsideValue): UnknownValue => ({ kind: 'unknown', reason });

/** Rows that a batch has where nothing says how many. */
const usualBatch = 32;

/** What one pass of `loop` over `value` gives; where nothing says so, batches are taken to be of the usual size and mixed. */
export function batchFromOutside(m: Machine, value: OutsideValue, loop: LoopContext): OutsideValue {
  const { range } = value.reason;
  const { batching } = value.outside;
  if (!batching) m.assume(`Batches of ${usualBatch} mixed rows are taken where the script does not say how they are made`, range);
  const made = batching ?? {
    sampling: 'epochs' as const,
    batchSize: byDefault(usualBatch, range),
    shuffle: byDefault(true, range),
    dropLast: false,
    range,
  };
  return { ...value, outside: { batching, batch: { ...made, loop }, rows: true } };
}

/** One step for each value, however often it is used. */
const steps = new WeakMap<OutsideValue, DataArray>();

/** The rows that a value from outside stands for, in a shape that is not known. */
export function rowsFromOutside(m: Machine, value: OutsideValue): DataArray {
  const known = steps.get(value);
  if (known) return known;
  const { text, range } = value.reason;
  const rows: DataArray = {
    kind: 'array',
    step: m.program.add('unread', { text, shape: null }, [], range),
    flavour: 'torch',
    shape: null,
    integer: null,
    columns: null,
    range,
    loop: null,
    mask: false,
    row: false,
    fault: null,
  };
  m.program.results.set(rows.step, { ...rows });
  steps.set(value, rows);
  return rows;
}

/** A value from outside as the rows that it stands for; any other value as it is. */
export function arrayOr(m: Machine, given: Value, range: SourceRange): Value {
  const value = orImported(given, range);
  return isOutside(value) ? rowsFromOutside(m, value) : value;
}

/** The same rows in the shape that a model says one of them has; sizes that it leaves open are not known. */
export function shapedRows(m: Machine, rows: DataArray, shape: readonly (Size | null)[]): DataArray {
  const step = m.program.steps[rows.step];
  const known = shape.flatMap((size) => size ?? []);
  if (step?.kind === 'unread' && known.length === shape.length)
    m.program.steps[rows.step] = { ...step, arguments: { ...step.arguments, shape: known } };
  return { ...rows, shape: [null, ...shape] };
}

/** Whether an array comes, by whatever changes, from rows of which the script does not say the shape. */
export const isUnread = (m: Machine, array: DataArray): boolean => whyUnread(m, array) !== null;

/** Why the rows that an array comes from, by whatever changes, are not read; null for others. */
export function whyUnread(m: Machine, array: DataArray): Reason | null {
  const ways = [array.step];
  for (const at of ways) {
    const step = m.program.steps[at];
    if (step?.kind === 'unread') return { text: step.arguments.text, range: step.range };
    for (const input of step?.inputs ?? []) if (!ways.includes(input)) ways.push(input);
  }
  return null;
}

/** Rows of one batch, or all of them, as a node of the graph. */
export function nodeFromOutside(m: Machine, value: OutsideValue): TraceNode {
  const rows = rowsFromOutside(m, value);
  return m.trace.source(rows.step, value.outside.batch, null, false, rows.range);
}

/** Parts of a batch that were taken out of it by a name or number, each once. */
const parts = new WeakMap<OutsideValue, Map<string, Value>>();

/** Entry `key` of a batch from outside. */
export function entryFromOutside(m: Machine, value: OutsideValue, key: string): Value {
  let known = parts.get(value);
  if (!known) parts.set(value, (known = new Map()));
  const kept = known.get(key);
  if (kept) return kept;
  const made = tensorValue(nodeFromOutside(m, partOfOutside(value)));
  known.set(key, made);
  return made;
}

const plainKinds: ReadonlySet<Value['kind']> = new Set<Value['kind']>(['number', 'string', 'boolean', 'none', 'external']);

const isPlain = (value: Value): boolean =>
  plainKinds.has(value.kind) || ((value.kind === 'list' || value.kind === 'dict') && itemsOf(value).every(isPlain));

const itemsOf = (value: Value & { readonly kind: 'list' | 'dict' }): readonly Value[] =>
  value.kind === 'list' ? value.items : [...value.entries.values()];

const argumentsOf = (call: Call): readonly Value[] => [...call.positional, ...call.keywords.values()].map(({ value }) => value);

/** Whether a call is given nothing that a model may have had a part in. */
export const hasOnlyPlain = (call: Call): boolean => argumentsOf(call).every(isPlain);

const ofData = (value: Value): boolean =>
  isOutside(value) || isPlain(value) || value.kind === 'array' || (value.kind === 'list' && value.items.every(ofData));

/** A value that is unknown for one reason, and of which nothing else is known. */
const isBare = (value: Value): value is UnknownValue & { readonly reason: Reason } =>
  value.kind === 'unknown' && value.reason !== null && Object.keys(value).length === 2;

/**
 * What a library makes of data, where the reader cannot tell what that is: rows from outside, unless a model may have had
 * a part in them.
 */
export function carriedRows(made: Value, call: Call, receiver: readonly Value[] = []): Value {
  if (made.kind !== 'unknown') return made;
  const given = [...receiver, ...argumentsOf(call)];
  if (isOutside(made) && (made.outside.batch || !given.includes(made))) return made;
  if (!given.every(ofData)) return made;
  const rows = given.find(isOutside);
  if (rows) return rows.outside.batch ? made : { ...partOfOutside(rows), outside: { ...rows.outside, rows: true } };
  return isBare(made) ? fromOutside(made.reason) : made;
}

/** The shape of rows, as the first layer that takes them says it, where nothing else does. */
export function learnShape(m: Machine, kind: LayerKind, args: object, node: TraceNode | undefined): void {
  if (node?.kind !== 'source' || node.shape !== null || !node.source) return;
  const { step } = node.source;
  if (m.program.steps[step]?.kind !== 'unread') return;
  const free = (axis: number): Size => m.program.symbol(step, { kind: 'size', axis });
  const width = 'in' in args ? args.in : 'inChannels' in args ? args.inChannels : null;
  const axes = { linear: 0, conv1d: 1, conv2d: 2, conv3d: 3 }[kind as string];
  if (axes === undefined || width === null) return;
  node.shape = [{ symbol: 'rows' }, width as Size, ...Array.from({ length: axes }, (_, i) => free(i + 2))];
}

/** What a loss compares with, as a node of the graph: rows from outside are some. */
export function liftedTarget(m: Machine, given: Value, range: SourceRange): TraceNode | null {
  const value = orImported(given, range);
  return isOutside(value) ? nodeFromOutside(m, value) : lifted(m, value, range);
}
