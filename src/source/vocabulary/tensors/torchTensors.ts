import { recordRows } from '../../interpret/fileRecords';
import { countUnread } from '../../interpret/growth';
import { combineSizes, type Size } from '../../../graph/size';
import { Arguments, sizeOf, type Call, type Handler } from '../../interpret/call';
import { constantOf } from '../../interpret/constants';
import { hasRows } from '../../interpret/shapes';
import type { Machine } from '../../interpret/machine';
import { dataStep, graphOperation, isTensorLike, lifted, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { numberValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import { rowsOfList, stackedInRows } from '../../interpret/windows';
import type { FunctionTable } from '../functionTable';
import { newCell } from '../layers/layers';
import { initializerOf } from '../layers/rawParameters';
import { castTo, numberType } from './numberTypes';
import { fullShape, noShape, patternOf, patternOfShape, shapeOf } from './tensorPatterns';

interface Nested {
  readonly shape: number[];
  readonly values: number[];
  readonly integer: boolean;
}

/** Most numbers that a script may write out as one tensor. */
const mostNumbers = 200_000;

/** A nested list of numbers as a shape and its values, row by row; null when it is ragged, too long or not known. */
export function nestedNumbers(value: Value, depth = 0, work = { left: mostNumbers }): Nested | null {
  if (--work.left < 0 || depth > 6) return null;
  if (value.kind === 'number') return { shape: [], values: [value.value], integer: value.integer };
  if (value.kind === 'boolean') return { shape: [], values: [Number(value.value)], integer: true };
  if (value.kind === 'range') return rangeNumbers(value);
  if (value.kind !== 'list' || value.open) return null;
  const items: Nested[] = [];
  for (const item of value.items) {
    const nested = nestedNumbers(item, depth + 1, work);
    if (nested === null || (items[0] && nested.shape.join() !== items[0].shape.join())) return null;
    items.push(nested);
  }
  const first = items[0];
  if (!first) return { shape: [0], values: [], integer: false };
  return {
    shape: [items.length, ...first.shape],
    values: items.flatMap((i) => i.values),
    integer: items.every((i) => i.integer),
  };
}

function rangeNumbers({ start, stop, step }: Value & { readonly kind: 'range' }): Nested | null {
  if (start.kind !== 'number' || stop.kind !== 'number' || step.kind !== 'number' || step.value === 0) return null;
  const count = Math.max(0, Math.ceil((stop.value - start.value) / step.value));
  if (count > mostNumbers) return null;
  return { shape: [count], values: Array.from({ length: count }, (_, i) => start.value + i * step.value), integer: true };
}

type Flavour = 'torch' | 'numpy';

/** `torch.tensor(x)`, `np.array(x)`: data as they are, in the number type that is asked for. */
export function madeOf(value: Value, to: 'float' | 'integer' | null, flavour: Flavour, call: Call): Value {
  const m = call.machine;
  if (value.kind === 'tensor') return to ? castTo(value, to, call) : value;
  if (value.kind === 'array') {
    const table = value.flavour === 'frame' || value.flavour === 'series';
    let array: DataArray = table ? dataStep(m, 'toTensor', {}, [value], call.range) : value;
    if (to && array.integer !== (to === 'integer'))
      array = dataStep(m, 'cast', { to }, [array], call.range, { integer: to === 'integer' });
    return { ...array, flavour, range: call.range };
  }
  const records = recordRows(m, value, call.range);
  if (records) return madeOf(records, to, flavour, call);
  const rows = value.kind === 'list' ? rowsOfList(m, value) : null;
  if (rows) return madeOf(rows, to, flavour, call);
  const numbers = nestedNumbers(value);
  if (numbers) {
    const integer = to === null ? numbers.integer : to === 'integer';
    return dataStep(m, 'literal', { shape: numbers.shape, values: numbers.values, integer }, [], call.range, {
      flavour,
      shape: numbers.shape,
      integer,
    });
  }
  if (value.kind === 'list' && value.open) return countUnread(call.range);
  if (value.kind === 'list' && value.items.length > 0 && value.items.every((item) => item.kind === 'array')) {
    const arrays = value.items.filter((item) => item.kind === 'array');
    const ofRows = stackedInRows(m, arrays, 0, call.range);
    if (ofRows) return madeOf(ofRows, to, flavour, call);
    const inner = arrays[0]?.shape ?? null;
    return dataStep(m, 'stack', { axis: 0 }, arrays, call.range, { flavour, shape: inner && [arrays.length, ...inner] });
  }
  return value.kind === 'unknown' && value.reason ? value : unreadable('These values could not be read', call.range);
}

/** Whether a loop that trains what an optimizer has had before it draws these values anew in each of its passes. */
function isDrawnToTrain(m: Machine, value: DataArray): boolean {
  const loop = m.currentLoop;
  if (loop?.trains !== true || value.loop !== loop.id) return false;
  return m.events.some((e) => e.kind === 'optimizer' && !e.loops.includes(loop));
}

/** Turns a tensor of data with `requires_grad` into a raw parameter; points that each pass draws anew stay what is drawn. */
export function rawParameter(value: Value, call: Call): Value {
  if (value.kind === 'tensor' || value.kind !== 'array') return value;
  const m = call.machine;
  const drawn = isDrawnToTrain(m, value) ? lifted(m, value, call.range) : null;
  if (drawn) return tensorValue(drawn);
  const constant = constantOf(m, value);
  const initializer = initializerOf(m, value) ?? (constant && { kind: 'values', values: constant.values });
  const cell = newCell(value.shape ?? [], initializer ?? { kind: 'constant', value: 0 }, call.range, false);
  if (!initializer) cell.unread = { text: 'The first values of this parameter could not be read', range: call.range };
  cell.rows = value.step;
  return tensorValue(m.trace.parameter(cell, call.range));
}

/** Marks the result as trainable when the call says `requires_grad=True`. */
export const withGradient = (value: Value, a: Arguments): Value => {
  const flag = a.value('requires_grad');
  return flag?.kind === 'boolean' && flag.value ? rawParameter(value, a.call) : value;
};

const tensor =
  (fixed: 'float' | 'integer' | null): Handler =>
  (call) => {
    const a = new Arguments(call, 'data');
    const first = call.positional[0]?.value;
    const sizes = call.positional.map((p) => sizeOf(p.value));
    // `torch.FloatTensor(64, 1)` has no values yet: a change in place gives them.
    if (fixed && first?.kind !== 'array' && sizes.length > 0 && sizes.every((size) => size !== null)) return filled(0)(call);
    const value = first ?? call.keywords.get('data')?.value ?? unknown;
    return withGradient(madeOf(value, fixed ?? numberType(a.value('dtype')), 'torch', call), a);
  };

/** One number in another tensor's shape. */
function filledAs(pattern: Value, value: number, call: Call): Value {
  const m = call.machine;
  const shape = fullShape(pattern);
  if (pattern.kind === 'tensor' && shape) return tensorValue(m.trace.add('filled', { shape, value }, [], call.range));
  if (shape) return dataStep(m, 'filled', { shape, value }, [], call.range, { flavour: 'torch', shape });
  if (pattern.kind !== 'tensor') return noShape(call);
  // The shape is not known here: as many numbers as the tensor has, none of its values.
  const nothing = graphOperation(
    m,
    'multiply',
    {},
    [tensorValue(m.trace.stopped(pattern.node, call.range)), numberValue(0)],
    call.range,
  );
  return value === 0 ? nothing : graphOperation(m, 'add', {}, [nothing, numberValue(value)], call.range);
}

const filled =
  (value: number): Handler =>
  (call) => {
    const a = new Arguments(call, '');
    const pattern = patternOfShape(call);
    if (pattern) return filledAs(pattern, value, call);
    const shape = shapeOf(call, 0);
    if (!shape) return noShape(call);
    const type = a.value('dtype');
    const mask = type?.kind === 'external' && type.path === 'torch.bool';
    const integer = mask || numberType(type) === 'integer';
    return withGradient(
      dataStep(call.machine, 'filled', { shape, value }, [], call.range, { flavour: 'torch', shape, integer, mask }),
      a,
    );
  };

const filledLike =
  (value: number): Handler =>
  (call) =>
    filledAs(patternOf(call), value, call);

export const linspace =
  (flavour: Flavour): Handler =>
  (call) => {
    const a = new Arguments(call, flavour === 'torch' ? 'start end steps' : 'start stop num');
    const end = flavour === 'torch' ? a.number('end') : a.number('stop');
    const count = flavour === 'torch' ? a.size('steps') : a.size('num', 50);
    const start = a.number('start');
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    return withGradient(
      dataStep(call.machine, 'linspace', { start, end, count }, [], call.range, { flavour, shape: [count], integer: false }),
      a,
    );
  };

/** `torch.arange(n, 2 * n)` with an n that the data or the batch decide. */
function countedFrom(start: Size, end: Size | null, call: Call, flavour: Flavour): Value {
  const m = call.machine;
  const length = end === null ? null : lengthBetween(start, end);
  if (length === null) return unreadable('The numbers of this range could not be read', call.range);
  const places = dataStep(m, 'arange', { start: 0, end: length, step: 1 }, [], call.range, {
    flavour,
    shape: [length],
    integer: true,
  });
  return tensorBinary(m, '+', places, { kind: 'size', size: start }, call.range);
}

/** `end - start`, where one is a multiple of the other. */
function lengthBetween(start: Size, end: Size): Size | null {
  if (typeof end !== 'object' || !('op' in end) || end.op !== '*') return null;
  const [left, right] = typeof end.left === 'number' ? [end.left, end.right] : [end.right, end.left];
  const isSame = JSON.stringify(right) === JSON.stringify(start);
  return isSame && left === 2 ? start : null;
}

/** `torch.arange` and `np.arange`. */
export const arange =
  (flavour: Flavour): Handler =>
  (call) => {
    const count = call.positional.length;
    const a = new Arguments(call, count <= 1 ? 'end' : 'start end step');
    const from = count <= 1 ? null : a.value('start');
    if (from?.kind === 'size') return countedFrom(from.size, sizeOf(a.value('end')), call, flavour);
    const start = count <= 1 ? a.number('start', 0) : a.number('start');
    const end = call.keywords.has('stop') ? a.size('stop') : a.size('end');
    const step = a.number('step', 1);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const integer = numberType(a.value('dtype'))
      ? numberType(a.value('dtype')) === 'integer'
      : Number.isInteger(start) && Number.isInteger(step) && (typeof end !== 'number' || Number.isInteger(end));
    const length =
      typeof end === 'number' ? Math.max(0, Math.ceil((end - start) / step)) : start === 0 && step === 1 ? end : null;
    return dataStep(call.machine, 'arange', { start, end, step }, [], call.range, { flavour, shape: [length], integer });
  };

/** `torch.cat`, `np.concatenate`, `np.hstack` and the like. */
export const joined =
  (kind: 'concatenate' | 'stack', fixedAxis: number | null): Handler =>
  (call) => {
    const a = new Arguments(call, 'tensors dim');
    const list = a.value('tensors') ?? call.positional[0]?.value;
    // Parts of data from random places are a batch already.
    if (list?.kind === 'tensor' && list.node.source?.batch && kind === 'stack') return list;
    const axis = fixedAxis ?? (a.given('axis') ? a.number('axis') : a.number('dim', 0));
    const rows = list?.kind === 'list' && kind === 'stack' && axis === 0 ? rowsOfList(call.machine, list) : null;
    if (rows) return rows;
    const parts = list?.kind === 'list' && kind === 'stack' ? list.items.flatMap((x) => (x.kind === 'array' ? [x] : [])) : [];
    const ofRows =
      parts.length === (list?.kind === 'list' ? list.items.length : -1)
        ? stackedInRows(call.machine, parts, axis, call.range)
        : null;
    if (ofRows) return ofRows;
    if (list?.kind === 'list' && list.open) return countUnread(call.range);
    if (list?.kind !== 'list' || list.items.length === 0) return unreadable('What is joined here could not be read', call.range);
    const bad = list.items.find((item) => !isTensorLike(item));
    if (bad) return bad.kind === 'unknown' && bad.reason ? bad : madeOf(list, null, 'numpy', call);
    if (list.items.some((item) => item.kind === 'tensor')) {
      const at =
        kind === 'stack'
          ? list.items.map((item) => graphOperation(call.machine, 'unsqueeze', { axis }, [item], call.range))
          : list.items;
      return graphOperation(call.machine, 'concatenate', { axis }, at, call.range);
    }
    const arrays = list.items.filter((item) => item.kind === 'array');
    const shape = arrays[0]?.shape ?? null;
    const total =
      kind === 'concatenate' && shape
        ? shape.map((s, i) => (i === (axis < 0 ? axis + shape.length : axis) ? sum(arrays, i) : s))
        : null;
    return dataStep(call.machine, kind, { axis }, arrays, call.range, {
      shape: total,
      flavour: arrays[0]?.flavour === 'torch' ? 'torch' : 'numpy',
    });
  };

/** Numbers of axes of what is joined; null where one is not known. */
function ranksOf(call: Call): readonly (number | null)[] {
  const list = call.positional[0]?.value ?? call.keywords.get('tup')?.value ?? call.keywords.get('tensors')?.value;
  return (list?.kind === 'list' ? list.items : []).flatMap((item) => {
    if (item.kind === 'array')
      return [item.flavour === 'frame' ? 2 : item.flavour === 'series' ? 1 : (item.shape?.length ?? null)];
    return item.kind === 'tensor' ? [item.node.shape?.length ?? null] : [];
  });
}

/** `np.hstack`: along the columns, but along the only axis of what has one. */
export const besides: Handler = (call) => joined('concatenate', ranksOf(call)[0] === 1 ? 0 : 1)(call);

/** `np.vstack`: along the rows; what has one axis is a row. */
export const below: Handler = (call) => {
  const [rank] = ranksOf(call);
  if (rank === null) return unreadable('Whether these are rows or tables is not known here', call.range);
  return joined(rank === 1 ? 'stack' : 'concatenate', 0)(call);
};

/** `np.dstack`: along the third axis, which tables do not have yet. */
export const behind: Handler = (call) => {
  const ranks = ranksOf(call);
  const [rank] = ranks;
  const isKnown = (rank === 2 || rank === 3) && ranks.every((one) => one === rank);
  if (!isKnown) return unreadable('Whether these are tables or have three axes is not known here', call.range);
  return joined(rank === 2 ? 'stack' : 'concatenate', 2)(call);
};

function sum(arrays: readonly DataArray[], axis: number): Size | null {
  const sizes = arrays.map((x) => x.shape?.[axis] ?? null);
  if (!sizes.every((s) => typeof s === 'number' || hasRows(s))) return null;
  return sizes.reduce<Size>((total, size) => (total === 0 ? (size ?? 0) : combineSizes('+', total, size ?? 0)), 0);
}

const withoutSize = (call: Call): Call['keywords'] => new Map([...call.keywords].filter(([name]) => name !== 'size'));

/** A tensor on the memory of the array that it is made of. */
const onSameMemory: Handler = (call) => {
  const made = tensor(null)(call);
  return made.kind === 'array' ? { ...made, shared: true } : made;
};

/** Makers of tensors in `torch`. */
export const torchTensors: FunctionTable = {
  'torch.tensor': tensor(null),
  'torch.as_tensor': onSameMemory,
  'torch.from_numpy': onSameMemory,
  'torch.Tensor': tensor('float'),
  'torch.FloatTensor': tensor('float'),
  'torch.DoubleTensor': tensor('float'),
  'torch.LongTensor': tensor('integer'),
  'torch.IntTensor': tensor('integer'),
  'torch.autograd.Variable': (call) => {
    const a = new Arguments(call, 'data requires_grad');
    return withGradient(call.positional[0]?.value ?? unknown, a);
  },
  'torch.nn.Parameter': (call) => {
    const value = call.positional[0]?.value ?? call.keywords.get('data')?.value ?? unknown;
    const cell = rawParameter(value, call);
    const flag = new Arguments(call, 'data requires_grad').value('requires_grad');
    if (cell.kind === 'tensor' && cell.node.kind === 'parameter' && flag?.kind === 'boolean' && cell.node.parameters['value'])
      cell.node.parameters['value'].trainable = flag.value;
    return cell;
  },
  'torch.zeros': filled(0),
  'torch.ones': filled(1),
  'torch.empty': filled(0),
  'torch.full': (call) => {
    const a = new Arguments(call, 'size fill_value');
    const size = a.value('size') ?? unknown;
    const value = a.number('fill_value');
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    return filled(value)({ ...call, positional: [{ value: size, range: call.range }], keywords: withoutSize(call) });
  },
  'torch.linspace': linspace('torch'),
  'torch.arange': arange('torch'),
  'torch.cat': joined('concatenate', null),
  'torch.concat': joined('concatenate', null),
  'torch.stack': joined('stack', null),
  'torch.hstack': besides,
  'torch.vstack': below,
  'torch.zeros_like': filledLike(0),
  'torch.ones_like': filledLike(1),
  'torch.empty_like': filledLike(0),
  'torch.full_like': (call) => {
    const a = new Arguments(call, 'input fill_value');
    const value = a.number('fill_value');
    return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : filledAs(patternOf(call), value, call);
  },
};
