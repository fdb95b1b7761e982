import type { Size } from '../../../graph/size';
import { numbersOf, sizeOf, type Arguments, type Call } from '../../interpret/call';
import { fromFront, isRows, isShapeKnown, productOf, resolveReshape, type PartialShape } from '../../interpret/shapes';
import { axisSize, dataStep, graphOperation, opaqueOperation } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { unknown, unreadable, type Value } from '../../values/value';
import { dataOf, type TensorOperation } from './tensorOperation';

function sizesOf(values: readonly Value[]): Size[] | null {
  const flat = values.length === 1 && values[0]?.kind === 'list' ? values[0].items : values;
  const first = values[0];
  if (values.length === 1 && first?.kind === 'shape') return isShapeKnown(first) ? [...(first.sizes as Size[])] : null;
  const sizes = flat.map(sizeOf);
  return sizes.every((s) => s !== null) ? sizes : null;
}

/** `x.reshape(...)`. */
export const reshape: TensorOperation = {
  names: 'shape',
  run: (x, a) => {
    const given = a.call.keywords.get('shape') ?? a.call.keywords.get('size');
    const shape = sizesOf(given ? [given.value] : a.call.positional.map((p) => p.value));
    return shape ? reshaped(x, shape, a.call) : unreadable('The new shape could not be read', a.call.range);
  },
};

/** `x.view(shape)`. The rows of a batch stay the first axis and are written as -1 or kept by a flatten. */
export function reshaped(x: Value, shape: readonly Size[], call: Call): Value {
  const m = call.machine;
  const array = dataOf(x);
  if (array) {
    const whole = array.row ? rowShape(array, shape) : shape;
    if (!whole) return unreadable('The new shape of a row could not be read', call.range);
    return dataStep(m, 'reshape', { shape: whole }, [array], call.range, { shape: resolveData(array.shape, whole) });
  }
  if (x.kind !== 'tensor') return x;
  const rows = shape.findIndex(isRows);
  if (rows < 0) return graphOperation(m, 'reshape', { shape }, [x], call.range);
  if (rows === 0 && shape.length === 2 && shape[1] === -1)
    return graphOperation(m, 'flatten', { start: 1, end: -1 }, [x], call.range);
  const known = resolveReshape(x.node.shape, shape)?.slice(0) ?? null;
  const others = known?.map((s, i) => (i === rows ? -1 : s)) ?? null;
  if (others && others.every((s, i) => s !== null && (i === rows || (s !== -1 && !isRows(s)))))
    return graphOperation(m, 'reshape', { shape: others as Size[] }, [x], call.range);
  // A -1 beside the rows: what is left then follows from the tensor itself.
  return graphOperation(m, 'reshape', { shape }, [x], call.range);
}

/** The shape of all rows when that of one row is `shape`. */
function rowShape(array: DataArray, shape: readonly Size[]): readonly Size[] | null {
  if (!shape.includes(-1)) return [-1, ...shape];
  const inner = array.shape ? productOf(array.shape.slice(1)) : null;
  const rest = productOf(shape.filter((s) => s !== -1));
  if (typeof inner !== 'number' || typeof rest !== 'number') return null;
  return [-1, ...shape.map((s) => (s === -1 ? inner / rest : s))];
}

function resolveData(input: PartialShape, shape: readonly Size[]): PartialShape {
  const total = input ? productOf(input) : null;
  const rest = productOf(shape.filter((s) => s !== -1));
  const left = typeof total === 'number' && typeof rest === 'number' ? total / rest : null;
  return shape.map((s) => (s === -1 ? left : s));
}

/** A new axis of length one. */
export function withAxis(x: Value, position: number, a: Arguments): Value {
  const m = a.call.machine;
  const array = dataOf(x);
  const axis = array?.row && position >= 0 ? position + 1 : position;
  if (!array) return graphOperation(m, 'unsqueeze', { axis }, [x], a.call.range);
  const at = array.shape ? fromFront(axis, array.shape.length + 1) : 0;
  const shape = array.shape ? [...array.shape.slice(0, at), 1, ...array.shape.slice(at)] : null;
  return dataStep(m, 'unsqueeze', { axis }, [array], a.call.range, {
    shape,
    flavour: array.flavour === 'series' ? 'numpy' : array.flavour,
  });
}

/** `x.squeeze(...)`. */
export const squeeze: TensorOperation = {
  names: 'dim axis',
  run: (x, a) => {
    const axis = a.optionalNumber('dim') ?? a.optionalNumber('axis');
    const array = dataOf(x);
    if (!array) return graphOperation(a.call.machine, 'squeeze', { axis }, [x], a.call.range);
    const shape =
      array.shape && axis !== null ? array.shape.filter((_, i) => i !== fromFront(axis, array.shape?.length ?? 0)) : null;
    return dataStep(a.call.machine, 'squeeze', { axis }, [array], a.call.range, { shape });
  },
};

/** `x.flatten(...)`. */
export const flatten: TensorOperation = {
  names: 'start_dim end_dim',
  run: (x, a) => {
    const array = dataOf(x);
    const start = a.number('start_dim', 0);
    const args = { start: array?.row && start >= 0 ? start + 1 : start, end: a.number('end_dim', -1) };
    if (!array) return graphOperation(a.call.machine, 'flatten', args, [x], a.call.range);
    const s = array.shape;
    const from = s ? fromFront(args.start, s.length) : 0;
    const to = s ? fromFront(args.end, s.length) : 0;
    return dataStep(a.call.machine, 'flatten', args, [array], a.call.range, {
      shape: s ? [...s.slice(0, from), productOf(s.slice(from, to + 1)), ...s.slice(to + 1)] : null,
    });
  },
};

/** `x.permute(...)`. */
export const permute: TensorOperation = {
  names: 'dims',
  run: (x, a) => {
    const list =
      a.call.positional[0]?.value.kind === 'list'
        ? numbersOf(a.call.positional[0].value)
        : a.call.positional.map((p) => (p.value.kind === 'number' ? p.value.value : Number.NaN));
    if (!list || list.some(Number.isNaN)) return unreadable('The order of the axes could not be read', a.call.range);
    return permuted(x, list, a.call);
  },
};

/** The axes in another order; reversed when it is null. */
export function permuted(x: Value, order: readonly number[] | null, call: Call): Value {
  const array = dataOf(x);
  if (array) {
    const s = array.shape;
    const shape = s ? (order ? order.map((i) => s[fromFront(i, s.length)] ?? null) : [...s].reverse()) : null;
    if (array.row) return permutedRow(array, order, call);
    return dataStep(call.machine, 'transpose', { order }, [array], call.range, { shape });
  }
  if (x.kind !== 'tensor') return x;
  const axes = x.node.shape?.length;
  const all = order ?? (axes === undefined ? null : Array.from({ length: axes }, (_, i) => axes - 1 - i));
  return all
    ? graphOperation(call.machine, 'permute', { order: all }, [x], call.range)
    : opaqueOperation(call.machine, 'this transpose', [x], call.range);
}

/** One row where one is seen at a time: the axes behind those of the rows. */
function permutedRow(array: DataArray, order: readonly number[] | null, call: Call): Value {
  const inner = array.shape ? array.shape.length - 1 : order?.length;
  const own = order ?? (inner === undefined ? null : Array.from({ length: inner }, (_, i) => inner - 1 - i));
  if (!own || inner === undefined || own.length !== inner) return unreadable('The number of axes is not known here', call.range);
  const whole = [0, ...own.map((i) => fromFront(i, inner) + 1)];
  const shape = array.shape && whole.map((i) => array.shape?.[i] ?? null);
  const made = dataStep(call.machine, 'transpose', { order: whole }, [{ ...array, row: false }], call.range, { shape });
  return { ...made, row: true };
}

/** `x.transpose(...)`. */
export const transpose: TensorOperation = {
  names: 'dim0 dim1',
  run: (x, a) => {
    if (!a.given('dim0')) return permuted(x, null, a.call);
    const shape = x.kind === 'array' ? x.shape : x.kind === 'tensor' ? x.node.shape : null;
    if (!shape) return unreadable('The number of axes is not known here', a.call.range);
    const order = shape.map((_, i) => i);
    const [i, j] = [fromFront(a.number('dim0'), order.length), fromFront(a.number('dim1'), order.length)];
    [order[i], order[j]] = [order[j] ?? j, order[i] ?? i];
    return permuted(x, order, a.call);
  },
};

/** `x.size(...)`. */
export const sizeMethod: TensorOperation = {
  names: 'dim',
  run: (x, a) => {
    const m = a.call.machine;
    const axis = a.value('dim');
    if (axis?.kind === 'number') {
      if (x.kind === 'array') return wholeNumber(axisSize(m, x, axis.value));
      const shape = x.kind === 'tensor' ? x.node.shape : null;
      const size =
        shape?.[fromFront(axis.value, shape.length)] ??
        (axis.value === 0 && x.kind === 'tensor' && x.node.kind === 'source' ? { symbol: 'rows' } : null);
      return size === null ? unknown : wholeNumber(size);
    }
    return shapeValue(x, m);
  },
};

/** `x.shape`, as far as it is known. */
export function shapeValue(x: Value, m: Call['machine']): Value {
  if (x.kind === 'array') return { kind: 'shape', of: x, sizes: x.shape ?? dataAxes(x, m) };
  return x.kind === 'tensor' && x.node.shape
    ? { kind: 'shape', of: x, sizes: x.node.shape }
    : { kind: 'shape', of: x, sizes: [] };
}

/** A table's shape before the data are there: two symbols. */
const dataAxes = (x: DataArray, m: Call['machine']): readonly Size[] =>
  x.flavour === 'series' ? [axisSize(m, x, 0)] : [axisSize(m, x, 0), axisSize(m, x, 1)];

/** A size as a value. */
export const wholeNumber = (size: Size): Value =>
  typeof size === 'number' ? { kind: 'number', value: size, integer: true, origin: null } : { kind: 'size', size };
