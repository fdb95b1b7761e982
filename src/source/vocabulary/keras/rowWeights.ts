import type { Layers } from '../../../records/model/layers';
import type { Arguments, Call } from '../../interpret/call';
import { dataStep, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import type { TraceNode } from '../../values/trace';
import { numberValue, type Value } from '../../values/value';
import { weightsByNumber } from '../layers/classWeights';
import { asTensor } from '../tables/tables';

const refuse = (a: Arguments, name: string, text: string): null => {
  a.reject(name, text);
  return null;
};

/** `sample_weight=`: one number for each row; null where none is given or it could not be read, which `a` then says. */
export function sampleWeights(a: Arguments, call: Call): DataArray | null {
  const value = a.value('sample_weight');
  if (value === null || value.kind === 'none') return null;
  if (value.kind !== 'array') return refuse(a, 'sample_weight', 'These weights of rows could not be read');
  const weights = asTensor(value, call);
  return weights.shape && weights.shape.length !== 1
    ? refuse(a, 'sample_weight', 'Weights of single times are not read')
    : weights;
}

/** Weights that the data decide, one number for each entry of a dictionary: arrays without axes among them. */
function gathered(entries: ReadonlyMap<unknown, Value>, call: Call): DataArray | null {
  const m = call.machine;
  const items = Array.from({ length: entries.size }, (_, i) => entries.get(i));
  const arrays = items.flatMap((item) => {
    if (item?.kind === 'array') return [item];
    if (item?.kind !== 'number') return [];
    return [dataStep(m, 'literal', { shape: [], values: [item.value], integer: false }, [], call.range, { shape: [] })];
  });
  if (arrays.length === 0 || arrays.length !== items.length || !items.some((item) => item?.kind === 'array')) return null;
  return dataStep(m, 'stack', { axis: 0 }, arrays, call.range, { shape: [arrays.length], integer: false });
}

/** The class numbers of targets: themselves, their only column, or where a row of zeros has its one. */
function classNumbersOf(y: DataArray, call: Call): DataArray | null {
  const m = call.machine;
  const { shape } = y;
  if (!shape || shape.length === 1) return y;
  if (shape.length !== 2) return null;
  if (shape[1] === 1) return dataStep(m, 'squeeze', { axis: 1 }, [y], call.range, { shape: [shape[0] ?? null] });
  const args = { function: 'argMax', axis: 1, keep: false, correction: 0 } as const;
  return dataStep(m, 'reduce', args, [y], call.range, { shape: [shape[0] ?? null], integer: true });
}

/** `class_weight=` of weights that only the data decide, as one number for each row; null for weights that are written out. */
export function classWeightsOfRows(a: Arguments, y: readonly DataArray[], call: Call): DataArray | null {
  const value = a.value('class_weight');
  if (!value || value.kind === 'none') return null;
  const weights = value.kind === 'dict' ? gathered(value.entries, call) : weightsByNumber(value);
  const [targets] = y;
  if (!weights || !targets) return null;
  const numbers = y.length === 1 ? classNumbersOf(targets, call) : null;
  if (!numbers) return refuse(a, 'class_weight', 'Class weights of these targets are not read');
  const m = call.machine;
  const places = numbers.integer ? numbers : dataStep(m, 'cast', { to: 'integer' }, [numbers], call.range, { integer: true });
  return dataStep(m, 'takeRows', {}, [weights, places], call.range, {
    flavour: 'numpy',
    shape: [numbers.shape?.[0] ?? null],
    integer: false,
    columns: null,
  });
}

/** Weights of 1 for as many rows as these have. */
export function equalWeights(rows: DataArray, call: Call): DataArray | null {
  const m = call.machine;
  const axes = rows.shape?.length ?? 1;
  const args = { function: 'sum', axis: axes - 1, keep: false, correction: 0 } as const;
  const ofRows = { shape: [rows.shape?.[0] ?? null], integer: false } as const;
  const column = axes === 1 ? rows : axes === 2 ? dataStep(m, 'reduce', args, [rows], call.range, ofRows) : null;
  const zero = column && tensorBinary(m, '*', column, numberValue(0, false), call.range);
  const one = zero && tensorBinary(m, '+', zero, numberValue(1, false), call.range);
  return one?.kind === 'array' ? one : null;
}

/** Losses whose elements can be had before their mean. */
const elementwise: ReadonlySet<string> = new Set(['mse', 'l1', 'huber', 'smoothL1', 'bce', 'bceWithLogits']);

/**
 * The loss of each row, or of each time of each row for `axes` 2, as Keras has it before the mean over the batch; null where it
 * cannot be told.
 */
function rowLosses(m: Call['machine'], loss: TraceNode, axes: 1 | 2): TraceNode | null {
  const alone = { ...(loss.arguments as Layers['mse']), reduction: 'none' } as const;
  const { range, call } = loss;
  const kind = loss.kind as keyof Layers;
  if (kind === 'crossEntropy') {
    if (loss.inputs[0]?.shape?.length !== axes + 1) return null;
    return m.trace.add('crossEntropy', alone as unknown as Layers['crossEntropy'], loss.inputs, range, { call });
  }
  if (elementwise.has(kind)) {
    const elements = m.trace.add(kind as 'mse', alone, loss.inputs, range, { call });
    return loss.inputs[0]?.shape?.length === axes + 1
      ? m.trace.add('mean', { axes: [-1], keep: false }, [elements], range, { call })
      : null;
  }
  const [rows] = loss.inputs;
  const all = loss.kind === 'mean' ? (loss.arguments as Layers['mean']).axes : undefined;
  return all === null && rows?.shape?.length === axes ? rows : null;
}

/** The mean over the batch of each row's loss times its weight; null where the rows' losses cannot be told. */
export function weightedByRows(m: Call['machine'], loss: TraceNode, weights: TraceNode): TraceNode | null {
  const rows = rowLosses(m, loss, 1);
  if (!rows) return null;
  const { range, call } = loss;
  const weighted = m.trace.add('multiply', {}, [rows, weights], range, { call });
  return m.trace.add('mean', { axes: null, keep: false }, [weighted], range, { call });
}

/** `class_weight`: each row's loss is multiplied, and the sum is divided by the rows as before. Null for other losses. */
export function weightedLoss(m: Call['machine'], loss: TraceNode, weights: readonly number[]): TraceNode | null {
  const range = loss.range;
  const alone = { reduction: 'none' } as const;
  const target = loss.inputs[1];
  const mean = (node: TraceNode): TraceNode =>
    m.trace.add('mean', { axes: null, keep: false }, [node], range, { call: loss.call });
  if (loss.kind === 'crossEntropy') {
    const args = { ...(loss.arguments as Layers['crossEntropy']), ...alone, weight: weights };
    return mean(m.trace.add('crossEntropy', args, loss.inputs, range, { call: loss.call }));
  }
  if ((loss.kind !== 'bceWithLogits' && loss.kind !== 'bce') || weights.length !== 2 || !target) return null;
  const logits = { ...(loss.arguments as Layers['bceWithLogits']), ...alone };
  const rows =
    loss.kind === 'bce'
      ? m.trace.add('bce', alone, loss.inputs, range, { call: loss.call })
      : m.trace.add('bceWithLogits', logits, loss.inputs, range, { call: loss.call });
  const [zero = 1, one = 1] = weights;
  const slope = m.trace.add('multiply', {}, [target, m.trace.constant(one - zero, range)], range);
  const factor = m.trace.add('add', {}, [slope, m.trace.constant(zero, range)], range);
  return mean(m.trace.add('multiply', {}, [rows, factor], range));
}

/** `class_weight={0: 1.0, 1: 5.0}` as a list; a problem of the call when it is not known. */
export function classWeightsOf(a: Arguments): number[] | null {
  if (!a.given('class_weight')) return null;
  const value = a.value('class_weight');
  const entries = value?.kind === 'dict' ? value.entries : new Map<string | number | boolean, Value>();
  const weights = Array.from({ length: entries.size }, (_, i) => entries.get(i)).map((v) =>
    v?.kind === 'number' ? v.value : Number.NaN,
  );
  if (weights.length === 0 || weights.some(Number.isNaN)) a.reject('class_weight', 'These class weights could not be read');
  return weights;
}

/** The mean loss over the times that count; null where the losses of single times cannot be told. */
export function overCountedTimes(m: Call['machine'], loss: TraceNode, counts: TraceNode): TraceNode | null {
  const times = rowLosses(m, loss, 2);
  if (!times) return null;
  const { range, call } = loss;
  const counted = m.trace.add('multiply', {}, [times, counts], range, { call });
  const [sum, number] = [counted, counts].map((x) => m.trace.add('sum', { axes: null, keep: false }, [x], range, { call }));
  return sum && number ? m.trace.add('divide', {}, [sum, number], range, { call }) : null;
}
