import { countUnread } from '../interpret/growth';
import type { Size } from '../../graph/size';
import { Arguments, numbersOf, sizeOf, type Call, type Handler } from '../interpret/call';
import { dataStep, graphOperation, isTensorLike, opaqueOperation } from '../interpret/tensors';
import type { Array as DataArray } from '../values/dataValues';
import { none, numberValue, tensorValue, unknown, unreadable, type Value } from '../values/value';
import { rowsOfList, stackedInRows } from '../interpret/windows';
import type { FunctionTable } from './functionTable';
import { newCell } from './layers';
import { initializerOf } from './rawParameters';
import { castTo, numberType } from './numberTypes';

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
  const rows = value.kind === 'list' ? rowsOfList(value) : null;
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

/** Turns a tensor of data with `requires_grad` into a raw parameter. */
export function rawParameter(value: Value, call: Call): Value {
  if (value.kind === 'tensor' || value.kind !== 'array') return value;
  const m = call.machine;
  const initializer = initializerOf(m, value);
  const cell = newCell(value.shape ?? [], initializer ?? { kind: 'constant', value: 0 }, call.range, false);
  if (!initializer) cell.unread = { text: 'The first values of this parameter could not be read', range: call.range };
  return tensorValue(m.trace.parameter(cell, call.range));
}

/** Marks the result as trainable when the call says `requires_grad=True`. */
const withGradient = (value: Value, a: Arguments): Value => {
  const flag = a.value('requires_grad');
  return flag?.kind === 'boolean' && flag.value ? rawParameter(value, a.call) : value;
};

const tensor =
  (fixed: 'float' | 'integer' | null): Handler =>
  (call) => {
    const a = new Arguments(call, 'data');
    const first = call.positional[0]?.value;
    if (fixed && first?.kind === 'number') return unreadable('A tensor without values is not read', call.range);
    const value = first ?? call.keywords.get('data')?.value ?? unknown;
    return withGradient(madeOf(value, fixed ?? numberType(a.value('dtype')), 'torch', call), a);
  };

/** The sizes of `torch.zeros(2, 3)` or `torch.zeros((2, 3))`. */
function shapeOf(call: Call, from: number): Size[] | null {
  const given = call.keywords.get('size') ?? call.keywords.get('shape');
  const values = given ? [given.value] : call.positional.slice(from).map((p) => p.value);
  const flat = values[0]?.kind === 'list' ? values[0].items : values[0]?.kind === 'shape' ? null : values;
  if (flat === null) {
    const first = values[0];
    return first?.kind === 'shape' && first.sizes.every((s) => s !== null) ? [...(first.sizes as Size[])] : null;
  }
  const sizes = flat.map(sizeOf);
  return sizes.every((s) => s !== null) ? sizes : null;
}

const loopOf = (call: Call): number | null => call.machine.currentLoop?.id ?? null;

const noShape = (call: Call): Value => unreadable('The shape could not be read', call.range);

const filled =
  (value: number): Handler =>
  (call) => {
    const a = new Arguments(call, '');
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

/** The tensor of which only the shape matters. */
const patternOf = (call: Call): Value => call.positional[0]?.value ?? call.keywords.get('input')?.value ?? unknown;

const fullShape = (value: Value): readonly Size[] | null => {
  const shape = value.kind === 'array' ? value.shape : value.kind === 'tensor' ? value.node.shape : null;
  return shape?.every((s) => s !== null) ? (shape as Size[]) : null;
};

/** Random numbers of another tensor's shape. */
const freshLike =
  (distribution: 'normal' | 'uniform'): Handler =>
  (call) => {
    const m = call.machine;
    const pattern = patternOf(call);
    if (pattern.kind === 'tensor')
      return tensorValue(m.trace.add('noise', { distribution, shape: null, call: 0 }, [pattern.node], call.range));
    const shape = fullShape(pattern);
    if (!shape) return noShape(call);
    const result = { flavour: 'torch', shape, integer: false, loop: loopOf(call) } as const;
    const seed = m.seeds.torch;
    return distribution === 'normal'
      ? dataStep(m, 'randomNormal', { shape, seed, mean: 0, deviation: 1 }, [], call.range, result)
      : dataStep(m, 'randomUniform', { shape, seed, low: 0, high: 1 }, [], call.range, result);
  };

/** One number in another tensor's shape. */
const filledLike =
  (value: number): Handler =>
  (call) => {
    const m = call.machine;
    const pattern = patternOf(call);
    const shape = fullShape(pattern);
    if (pattern.kind === 'tensor' && !shape) return opaqueOperation(m, 'values like another tensor', [pattern], call.range);
    if (!shape) return noShape(call);
    if (pattern.kind === 'tensor') return tensorValue(m.trace.add('filled', { shape, value }, [], call.range));
    return dataStep(m, 'filled', { shape, value }, [], call.range, { flavour: 'torch', shape });
  };

const normal: Handler = (call) => {
  const shape = shapeOf(call, 0);
  if (!shape) return noShape(call);
  const m = call.machine;
  const made = dataStep(m, 'randomNormal', { shape, seed: m.seeds.torch, mean: 0, deviation: 1 }, [], call.range, {
    flavour: 'torch',
    shape,
    integer: false,
    loop: loopOf(call),
  });
  return withGradient(made, new Arguments(call, ''));
};

const uniform: Handler = (call) => {
  const shape = shapeOf(call, 0);
  if (!shape) return noShape(call);
  const m = call.machine;
  const made = dataStep(m, 'randomUniform', { shape, seed: m.seeds.torch, low: 0, high: 1 }, [], call.range, {
    flavour: 'torch',
    shape,
    integer: false,
    loop: loopOf(call),
  });
  return withGradient(made, new Arguments(call, ''));
};

/** `torch.normal(mean, std)` where one of the two is data: standard normal numbers of its shape, scaled and moved. */
function normalAround(mean: Value, deviation: Value, call: Call): Value {
  const m = call.machine;
  const shape = [mean, deviation].map(fullShape).find((s) => s !== null && s.length > 0);
  if (!shape) return noShape(call);
  const result = { flavour: 'torch', shape, integer: false } as const;
  const args = { shape, seed: m.seeds.torch, mean: 0, deviation: 1 };
  const drawn = dataStep(m, 'randomNormal', args, [], call.range, { ...result, loop: loopOf(call) });
  const given = (value: Value): Value => (value.kind === 'number' ? madeOf(value, 'float', 'torch', call) : value);
  const [scale, offset] = [given(deviation), given(mean)];
  if (scale.kind !== 'array' || offset.kind !== 'array') return unreadable('These moments could not be read', call.range);
  const scaled = dataStep(m, 'multiply', {}, [drawn, scale], call.range, result);
  return dataStep(m, 'add', {}, [scaled, offset], call.range, result);
}

const normalWithMoments: Handler = (call) => {
  const a = new Arguments(call, 'mean std size');
  const size = a.value('size');
  const [first, second] = [a.value('mean') ?? numberValue(0), a.value('std') ?? numberValue(1)];
  if (first.kind === 'array' || second.kind === 'array') return normalAround(first, second, call);
  const shape = size ? shapeOf({ ...call, positional: [{ value: size, range: call.range }], keywords: new Map() }, 0) : [];
  const mean = a.number('mean', 0);
  const deviation = a.number('std', 1);
  if (!shape || a.problems[0]) return noShape(call);
  const m = call.machine;
  const made = dataStep(m, 'randomNormal', { shape, seed: m.seeds.torch, mean, deviation }, [], call.range, {
    flavour: 'torch',
    shape,
    integer: false,
    loop: loopOf(call),
  });
  return withGradient(made, a);
};

const randint: Handler = (call) => {
  const two = call.positional.length >= 3 || (call.positional.length === 2 && call.keywords.has('size'));
  const a = new Arguments(call, two ? 'low high size' : 'high size');
  const low = two ? a.number('low') : a.number('low', 0);
  const high = a.size('high');
  const size = a.value('size');
  const shape = size ? (size.kind === 'list' ? size.items.map(sizeOf) : [sizeOf(size)]) : null;
  if (!shape || shape.some((s) => s === null)) return noShape(call);
  const m = call.machine;
  const args = { shape: shape as Size[], seed: m.seeds.torch, low, high: typeof high === 'number' ? high : Number.NaN };
  return dataStep(m, 'randomInteger', args, [], call.range, {
    flavour: 'torch',
    shape: args.shape,
    integer: true,
    loop: loopOf(call),
  });
};

export const permutation =
  (library: 'torch' | 'numpy'): Handler =>
  (call) => {
    const first = call.positional[0]?.value ?? call.keywords.get('n')?.value ?? unknown;
    const m = call.machine;
    if (first.kind === 'array') {
      const size = first.shape?.[0] ?? m.program.symbol(first.step, { kind: 'size', axis: 0 });
      const order = dataStep(m, 'randomPermutation', { size, seed: m.drawSeed(library) }, [], call.range, {
        shape: [size],
        integer: true,
      });
      return dataStep(m, 'takeRows', {}, [first, order], call.range, { shape: first.shape });
    }
    const size = sizeOf(first);
    if (size === null) return unreadable('The length of this permutation could not be read', call.range);
    // A permutation made in each epoch is how batches are shuffled by hand: it is not a fresh draw of rows.
    const shape = [size];
    const inBatches = m.currentLoop?.batches ?? false;
    return dataStep(m, 'randomPermutation', { size, seed: m.drawSeed(library) }, [], call.range, {
      flavour: library,
      shape,
      integer: true,
      loop: inBatches ? loopOf(call) : null,
    });
  };

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

export const arange =
  (flavour: Flavour): Handler =>
  (call) => {
    const count = call.positional.length;
    const a = new Arguments(call, count <= 1 ? 'end' : 'start end step');
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
    const axis = fixedAxis ?? (a.given('axis') ? a.number('axis') : a.number('dim', 0));
    const rows = list?.kind === 'list' && kind === 'stack' && axis === 0 ? rowsOfList(list) : null;
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

function sum(arrays: readonly DataArray[], axis: number): Size | null {
  const sizes = arrays.map((x) => x.shape?.[axis] ?? null);
  return sizes.every((s) => typeof s === 'number') ? sizes.reduce<number>((t, s) => t + Number(s), 0) : null;
}

/** Makers of tensors in `torch`. */
export const torchTensors: FunctionTable = {
  'torch.tensor': tensor(null),
  'torch.as_tensor': tensor(null),
  'torch.from_numpy': tensor(null),
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
    const shape = a.value('size')?.kind === 'list' ? numbersOf(a.value('size') ?? none) : null;
    return shape
      ? dataStep(call.machine, 'filled', { shape, value: a.number('fill_value') }, [], call.range, { flavour: 'torch', shape })
      : noShape(call);
  },
  'torch.randn': normal,
  'torch.rand': uniform,
  'torch.normal': normalWithMoments,
  'torch.randint': randint,
  'torch.randperm': permutation('torch'),
  'torch.linspace': linspace('torch'),
  'torch.arange': arange('torch'),
  'torch.cat': joined('concatenate', null),
  'torch.concat': joined('concatenate', null),
  'torch.stack': joined('stack', null),
  'torch.hstack': joined('concatenate', 1),
  'torch.vstack': joined('concatenate', 0),
  'torch.zeros_like': filledLike(0),
  'torch.ones_like': filledLike(1),
  'torch.randn_like': freshLike('normal'),
  'torch.rand_like': freshLike('uniform'),
};
