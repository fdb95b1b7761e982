import { combineSizes, type Size } from '../../../graph/size';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { inBatches } from '../../interpret/outsideRows';
import { axisSize, dataStep } from '../../interpret/tensors';
import type { Sourced } from '../../../records/source';
import type { Array as DataArray, Dataset, Loader } from '../../values/dataValues';
import { none, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { asTensor } from '../tables/tables';

interface Windows {
  readonly length: number;
  readonly stride: number;
  readonly count: Size;
}

/** Rows of `length` consecutive entries each: [count, length, ...]. */
function windowsOf(data: DataArray, { length, stride, count }: Windows, call: Call): DataArray {
  const shape = data.shape ? [typeof count === 'number' ? count : null, length, ...data.shape.slice(1)] : null;
  return dataStep(call.machine, 'windows', { length, first: 0, stride, count }, [data], call.range, { shape });
}

/** Windows of entries that stand `rate` apart. */
function sparseWindows(data: DataArray, { length, stride, count }: Windows, rate: number, call: Call): DataArray {
  const whole = windowsOf(data, { length: (length - 1) * rate + 1, stride, count }, call);
  if (rate === 1) return whole;
  const shape = whole.shape && [whole.shape[0] ?? null, length, ...whole.shape.slice(2)];
  return dataStep(call.machine, 'slice', { axis: 1, start: null, end: null, step: rate }, [whole], call.range, { shape });
}

/** How many windows begin `stride` apart at the first `places` entries. */
const countOf = (places: Size, stride: number): Size =>
  stride === 1 ? places : combineSizes('//', combineSizes('+', places, stride - 1), stride);

/** Every `stride`-th entry from `start` on, `count` of them. */
function entriesFrom(data: DataArray, start: number, stride: number, count: Size, call: Call): DataArray {
  const end = combineSizes('+', combineSizes('*', combineSizes('-', count, 1), stride), start + 1);
  const shape = data.shape ? [typeof count === 'number' ? count : null, ...data.shape.slice(1)] : null;
  return dataStep(call.machine, 'slice', { axis: 0, start, end, step: stride }, [data], call.range, { shape });
}

const batchesOf = (dataset: Dataset, batchSize: Sourced<number>, shuffle: Sourced<boolean>, range: Call['range']): Loader => ({
  kind: 'loader',
  dataset,
  batchSize,
  full: false,
  shuffle,
  replacement: false,
  dropLast: false,
  range,
});

/** Refuses what is given beside what is followed; null when nothing is. */
function refusal(a: Arguments, plain: Readonly<Record<string, number>>): Value | null {
  for (const [name, usual] of Object.entries(plain))
    if (a.given(name) && a.value(name)?.kind !== 'none' && a.number(name) !== usual)
      a.reject(name, `\`${name}\` is not followed`);
  return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null;
}

const arrayIn = (value: Value | null, call: Call): DataArray | Value =>
  value?.kind === 'array'
    ? asTensor(value, call)
    : value?.kind === 'unknown' && value.reason
      ? value
      : unreadable('The entries of these windows could not be read', call.range);

/** TimeseriesGenerator: windows of `length` entries, each with the entry behind it as its target. */
const generator: Handler = (call) => {
  const a = new Arguments(call, 'data targets length sampling_rate stride start_index end_index shuffle reverse batch_size');
  const [data, targets] = [arrayIn(a.value('data'), call), arrayIn(a.value('targets'), call)];
  const [length, stride] = [a.number('length'), a.number('stride', 1)];
  if (a.given('reverse') && a.boolean('reverse', false)) a.reject('reverse', '`reverse` is not followed');
  const refused = refusal(a, { sampling_rate: 1, start_index: 0, end_index: Number.NaN });
  if (data.kind !== 'array') return data;
  if (targets.kind !== 'array') return targets;
  const batchSize = a.sourcedNumber('batch_size', 128);
  const own = a.sourcedBoolean('shuffle', false);
  if (refused) return refused;
  if (!own.value) call.machine.assume('Keras mixes the batches of this generator; here their rows are mixed', call.range);
  const shuffle = { ...own, value: true };
  const rows = axisSize(call.machine, data, 0);
  const count = countOf(combineSizes('-', rows, length), stride);
  const x = windowsOf(data, { length, stride, count }, call);
  const components = [x, entriesFrom(targets, length, stride, count, call)];
  const set: Dataset = { kind: 'dataset', components, range: call.range, bare: false, attributes: new Map() };
  return batchesOf(set, batchSize, shuffle, call.range);
};

/** `timeseries_dataset_from_array`: windows, each with the target at the place of its first entry. */
const fromArray: Handler = (call) => {
  const a = new Arguments(
    call,
    'data targets sequence_length sequence_stride sampling_rate batch_size shuffle seed start_index end_index',
  );
  const data = arrayIn(a.value('data'), call);
  const [length, stride] = [a.number('sequence_length'), a.number('sequence_stride', 1)];
  const rate = a.number('sampling_rate', 1);
  const refused = refusal(a, { start_index: 0, end_index: Number.NaN });
  const given = a.value('targets') ?? none;
  const targets = given.kind === 'none' ? null : arrayIn(given, call);
  const [batchSize, shuffle] = [a.sourcedNumber('batch_size', 128), a.sourcedBoolean('shuffle', false)];
  const [problem] = a.problems;
  const unread = refused ?? (problem ? { kind: 'unknown' as const, reason: problem } : data.kind !== 'array' ? data : targets);
  if (unread?.kind === 'unknown' && unread.reason !== null)
    return inBatches({ ...unread, reason: unread.reason }, batchSize, call.range);
  if (data.kind !== 'array' || (targets && targets.kind !== 'array')) return unknown;
  const m = call.machine;
  const whole = combineSizes('-', axisSize(m, data, 0), (length - 1) * rate);
  const places = targets ? windowsWithTarget(whole, axisSize(m, targets, 0), (length - 1) * rate) : whole;
  const count = countOf(places, stride);
  const x = sparseWindows(data, { length, stride, count }, rate, call);
  const components = targets ? [x, entriesFrom(targets, 0, stride, count, call)] : [x];
  const set: Dataset = { kind: 'dataset', components, range: call.range, bare: !targets, attributes: new Map() };
  return batchesOf(set, batchSize, shuffle, call.range);
};

/** The smaller of the number of windows and that of targets. */
function windowsWithTarget(whole: Size, targets: Size, reach: number): Size {
  // As many targets as entries, or as many less as a window is long.
  const same = JSON.stringify(combineSizes('-', targets, reach)) === JSON.stringify(whole);
  return same ? whole : combineSizes('min', whole, targets);
}

const sequenceModules = [
  'keras.preprocessing.sequence',
  'keras_preprocessing.sequence',
  'keras.src.legacy.preprocessing.sequence',
];

/** Windows over series. */
export const kerasWindowTable: FunctionTable = {
  ...Object.fromEntries(sequenceModules.map((module): [string, Handler] => [`${module}.TimeseriesGenerator`, generator])),
  'keras.utils.timeseries_dataset_from_array': fromArray,
  'keras.preprocessing.timeseries_dataset_from_array': fromArray,
  'keras.preprocessing.timeseries.timeseries_dataset_from_array': fromArray,
};
