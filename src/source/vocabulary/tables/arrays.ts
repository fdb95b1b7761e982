import type { Size } from '../../../graph/size';
import { Arguments, numbersOf, sizeOf, type Call, type Handler } from '../../interpret/call';
import { isShapeKnown } from '../../interpret/shapes';
import { sectionsOf } from '../../interpret/pieces';
import { broadcastShapes } from '../../interpret/shapes';
import {
  asArray,
  compareWith,
  dataStep,
  graphOperation,
  isTensorLike,
  jointInteger,
  tensorBinary,
} from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { booleanValue, listValue, none, numberValue, stringValue, unknown, unreadable, type Value } from '../../values/value';
import { numberFunctions } from '../python/standardLibrary';
import { classCounts, unique } from './counts';
import type { FunctionTable } from '../functionTable';
import { numberType } from '../tensors/numberTypes';
import { splitAt } from './arraySplits';
import { asFunction, tensorOperations } from '../tensors/tensorOperations';
import { missingMarks } from './tableChanges';
import type { TensorOperation } from '../tensors/tensorOperation';
import { permuted } from '../tensors/tensorShaping';
import { permutation } from '../tensors/torchRandom';
import { arange, joined, linspace, madeOf } from '../tensors/torchTensors';

const failure = (text: string, call: Call): Value => unreadable(text, call.range);

function shapeArgument(value: Value | null): Size[] | null {
  if (!value || value.kind === 'none') return [];
  if (value.kind === 'list') {
    const sizes = value.items.map(sizeOf);
    return sizes.every((s) => s !== null) ? sizes : null;
  }
  if (value.kind === 'shape') return isShapeKnown(value) ? [...(value.sizes as Size[])] : null;
  const size = sizeOf(value);
  return size === null ? null : [size];
}

const filled =
  (value: number): Handler =>
  (call) => {
    const shape = shapeArgument(call.positional[0]?.value ?? call.keywords.get('shape')?.value ?? null);
    if (!shape) return failure('The shape could not be read', call);
    return filledWith(shape, value, call.positional[1]?.value ?? call.keywords.get('dtype')?.value ?? null, call);
  };

/** One number everywhere, in the number type that is asked for. */
function filledWith(shape: Size[], value: number, type: Value | null, call: Call): DataArray {
  const made = dataStep(call.machine, 'filled', { shape, value }, [], call.range, { shape, integer: false });
  if (isBoolean(type)) return compareWith(call.machine, '!=', made, 0, call.range);
  if (numberType(type) !== 'integer') return made;
  return dataStep(call.machine, 'cast', { to: 'integer' }, [made], call.range, { integer: true });
}

const isBoolean = (type: Value | null): boolean =>
  (type?.kind === 'external' && /(^|\.)bool_?$/.test(type.path)) || (type?.kind === 'string' && type.value === 'bool');

/** `np.sort(x)` of a row of numbers. */
const sorted: Handler = (call) => {
  const x = call.positional[0]?.value;
  const isRow = x?.kind === 'array' && x.shape?.length === 1 && call.positional.length + call.keywords.size === 1;
  if (x?.kind === 'array' && isRow) return dataStep(call.machine, 'sortRows', { columns: [0], ascending: true }, [x], call.range);
  const operation = tensorOperations['sort'];
  return operation && x?.kind === 'tensor' ? asFunction(operation, call) : failure('How this is sorted could not be read', call);
};

/** `np.zeros_like(x)`: as many numbers of the same type. */
const filledLike =
  (value: number): Handler =>
  (call) => {
    const like = call.positional[0]?.value;
    if (like?.kind !== 'array' || like.integer === null) return failure('What this is shaped like could not be read', call);
    const sizes = like.shape?.map((size, axis) => size ?? call.machine.program.symbol(like.step, { kind: 'size', axis }));
    const type = call.keywords.get('dtype')?.value ?? call.positional[1]?.value ?? null;
    const own = type ?? (like.integer ? stringValue('int') : null);
    return sizes ? filledWith(sizes, value, own, call) : failure('What this is shaped like could not be read', call);
  };

const random = (call: Call, shape: Size[] | null, make: 'randomNormal' | 'randomUniform', a: number, b: number): Value => {
  const m = call.machine;
  if (!shape || Number.isNaN(a) || Number.isNaN(b)) return failure('The shape could not be read', call);
  const result = { shape, integer: false, loop: m.currentLoop?.id ?? null };
  if (make === 'randomNormal')
    return dataStep(m, make, { shape, seed: m.seeds.numpy, mean: a, deviation: b }, [], call.range, result);
  return dataStep(m, make, { shape, seed: m.seeds.numpy, low: a, high: b }, [], call.range, result);
};

const isSeveral = (value: Value | null): boolean => value?.kind === 'list' || value?.kind === 'array';

const asNumbers = (value: Value, call: Call): Value => (value.kind === 'list' ? madeOf(value, 'float', 'numpy', call) : value);

/** NumPy's generators, as functions and as methods of `default_rng` and `RandomState`. */
export const randomFunctions: Readonly<Record<string, Handler>> = {
  rand: (call) => random(call, shapeArgument(listValue(call.positional.map((p) => p.value))), 'randomUniform', 0, 1),
  random: (call) =>
    random(call, shapeArgument(call.positional[0]?.value ?? call.keywords.get('size')?.value ?? null), 'randomUniform', 0, 1),
  random_sample: (call) =>
    random(call, shapeArgument(call.positional[0]?.value ?? call.keywords.get('size')?.value ?? null), 'randomUniform', 0, 1),
  randn: (call) => random(call, shapeArgument(listValue(call.positional.map((p) => p.value))), 'randomNormal', 0, 1),
  standard_normal: (call) =>
    random(call, shapeArgument(call.positional[0]?.value ?? call.keywords.get('size')?.value ?? null), 'randomNormal', 0, 1),
  normal: (call) => {
    const a = new Arguments(call, 'loc scale size');
    const [loc, scale] = [a.value('loc'), a.value('scale')];
    const shape = shapeArgument(a.value('size'));
    if (!isSeveral(loc) && !isSeveral(scale))
      return random(call, shape, 'randomNormal', a.number('loc', 0), a.number('scale', 1));
    if (!a.given('size')) return failure('The shape could not be read', call);
    const drawn = random(call, shape, 'randomNormal', 0, 1);
    const spread = tensorBinary(call.machine, '*', drawn, asNumbers(scale ?? numberValue(1), call), call.range);
    return tensorBinary(call.machine, '+', spread, asNumbers(loc ?? numberValue(0), call), call.range);
  },
  uniform: (call) => {
    const a = new Arguments(call, 'low high size');
    return random(call, shapeArgument(a.value('size')), 'randomUniform', a.number('low', 0), a.number('high', 1));
  },
  randint: (call) => {
    const a = new Arguments(call, 'low high size');
    const two = a.given('high');
    const shape = shapeArgument(a.value('size'));
    const high = sizeOf(a.value(two ? 'high' : 'low'));
    if (!shape || high === null) return failure('The shape could not be read', call);
    const args = {
      shape,
      seed: call.machine.seeds.numpy,
      low: two ? a.number('low') : 0,
      high: typeof high === 'number' ? high : Number.NaN,
    };
    return dataStep(call.machine, 'randomInteger', args, [], call.range, {
      shape,
      integer: true,
      loop: call.machine.currentLoop?.id ?? null,
    });
  },
  choice: (call) => {
    const a = new Arguments(call, 'a size replace');
    const high = sizeOf(a.value('a')) ?? null;
    const shape = shapeArgument(a.value('size'));
    if (!shape || high === null) return failure('How this is drawn could not be read', call);
    const args = { shape, seed: call.machine.seeds.numpy, low: 0, high: typeof high === 'number' ? high : Number.NaN };
    return dataStep(call.machine, 'randomInteger', args, [], call.range, {
      shape,
      integer: true,
      loop: call.machine.currentLoop?.id ?? null,
    });
  },
  permutation: permutation('numpy'),
  shuffle: (call) => {
    const value = call.positional[0]?.value;
    if (value?.kind === 'list') value.shuffled = true;
    if (value?.kind !== 'array') return none;
    const m = call.machine;
    const size = value.shape?.[0] ?? m.program.symbol(value.step, { kind: 'size', axis: 0 });
    const order = dataStep(m, 'randomPermutation', { size, seed: m.drawSeed('numpy') }, [], call.range, {
      shape: [size],
      integer: true,
    });
    // Shuffled in place: the positions 0 … n-1 in a new order are a permutation themselves.
    const positions = m.program.steps[value.step]?.kind === 'arange';
    value.step = positions ? order.step : dataStep(m, 'takeRows', {}, [value, order], call.range).step;
    return none;
  },
  seed: (call) => {
    const seed = call.positional[0]?.value;
    if (seed?.kind === 'number') call.machine.seeds.numpy = seed.value;
    return none;
  },
};

const readText =
  (allowMissing: boolean): Handler =>
  (call) => {
    const a = new Arguments(
      call,
      allowMissing ? 'fname dtype comments delimiter skip_header' : 'fname dtype comments delimiter converters skiprows usecols',
    );
    const path = a.value('fname');
    if (path?.kind !== 'string')
      return path?.kind === 'unknown' && path.reason ? path : failure('The path of this file could not be read', call);
    const columns = a.given('usecols') ? numbersOf(a.value('usecols') ?? none) : null;
    for (const name of ['converters', 'names', 'skip_footer', 'filling_values', 'missing_values', 'encoding'])
      if (a.given(name) && a.value(name)?.kind !== 'none' && name !== 'encoding') a.reject(name, `\`${name}\` is not read here`);
    if (a.given('usecols') && !columns) a.reject('usecols', 'The columns could not be read');
    const limit = a.optionalNumber('max_rows');
    const args = {
      path: path.value,
      delimiter: a.given('delimiter') ? a.string('delimiter', ',') : null,
      skipRows: a.number(allowMissing ? 'skip_header' : 'skiprows', 0),
      comment: a.string('comments', '#'),
      columns,
      allowMissing,
    };
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const result = { shape: null, integer: numberType(a.value('dtype')) === 'integer' };
    const whole = dataStep(call.machine, 'readText', args, [], call.range, result);
    const read =
      limit === null
        ? whole
        : dataStep(call.machine, 'slice', { axis: 0, start: 0, end: limit, step: 1 }, [whole], call.range, result);
    const unpack = a.value('unpack');
    return unpack?.kind === 'boolean' && unpack.value ? unpacked(read, columns, call) : read;
  };

/** `unpack=True`: the columns, one after the other where their number is known. */
function unpacked(read: DataArray, columns: readonly number[] | null, call: Call): Value {
  if (!columns) return permuted(read, null, call);
  return listValue(
    columns.map((_, at) => dataStep(call.machine, 'index', { axis: 1, at }, [read], call.range, { shape: [null] })),
    'tuple',
  );
}

const load: Handler = (call) => {
  const path = call.positional[0]?.value ?? call.keywords.get('file')?.value;
  if (path?.kind !== 'string')
    return path?.kind === 'unknown' && path.reason ? path : failure('The path of this file could not be read', call);
  if (path.value.endsWith('.npz'))
    return { kind: 'namespace', entries: new Map<string, Value>([['__npz', path]]), missing: 'npz' };
  return dataStep(call.machine, 'readNpy', { path: path.value }, [], call.range, { shape: null });
};

const oneHotOf: Handler = (call) => {
  const size = sizeOf(call.positional[0]?.value ?? null);
  if (size === null) return failure('The size could not be read', call);
  const positions = dataStep(call.machine, 'arange', { start: 0, end: size, step: 1 }, [], call.range, {
    shape: [size],
    integer: true,
  });
  const shape = [size, size];
  const marks = dataStep(call.machine, 'oneHot', { classes: size }, [positions], call.range, { shape });
  return dataStep(call.machine, 'cast', { to: 'float' }, [marks], call.range, { shape, integer: false });
};

const scalarFunctions = Object.fromEntries(
  Object.entries(numberFunctions).map(([name, f]): [string, (x: Value, call: Call) => Value | null] => [
    name,
    (x, call) => (x.kind === 'number' ? numberValue(f(x.value), false, { place: call.range, chain: [] }) : null),
  ]),
);

/** `np.where(condition, a, b)`. */
const where: Handler = (call) => {
  const m = call.machine;
  const [condition, yes, no] = call.positional.map((p) => p.value);
  const tensor = [condition, yes, no].some((value) => value?.kind === 'tensor');
  if (tensor && condition && yes && no) return graphOperation(m, 'where', {}, [condition, yes, no], call.range);
  const [first, second] = [yes, no].map((value) => (value ? asArray(m, value, call.range) : null));
  if (condition?.kind !== 'array' || !first || !second) return failure('This choice could not be read', call);
  return dataStep(m, 'where', {}, [condition, first, second], call.range, {
    mask: false,
    integer: jointInteger([first, second]),
    shape: broadcastShapes(condition.shape, broadcastShapes(first.shape, second.shape)),
  });
};

/** `np.isnan(x)`. */
const isNaN: Handler = (call) => {
  const x = call.positional[0]?.value;
  return x?.kind === 'array' ? missingMarks(x, call) : unknown;
};

/** `np.nan_to_num(x)`. Infinities, which it would also replace, are rare in data. */
const withoutGaps: Handler = (call) => {
  const a = new Arguments(call, 'x copy nan');
  const x = a.value('x');
  const value = a.number('nan', 0);
  return x?.kind === 'array'
    ? dataStep(call.machine, 'fillMissing', { value, statistic: null }, [x], call.range)
    : failure('What gaps are filled in could not be read', call);
};

/** `np.nanmean(x, axis)` and the like. */
const withoutMissing =
  (name: 'mean' | 'sum' | 'min' | 'max' | 'std' | 'var' | 'median'): Handler =>
  (call) => {
    const made = asFunction(tensorOperations[name] as TensorOperation, call);
    const step = made.kind === 'array' ? call.machine.program.steps[made.step] : null;
    if (made.kind !== 'array' || step?.kind !== 'reduce') return made;
    const added = call.machine.program.add('reduce', { ...step.arguments, skipMissing: true }, step.inputs, step.range);
    return { ...made, step: added };
  };

/** NumPy. Elementwise functions and reductions are the shared tensor operations. */
export const numpyTable: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(scalarFunctions).map(([name, f]): [string, Handler] => [
      `numpy.${name}`,
      (call) => f(call.positional[0]?.value ?? unknown, call) ?? failure(`numpy.${name} of this value is not read`, call),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(tensorOperations).map(([name, operation]): [string, Handler] => [
      `numpy.${name}`,
      (call) => asFunction(operation, call, (x) => scalarFunctions[name]?.(x, call) ?? listAsArray(x, call, name)),
    ]),
  ),
  'numpy.array': (call) =>
    madeOf(call.positional[0]?.value ?? unknown, numberType(new Arguments(call, 'object dtype').value('dtype')), 'numpy', call),
  'numpy.asarray': (call) =>
    madeOf(call.positional[0]?.value ?? unknown, numberType(new Arguments(call, 'object dtype').value('dtype')), 'numpy', call),
  'numpy.float32': (call) => madeOf(call.positional[0]?.value ?? unknown, 'float', 'numpy', call),
  'numpy.zeros': filled(0),
  'numpy.ones': filled(1),
  'numpy.empty': filled(0),
  'numpy.sort': sorted,
  'numpy.zeros_like': filledLike(0),
  'numpy.ones_like': filledLike(1),
  'numpy.full': (call) => {
    const a = new Arguments(call, 'shape fill_value dtype');
    const [shape, value] = [shapeArgument(a.value('shape')), a.value('fill_value')];
    if (!shape || (value?.kind !== 'number' && value?.kind !== 'boolean')) return failure('The shape could not be read', call);
    const type = a.value('dtype') ?? (value.kind === 'number' && value.integer ? stringValue('int') : null);
    return filledWith(shape, Number(value.value), type, call);
  },
  'numpy.eye': oneHotOf,
  'numpy.identity': oneHotOf,
  'numpy.linspace': linspace('numpy'),
  'numpy.arange': arange('numpy'),
  'numpy.concatenate': joined('concatenate', null),
  'numpy.vstack': joined('concatenate', 0),
  'numpy.hstack': joined('concatenate', 1),
  'numpy.stack': joined('stack', null),
  'numpy.column_stack': (call) => {
    const list = call.positional[0]?.value;
    const flat =
      list?.kind === 'list' &&
      list.items.every((item) => item.kind === 'array' && (item.shape?.length === 1 || item.flavour === 'series'));
    return joined(flat ? 'stack' : 'concatenate', 1)(call);
  },
  'numpy.bincount': classCounts('numpy'),
  'torch.bincount': classCounts('torch'),
  'numpy.array_split': (call) => {
    const a = new Arguments(call, 'ary indices_or_sections axis');
    const [array, parts] = [a.value('ary'), a.argument('indices_or_sections')];
    if (array?.kind !== 'array' || !parts || a.given('axis')) return failure('These parts could not be read', call);
    return sectionsOf(call.machine, array, parts, call.range);
  },
  'numpy.unique': unique,
  'torch.unique': unique,
  'numpy.loadtxt': readText(false),
  'numpy.genfromtxt': readText(true),
  'numpy.load': load,
  'numpy.split': splitAt,
  'numpy.where': where,
  'numpy.isnan': isNaN,
  'numpy.nan_to_num': withoutGaps,
  ...Object.fromEntries(
    (['mean', 'sum', 'min', 'max', 'std', 'var', 'median'] as const).map((name) => [`numpy.nan${name}`, withoutMissing(name)]),
  ),
  'numpy.prod': (call) => {
    const given = call.positional[0]?.value ?? unknown;
    const sizes = given.kind === 'shape' ? given.sizes : null;
    const numbers = sizes ? sizes.flatMap((size) => (typeof size === 'number' ? [size] : [])) : numbersOf(given);
    return numbers && (sizes === null || sizes.length === numbers.length)
      ? numberValue(
          numbers.reduce((a, b) => a * b, 1),
          true,
          { place: call.range, chain: [] },
        )
      : unknown;
  },
  'numpy.logspace': (call) => {
    const a = new Arguments(call, 'start stop num');
    const [start, stop, count] = [a.number('start'), a.number('stop'), a.number('num', 50)];
    if (a.problems.length > 0 || count > 500) return unknown;
    return listValue(
      Array.from({ length: count }, (_, i) =>
        numberValue(10 ** (start + ((stop - start) * i) / Math.max(1, count - 1)), false, { place: call.range, chain: [] }),
      ),
    );
  },
  'numpy.random.default_rng': (call) => {
    const seed = call.positional[0]?.value;
    if (seed?.kind === 'number') call.machine.seeds.numpy = seed.value;
    return { kind: 'inert', path: 'numpy.random' };
  },
  'numpy.random.RandomState': (call) => {
    const seed = call.positional[0]?.value;
    if (seed?.kind === 'number') call.machine.seeds.numpy = seed.value;
    return { kind: 'inert', path: 'numpy.random' };
  },
  ...Object.fromEntries(Object.entries(randomFunctions).map(([name, handler]) => [`numpy.random.${name}`, handler])),
  'numpy.allclose': () => booleanValue(true),
};

/** A list of numbers where NumPy takes an array. */
function listAsArray(x: Value, call: Call, name: string): Value | null {
  const operation = tensorOperations[name];
  if (x.kind !== 'list' || !operation) return null;
  const array = madeOf(x, null, 'numpy', call);
  if (!isTensorLike(array)) return null;
  return operation.run(array, new Arguments({ ...call, positional: call.positional.slice(1) }, operation.names));
}

/** The array `key` of an archive that `np.load` opened. */
export function npzItem(path: Value, key: string, call: Pick<Call, 'machine' | 'range'>): DataArray | null {
  return path.kind === 'string'
    ? dataStep(call.machine, 'readNpz', { path: path.value, key }, [], call.range, { flavour: 'numpy', shape: null })
    : null;
}
