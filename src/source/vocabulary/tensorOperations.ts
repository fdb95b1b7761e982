import type { Size } from '../../graph/size';
import type { DataSteps } from '../../records/dataSteps';
import type { LayerKind, Layers } from '../../records/model';
import { Arguments, numbersOf, sizeOf, type Call } from '../interpret/call';
import { fromFront, isRows, productOf, resolveReshape, type PartialShape } from '../interpret/shapes';
import {
  axisSize,
  compareTensors,
  dataStep,
  graphOperation,
  isTensorLike,
  opaqueOperation,
  tensorBinary,
  tensorUnary,
} from '../interpret/tensors';
import type { Array as DataArray } from '../values/dataValues';
import { parameterOf, tensorValue, unknown, unreadable, type Value } from '../values/value';
import { activations } from './activations';
import { losses } from './losses';

/** An operation on a tensor of the graph or of the data program; `x` is the tensor, the call has the other arguments. */
export interface TensorOperation {
  readonly names: string;
  readonly run: (x: Value, a: Arguments) => Value;
}

/** The tensor as an array of data, or null when it is one of the graph. */
const dataOf = (x: Value): DataArray | null => (x.kind === 'array' ? x : null);

const graphOnly = <K extends LayerKind>(kind: K, args: Layers[K]): TensorOperation => ({
  names: '',
  run: (x, a) => graphOperation(a.call.machine, kind, args, [x], a.call.range),
});

/** An elementwise function that both worlds know. */
const elementwise = (kind: LayerKind, data: DataSteps['unary']['function'] | null): TensorOperation => ({
  names: '',
  run: (x, a) => {
    const array = dataOf(x);
    if (!array) return graphOperation(a.call.machine, kind, {} as Layers[typeof kind], [x], a.call.range);
    if (!data) return lowered(x, a, kind, {});
    return dataStep(a.call.machine, 'unary', { function: data }, [array], a.call.range);
  },
});

/** An operation that only the graph knows, on data: the data enter the graph. */
function lowered<K extends LayerKind>(x: Value, a: Arguments, kind: K, args: Layers[K]): Value {
  return graphOperation(a.call.machine, kind, args, [x], a.call.range);
}

const binary = (operator: string): TensorOperation => ({
  names: 'other',
  run: (x, a) => tensorBinary(a.call.machine, operator, x, a.value('other') ?? a.value('exponent') ?? unknown, a.call.range),
});

const comparison = (operator: string): TensorOperation => ({
  names: 'other',
  run: (x, a) => compareTensors(a.call.machine, operator, x, a.value('other') ?? unknown, a.call.range),
});

/** Leaves the values as they are. */
const same: TensorOperation = { names: '', run: (x) => x };

/** A gradient ends here. Rows and parameters themselves are what they were. */
const stopped: TensorOperation = {
  names: '',
  run: (x, a) => {
    if (x.kind !== 'tensor' || !x.node.trained || parameterOf(x)) return x;
    const { machine, range } = a.call;
    return tensorValue(
      machine.trace.opaque('detach', [x.node], range, {
        text: 'A loss through which the gradient is stopped is not read',
        range,
      }),
    );
  },
};

const cast = (to: 'float' | 'integer'): TensorOperation => ({ names: '', run: (x, a) => castTo(x, to, a.call) });

/** The tensor in another number type; nothing when it has it already. */
export function castTo(x: Value, to: 'float' | 'integer', call: Call): Value {
  const array = dataOf(x);
  if (array) {
    const step = dataStep(call.machine, 'cast', { to }, [array], call.range, { integer: to === 'integer' });
    return step;
  }
  if (x.kind !== 'tensor') return x;
  if (parameterOf(x) && to === 'float') return x;
  if (x.node.integer === (to === 'integer') && x.node.kind !== 'opaque') return x;
  return graphOperation(call.machine, 'cast', { to }, [x], call.range);
}

/** What a dtype names: `torch.float32`, `np.int64`, `"float32"`, `float`. */
export function numberType(value: Value | null): 'float' | 'integer' | null {
  const name = value?.kind === 'external' ? value.path : value?.kind === 'string' ? value.value : '';
  const last = name.split('.').pop() ?? '';
  if (/^(float|double|half|bfloat)/.test(last)) return 'float';
  return /^(u?int|long|short)/.test(last) ? 'integer' : null;
}

function sizesOf(values: readonly Value[]): Size[] | null {
  const flat = values.length === 1 && values[0]?.kind === 'list' ? values[0].items : values;
  const first = values[0];
  if (values.length === 1 && first?.kind === 'shape')
    return first.sizes.every((s) => s !== null) ? [...(first.sizes as Size[])] : null;
  const sizes = flat.map(sizeOf);
  return sizes.every((s) => s !== null) ? sizes : null;
}

const reshape: TensorOperation = {
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
  return opaqueOperation(m, 'this reshape', [x], call.range);
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

function withAxis(x: Value, position: number, a: Arguments): Value {
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

const squeeze: TensorOperation = {
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

const flatten: TensorOperation = {
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

/** A reduction over `dim`, or over everything. */
function reduction(name: 'sum' | 'mean' | 'max' | 'min' | 'std' | 'var' | 'median'): TensorOperation {
  return {
    names: name === 'std' || name === 'var' ? 'dim unbiased keepdim' : 'dim keepdim',
    run: (x, a) => {
      const axisValue = a.value('dim') ?? a.value('axis');
      const keep = a.boolean('keepdim', false) || a.boolean('keepdims', false);
      const array = dataOf(x);
      if (array) return reduceData(array, name, axisValue, keep, a);
      const axes = axisValue && axisValue.kind !== 'none' ? numbersOf(axisValue) : null;
      if ((name === 'sum' || name === 'mean') && (axes || !axisValue || axisValue.kind === 'none'))
        return graphOperation(a.call.machine, name, { axes, keep }, [x], a.call.range);
      const made = opaqueOperation(a.call.machine, name, [x], a.call.range);
      const several = (name === 'max' || name === 'min' || name === 'median') && axisValue !== null;
      return several ? { kind: 'list', form: 'tuple', items: [made, made], range: null } : made;
    },
  };
}

function reduceData(
  array: DataArray,
  name: DataSteps['reduce']['function'],
  axisValue: Value | null,
  keep: boolean,
  a: Arguments,
): Value {
  const m = a.call.machine;
  if (axisValue && axisValue.kind !== 'none' && axisValue.kind !== 'number')
    return unreadable('The axes of this reduction are not read', a.call.range);
  const table = array.flavour === 'frame';
  const axis = axisValue?.kind === 'number' ? axisValue.value : table ? 0 : null;
  const s = array.shape;
  const at = axis === null || !s ? null : fromFront(axis, s.length);
  const shape = axis === null ? [] : s ? (keep ? s.map((v, i) => (i === at ? 1 : v)) : s.filter((_, i) => i !== at)) : null;
  const ddof = a.value('ddof') ?? a.value('correction');
  const unbiased = a.value('unbiased');
  const usual = array.flavour === 'numpy' ? 0 : 1;
  const correction = ddof?.kind === 'number' ? ddof.value : unbiased?.kind === 'boolean' ? Number(unbiased.value) : usual;
  const made = dataStep(m, 'reduce', { function: name, axis, keep, correction }, [array], a.call.range, {
    shape,
    flavour: table ? 'series' : array.flavour,
    integer: name === 'max' || name === 'min' || name === 'sum' ? array.integer : false,
  });
  if (name === 'max' && axis === null && array.integer !== false && !array.mask)
    return { ...made, size: m.program.symbol(array.step, { kind: 'maximum' }) };
  const pair = array.flavour === 'torch' && axis !== null && (name === 'max' || name === 'min' || name === 'median');
  return pair ? { kind: 'list', form: 'tuple', items: [made, unknown], range: null } : made;
}

const permute: TensorOperation = {
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

export function permuted(x: Value, order: readonly number[] | null, call: Call): Value {
  const array = dataOf(x);
  if (array) {
    const s = array.shape;
    const shape = s ? (order ? order.map((i) => s[fromFront(i, s.length)] ?? null) : [...s].reverse()) : null;
    return dataStep(call.machine, 'transpose', { order }, [array], call.range, { shape });
  }
  if (x.kind !== 'tensor') return x;
  const axes = x.node.shape?.length;
  const all = order ?? (axes === undefined ? null : Array.from({ length: axes }, (_, i) => axes - 1 - i));
  return all
    ? graphOperation(call.machine, 'permute', { order: all }, [x], call.range)
    : opaqueOperation(call.machine, 'this transpose', [x], call.range);
}

const transpose: TensorOperation = {
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

const clamp: TensorOperation = {
  names: 'min max',
  run: (x, a) =>
    graphOperation(a.call.machine, 'clamp', { low: a.optionalNumber('min'), high: a.optionalNumber('max') }, [x], a.call.range),
};

const sizeMethod: TensorOperation = {
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

export const wholeNumber = (size: Size): Value =>
  typeof size === 'number' ? { kind: 'number', value: size, integer: true, origin: null } : { kind: 'size', size };

const opaque = (name: string): TensorOperation => ({
  names: 'dim',
  run: (x, a) => opaqueOperation(a.call.machine, name, [x, ...a.call.positional.map((p) => p.value)], a.call.range),
});

const oneHot: TensorOperation = {
  names: 'num_classes',
  run: (x, a) => {
    const classes =
      a.given('num_classes') && !(a.value('num_classes')?.kind === 'number' && a.number('num_classes') < 0)
        ? a.size('num_classes')
        : null;
    const array = dataOf(x);
    if (array)
      return dataStep(a.call.machine, 'oneHot', { classes }, [array], a.call.range, {
        shape: array.shape ? [...array.shape, classes] : null,
        integer: true,
      });
    return classes === null
      ? opaqueOperation(a.call.machine, 'one_hot', [x], a.call.range)
      : graphOperation(a.call.machine, 'oneHot', { classes }, [x], a.call.range);
  },
};

const dropout: TensorOperation = {
  names: 'p training inplace',
  run: (x, a) => {
    const training = a.value('training');
    if (training?.kind === 'boolean' && !training.value) return x;
    const p = a.number('p', 0.5);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    if (x.kind !== 'tensor') return x;
    return {
      kind: 'tensor',
      node: a.call.machine.trace.add('dropout', { p, call: 0 }, [x.node], a.call.range, {
        places: a.argument('p') ? { p: a.place('p') } : {},
      }),
    };
  },
};

const functionalPool = (kind: 'maxPool1d' | 'maxPool2d' | 'avgPool1d' | 'avgPool2d'): TensorOperation => ({
  names: 'kernel_size stride padding',
  run: (x, a) => {
    const axes = kind.endsWith('1d') ? 1 : 2;
    const kernel = a.extent('kernel_size', axes);
    const args = {
      kernel,
      stride: a.extent('stride', axes, kernel),
      padding: a.extent('padding', axes, new Array<number>(axes).fill(0)),
    };
    return a.problems[0]
      ? { kind: 'unknown', reason: a.problems[0] }
      : graphOperation(a.call.machine, kind, args, [x], a.call.range);
  },
});

const linear: TensorOperation = {
  names: 'weight bias',
  run: (x, a) => {
    const m = a.call.machine;
    const turned = permuted(a.value('weight') ?? unknown, [1, 0], a.call);
    const product = tensorBinary(m, '@', x, turned, a.call.range);
    return a.given('bias') ? tensorBinary(m, '+', product, a.value('bias') ?? unknown, a.call.range) : product;
  },
};

const activationOperations = activations.flatMap(({ functionName, names, step }): [string, TensorOperation][] => {
  if (functionName === null) return [];
  const run = (x: Value, a: Arguments): Value => {
    const { kind, arguments: args } = step(a);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const array = dataOf(x);
    if (array && kind === 'tanh') return dataStep(a.call.machine, 'unary', { function: 'tanh' }, [array], a.call.range);
    return graphOperation(a.call.machine, kind, args, [x], a.call.range);
  };
  return [[functionName, { names, run }]];
});

const lossOperations = losses.map(({ functionName, names, step }): [string, TensorOperation] => [
  functionName,
  {
    names: `target ${names}`,
    run: (x, a) => {
      const { kind, arguments: args } = step(a);
      if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
      return graphOperation(a.call.machine, kind, args, [x, a.value('target') ?? unknown], a.call.range);
    },
  },
]);

/** Operations by the name that they have as a method, in `torch`, in `torch.nn.functional` and in NumPy. */
export const tensorOperations: Readonly<Record<string, TensorOperation>> = {
  ...Object.fromEntries(activationOperations),
  ...Object.fromEntries(lossOperations),
  exp: elementwise('exp', 'exp'),
  log: elementwise('log', 'log'),
  log1p: {
    names: '',
    run: (x, a) =>
      x.kind === 'array'
        ? dataStep(a.call.machine, 'unary', { function: 'log1p' }, [x], a.call.range)
        : opaqueOperation(a.call.machine, 'log1p', [x], a.call.range),
  },
  sqrt: elementwise('sqrt', 'sqrt'),
  abs: elementwise('abs', 'abs'),
  sin: elementwise('sin', 'sin'),
  cos: elementwise('cos', 'cos'),
  sign: {
    names: '',
    run: (x, a) =>
      x.kind === 'array'
        ? dataStep(a.call.machine, 'unary', { function: 'sign' }, [x], a.call.range)
        : opaqueOperation(a.call.machine, 'sign', [x], a.call.range),
  },
  round: {
    names: 'decimals',
    run: (x, a) =>
      x.kind === 'array'
        ? dataStep(a.call.machine, 'unary', { function: 'round' }, [x], a.call.range)
        : opaqueOperation(a.call.machine, 'round', [x], a.call.range),
  },
  floor: {
    names: '',
    run: (x, a) =>
      x.kind === 'array'
        ? dataStep(a.call.machine, 'unary', { function: 'floor' }, [x], a.call.range)
        : opaqueOperation(a.call.machine, 'floor', [x], a.call.range),
  },
  neg: { names: '', run: (x, a) => tensorUnary(a.call.machine, '-', x, a.call.range) },
  square: {
    names: '',
    run: (x, a) =>
      x.kind === 'array'
        ? dataStep(a.call.machine, 'unary', { function: 'square' }, [x], a.call.range)
        : graphOperation(a.call.machine, 'power', { exponent: 2 }, [x], a.call.range),
  },
  pow: { names: 'exponent', run: (x, a) => tensorBinary(a.call.machine, '**', x, a.value('exponent') ?? unknown, a.call.range) },
  power: {
    names: 'exponent',
    run: (x, a) => tensorBinary(a.call.machine, '**', x, a.value('exponent') ?? unknown, a.call.range),
  },
  add: binary('+'),
  sub: binary('-'),
  subtract: binary('-'),
  mul: binary('*'),
  multiply: binary('*'),
  div: binary('/'),
  divide: binary('/'),
  matmul: binary('@'),
  mm: binary('@'),
  dot: binary('@'),
  eq: comparison('=='),
  ne: comparison('!='),
  gt: comparison('>'),
  ge: comparison('>='),
  lt: comparison('<'),
  le: comparison('<='),
  clamp,
  clip: clamp,
  view: reshape,
  reshape,
  flatten,
  ravel: { names: '', run: (x, a) => reshaped(x, [-1], a.call) },
  squeeze,
  unsqueeze: { names: 'dim', run: (x, a) => withAxis(x, a.number('dim'), a) },
  expand_dims: { names: 'axis', run: (x, a) => withAxis(x, a.number('axis'), a) },
  permute,
  transpose,
  t: { names: '', run: (x, a) => permuted(x, null, a.call) },
  sum: reduction('sum'),
  mean: reduction('mean'),
  std: reduction('std'),
  var: reduction('var'),
  max: reduction('max'),
  min: reduction('min'),
  median: reduction('median'),
  float: cast('float'),
  double: cast('float'),
  half: cast('float'),
  long: cast('integer'),
  int: cast('integer'),
  contiguous: same,
  clone: same,
  detach: stopped,
  cpu: same,
  cuda: same,
  numpy: stopped,
  copy: same,
  requires_grad_: same,
  pin_memory: same,
  data: same,
  size: sizeMethod,
  argmax: opaque('argmax'),
  argmin: opaque('argmin'),
  topk: opaque('topk'),
  softmax2d: graphOnly('softmax', { axis: 1 }),
  one_hot: oneHot,
  dropout,
  linear,
  max_pool1d: functionalPool('maxPool1d'),
  max_pool2d: functionalPool('maxPool2d'),
  avg_pool1d: functionalPool('avgPool1d'),
  avg_pool2d: functionalPool('avgPool2d'),
  adaptive_avg_pool2d: {
    names: 'output_size',
    run: (x, a) => graphOperation(a.call.machine, 'adaptiveAvgPool2d', { output: a.extent('output_size', 2) }, [x], a.call.range),
  },
};

/** `to`, `type` and `astype`: a number type, a device, or another tensor. */
export function convert(x: Value, call: Call): Value {
  const given = [
    ...call.positional.map((a) => a.value),
    ...[...call.keywords].filter(([name]) => name === 'dtype').map(([, a]) => a.value),
  ];
  for (const value of given) {
    const to = numberType(value);
    if (to) return castTo(x, to, call);
  }
  return x;
}

/** Runs an operation as a function: its first argument is the tensor. */
export function asFunction(operation: TensorOperation, call: Call, whenPlain?: (value: Value) => Value | null): Value {
  const first = call.positional[0] ?? call.keywords.get('input') ?? call.keywords.get('a');
  const x = first?.value ?? unknown;
  if (!isTensorLike(x)) {
    const plain = whenPlain?.(x);
    if (plain) return plain;
    const other = call.positional[1]?.value;
    if (!other || !isTensorLike(other)) return x.kind === 'unknown' ? x : unknown;
  }
  const rest = call.positional[0] ? call.positional.slice(1) : call.positional;
  return operation.run(x, new Arguments({ ...call, positional: rest }, operation.names));
}
