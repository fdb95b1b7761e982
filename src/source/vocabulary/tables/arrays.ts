import type { Size } from '../../../graph/size';
import { Arguments, numbersOf, sizeOf, type Call, type Handler } from '../../interpret/call';
import { asChoice } from '../../interpret/elementwise';
import { sectionsOf } from '../../interpret/pieces';
import { broadcastShapes } from '../../interpret/shapes';
import { compareWith, dataStep, graphOperation, isTensorLike, jointInteger } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { booleanValue, listValue, numberValue, stringValue, unknown, unreadable, type Value } from '../../values/value';
import { roundedSize } from '../../values/sizeRoundings';
import { numberFunctions } from '../python/standardLibrary';
import { arrayFunctions, clipBetween, entriesChanged, entryFunctionNames, hasBounds, lengthAlong } from './arrayFunctions';
import { classCounts, unique } from './counts';
import type { FunctionTable } from '../functionTable';
import { numberType } from '../tensors/numberTypes';
import { splitAt } from './arraySplits';
import { asFunction, tensorOperations } from '../tensors/tensorOperations';
import { missingMarks } from './tableChanges';
import type { TensorOperation } from '../tensors/tensorOperation';
import { behind, below, besides, arange, joined, linspace, madeOf } from '../tensors/torchTensors';
import { shapeArgument } from './arrayShape';
import { randomFunctions } from './randomArrays';
import { load, readText } from './arrayFiles';

const failure = (text: string, call: Call): Value => unreadable(text, call.range);

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
    (x, call) => {
      return x.kind === 'number' ? numberValue(f(x.value), false, { place: call.range, chain: [] }) : null;
    },
  ]),
);

const ofScalar = (name: string, x: Value, call: Call): Value | null =>
  x.kind === 'size' ? roundedSize(name, x) : (scalarFunctions[name]?.(x, call) ?? null);

/** `np.where(condition, a, b)`. */
const where: Handler = (call) => {
  const m = call.machine;
  const [condition, yes, no] = call.positional.map((p) => p.value);
  const tensor = [condition, yes, no].some((value) => value?.kind === 'tensor');
  if (tensor && condition && yes && no) return graphOperation(m, 'where', {}, [condition, yes, no], call.range);
  const [first, second] = [yes, no].map((value) => (value && condition ? asChoice(m, value, condition, call.range) : null));
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
      (call) => asFunction(operation, call, (x) => ofScalar(name, x, call) ?? listAsArray(x, call, name)),
    ]),
  ),
  ...Object.fromEntries(
    entryFunctionNames.map((name): [string, Handler] => [
      `numpy.${name}`,
      (call) =>
        entriesChanged(name, call) ??
        (tensorOperations[name]
          ? asFunction(tensorOperations[name], call, (x) => ofScalar(name, x, call) ?? listAsArray(x, call, name))
          : (ofScalar(name, call.positional[0]?.value ?? unknown, call) ??
            failure(`numpy.${name} of this value is not read`, call))),
    ]),
  ),
  'numpy.linalg.norm': (call) => {
    const [x] = call.positional;
    const operation = tensorOperations['norm'];
    if (x?.value.kind === 'array') return lengthAlong(x.value, call);
    return operation && x?.value.kind === 'tensor'
      ? asFunction(operation, call)
      : failure('What this is the norm of could not be read', call);
  },
  'numpy.clip': (call) => {
    const [x] = call.positional;
    const operation = tensorOperations['clip'];
    return x?.value.kind === 'array' && hasBounds(call)
      ? clipBetween(x.value, call)
      : operation
        ? asFunction(operation, call)
        : unknown;
  },
  ...arrayFunctions,
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
  'numpy.vstack': below,
  'numpy.hstack': besides,
  'numpy.dstack': behind,
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
