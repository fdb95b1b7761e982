import type { Size } from '../../../graph/size';
import type { Layers } from '../../../records/model/layers';
import { numbersOf, sizeOf, type Arguments, type Call } from '../../interpret/call';
import { constantOf } from '../../interpret/constants';
import { fromFront, isShapeKnown } from '../../interpret/shapes';
import { dataStep, graphOperation, opaqueOperation } from '../../interpret/tensors';
import { listValue, none, unknown, unreadable, type Value } from '../../values/value';
import type { TensorOperation } from './tensorOperation';
import { permuted } from './tensorShaping';

/** Entries of a tensor of repeated ones, and pieces of one that is cut, at most. */
const mostRepeated = 2 ** 18;
const mostParts = 4_096;

const problemOf = (a: Arguments): Value | null => (a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null);

/** Sizes given one by one, as a list, or as another tensor's shape; null when one is not known. */
function sizesOf(a: Arguments, name: string): Size[] | null {
  const keyword = a.call.keywords.get(name);
  const values = keyword ? [keyword.value] : a.call.positional.map((p) => p.value);
  const [first] = values;
  if (first?.kind === 'shape') return isShapeKnown(first) ? [...(first.sizes as Size[])] : null;
  const flat = first?.kind === 'list' ? first.items : values;
  const sizes = flat.map(sizeOf);
  return sizes.length > 0 && sizes.every((s) => s !== null) ? sizes : null;
}

const shapeOf = (x: Value): readonly (Size | null)[] | null =>
  x.kind === 'tensor' ? x.node.shape : x.kind === 'array' ? x.shape : null;

const expanded = (x: Value, shape: readonly Size[], call: Call): Value =>
  graphOperation(call.machine, 'expand', { shape }, [x], call.range);

const expand: TensorOperation = {
  names: 'size',
  run: (x, a) => {
    const shape = sizesOf(a, 'size');
    return shape ? expanded(x, shape, a.call) : unreadable('The new sizes could not be read', a.call.range);
  },
};

/** `x.expand_as(y)`. */
const expandAs: TensorOperation = {
  names: 'other',
  run: (x, a) => {
    const shape = shapeOf(a.value('other') ?? unknown);
    return shape?.every((s) => s !== null)
      ? expanded(x, shape as Size[], a.call)
      : unreadable('The sizes of the other tensor are not known here', a.call.range);
  },
};

const repeat: TensorOperation = {
  names: 'repeats',
  run: (x, a) => {
    const counts = sizesOf(a, 'repeats');
    if (!counts) return unreadable('How often this is repeated could not be read', a.call.range);
    const numbers = x.kind === 'array' && a.call.machine.moduleDepth === 0 ? constantOf(a.call.machine, x) : null;
    if (x.kind === 'array' && numbers) return repeatedNumbers(x, numbers, counts, a.call);
    return graphOperation(a.call.machine, 'repeat', { counts }, [x], a.call.range);
  },
};

function repeatedNumbers(
  x: Value & { readonly kind: 'array' },
  { shape, values }: { readonly shape: readonly number[]; readonly values: readonly number[] },
  counts: readonly Size[],
  call: Call,
): Value {
  if (!counts.every((n) => typeof n === 'number') || counts.length < shape.length)
    return unreadable('How often this is repeated could not be read', call.range);
  const sizes = [...new Array<number>(counts.length - shape.length).fill(1), ...shape];
  const whole = sizes.map((size, i) => size * (counts[i] as number));
  const total = whole.reduce((product, size) => product * size, 1);
  if (!(total <= mostRepeated)) return unreadable('This tensor is too large', call.range);
  const made = Array.from({ length: total }, (_, k) => {
    let [rest, at, stride] = [k, 0, 1];
    for (let axis = whole.length - 1; axis >= 0; axis--) {
      at += ((rest % (whole[axis] ?? 1)) % (sizes[axis] ?? 1)) * stride;
      rest = Math.floor(rest / (whole[axis] ?? 1));
      stride *= sizes[axis] ?? 1;
    }
    return values[at] ?? Number.NaN;
  });
  return dataStep(call.machine, 'literal', { shape: whole, values: made, integer: x.integer === true }, [], call.range, {
    flavour: x.flavour,
    shape: whole,
    integer: x.integer,
    mask: x.mask,
  });
}

/** Slices of lengths along an axis, as a tuple. */
function parts(x: Value, axis: number, lengths: readonly number[], call: Call): Value {
  let start = 0;
  const items = lengths.map((length) => {
    const part = graphOperation(call.machine, 'slice', { axis, start, end: start + length, step: 1 }, [x], call.range);
    start += length;
    return part;
  });
  return listValue(items, 'tuple');
}

/** Slices of one length, the last of what is left. */
function partsOf(x: Value, axis: number, size: number, each: number, call: Call): Value {
  const count = Math.ceil(size / each);
  if (!(each > 0 && count <= mostParts)) return unreadable('These are too many parts', call.range);
  const lengths = Array.from({ length: count }, (_, i) => Math.min(each, size - i * each));
  return parts(x, axis, lengths, call);
}

/** The known size of an axis; null when it is none. */
function axisOf(x: Value, axis: number): number | null {
  const shape = shapeOf(x);
  const size = shape?.[fromFront(axis, shape.length)];
  return typeof size === 'number' ? size : null;
}

const notKnown = (a: Arguments): Value => unreadable('The size of this axis is not known here', a.call.range);

const chunk: TensorOperation = {
  names: 'chunks dim',
  run: (x, a) => {
    const axis = a.number('dim', 0);
    const count = a.number('chunks');
    const size = axisOf(x, axis);
    if (problemOf(a) || size === null) return problemOf(a) ?? notKnown(a);
    return partsOf(x, axis, size, Math.ceil(size / count), a.call);
  },
};

const split: TensorOperation = {
  names: 'split_size_or_sections dim',
  run: (x, a) => {
    const axis = a.number('dim', 0);
    const given = a.value('split_size_or_sections') ?? a.value('split_size') ?? unknown;
    const sections = given.kind === 'list' ? numbersOf(given) : null;
    if (sections) return problemOf(a) ?? parts(x, axis, sections, a.call);
    const size = axisOf(x, axis);
    if (given.kind !== 'number' || size === null) return problemOf(a) ?? notKnown(a);
    return partsOf(x, axis, size, given.value, a.call);
  },
};

const unbind: TensorOperation = {
  names: 'dim',
  run: (x, a) => {
    const axis = a.number('dim', 0);
    const size = axisOf(x, axis);
    if (problemOf(a) || size === null || size > 1_000) return problemOf(a) ?? notKnown(a);
    return listValue(
      Array.from({ length: size }, (_, at) => selected(x, axis, at, a.call)),
      'tuple',
    );
  },
};

function selected(x: Value, axis: number, at: number, call: Call): Value {
  const end = at === -1 ? null : at + 1;
  const taken = graphOperation(call.machine, 'slice', { axis, start: at, end, step: 1 }, [x], call.range);
  return graphOperation(call.machine, 'squeeze', { axis }, [taken], call.range);
}

/** F.pad: numbers before and after each axis, the last axis first. */
const pad: TensorOperation = {
  names: 'pad mode value',
  run: (x, a) => {
    const widths = numbersOf(a.value('pad') ?? none);
    const mode = a.string('mode', 'constant');
    const value = a.number('value', 0);
    if (problemOf(a)) return problemOf(a) ?? unknown;
    const isKnown = mode === 'constant' || mode === 'reflect' || mode === 'replicate' || mode === 'circular';
    if (!widths || widths.length % 2 !== 0 || !isKnown) return unreadable('This padding could not be read', a.call.range);
    const axes = widths.length / 2;
    const along = (end: number): number[] => Array.from({ length: axes }, (_, i) => widths[2 * (axes - 1 - i) + end] ?? 0);
    const args: Layers['pad'] = { before: along(0), after: along(1), mode, value };
    return graphOperation(a.call.machine, 'pad', args, [x], a.call.range);
  },
};

const axesGiven = (a: Arguments, name: string): number[] | null => {
  const keyword = a.call.keywords.get(name);
  const first = keyword?.value ?? a.call.positional[0]?.value;
  if (first?.kind === 'list') return numbersOf(first);
  const all = keyword ? [keyword.value] : a.call.positional.map((p) => p.value);
  const numbers = all.map((v) => (v.kind === 'number' ? v.value : Number.NaN));
  return numbers.length === 0 || numbers.some(Number.isNaN) ? null : numbers;
};

const flip: TensorOperation = {
  names: 'dims',
  run: (x, a) => {
    const axes = axesGiven(a, 'dims');
    return axes
      ? graphOperation(a.call.machine, 'flip', { axes }, [x], a.call.range)
      : unreadable('These axes could not be read', a.call.range);
  },
};

const roll: TensorOperation = {
  names: 'shifts dims',
  run: (x, a) => {
    const shifts = numbersOf(a.value('shifts') ?? none);
    const axes = a.given('dims') ? numbersOf(a.value('dims') ?? none) : [];
    if (!shifts || !axes) return unreadable('This shift could not be read', a.call.range);
    return graphOperation(a.call.machine, 'roll', { shifts, axes }, [x], a.call.range);
  },
};

/** One axis to another place. */
const moveAxis: TensorOperation = {
  names: 'source destination',
  run: (x, a) => {
    const rank = shapeOf(x)?.length;
    if (rank === undefined) return unreadable('The number of axes is not known here', a.call.range);
    const from = numbersOf(a.value('source') ?? none)?.map((axis) => fromFront(axis, rank));
    const to = numbersOf(a.value('destination') ?? none)?.map((axis) => fromFront(axis, rank));
    if (!from || from.length !== to?.length) return unreadable('These axes could not be read', a.call.range);
    const rest = Array.from({ length: rank }, (_, i) => i).filter((axis) => !from.includes(axis));
    const order = Array.from({ length: rank }, (_, i) => {
      const at = to.indexOf(i);
      return at >= 0 ? (from[at] ?? 0) : (rest.shift() ?? 0);
    });
    return permuted(x, order, a.call);
  },
};

const unflatten: TensorOperation = {
  names: 'dim sizes',
  run: (x, a) => {
    const axis = a.number('dim');
    const value = a.value('sizes');
    const sizes = value?.kind === 'list' ? value.items.map(sizeOf) : [];
    if (problemOf(a) || sizes.length === 0 || !sizes.every((s) => s !== null))
      return problemOf(a) ?? unreadable('The new sizes could not be read', a.call.range);
    return graphOperation(a.call.machine, 'unflatten', { axis, shape: sizes }, [x], a.call.range);
  },
};

/** `x.repeat_interleave(n, dim)`: every entry n times. */
const repeatInterleave: TensorOperation = {
  names: 'repeats dim',
  run: (x, a) => {
    const [times, axis] = [a.number('repeats'), a.number('dim')];
    const size = axisOf(x, axis);
    if (problemOf(a) || size === null) return problemOf(a) ?? notKnown(a);
    if (!(size * times <= mostRepeated)) return unreadable('This tensor is too large', a.call.range);
    const m = a.call.machine;
    const values = Array.from({ length: size * times }, (_, i) => Math.floor(i / times));
    const places: Value = {
      kind: 'tensor',
      node: m.trace.add('values', { shape: [values.length], values, type: 'integer' }, [], a.call.range),
    };
    return graphOperation(m, 'take', { axis }, [x, places], a.call.range);
  },
};

/** Operations that move and repeat elements, by their names as methods and functions. */
export const rearrangingOperations: Readonly<Record<string, TensorOperation>> = {
  expand,
  broadcast_to: expand,
  expand_as: expandAs,
  repeat,
  repeat_interleave: repeatInterleave,
  chunk,
  split,
  unbind,
  pad,
  flip,
  roll,
  movedim: moveAxis,
  moveaxis: moveAxis,
  unflatten,
  narrow: {
    names: 'dim start length',
    run: (x, a) => {
      const [axis, start, length] = [a.number('dim'), a.number('start'), a.number('length')];
      const args = { axis, start, end: start + length, step: 1 };
      return problemOf(a) ?? graphOperation(a.call.machine, 'slice', args, [x], a.call.range);
    },
  },
  select: {
    names: 'dim index',
    run: (x, a) => {
      const [axis, at] = [a.number('dim'), a.number('index')];
      return problemOf(a) ?? selected(x, axis, at, a.call);
    },
  },
  view_as: {
    names: 'other',
    run: (x, a) => {
      const shape = shapeOf(a.value('other') ?? unknown);
      return shape?.every((s) => s !== null)
        ? graphOperation(a.call.machine, 'reshape', { shape: shape as Size[] }, [x], a.call.range)
        : opaqueOperation(a.call.machine, 'view_as', [x], a.call.range);
    },
  },
};
