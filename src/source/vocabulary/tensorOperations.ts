import type { DataSteps } from '../../records/dataSteps';
import type { LayerKind, Layers } from '../../records/model';
import { Arguments, type Call } from '../interpret/call';
import {
  compareTensors,
  dataStep,
  graphOperation,
  isTensorLike,
  opaqueOperation,
  tensorBinary,
  tensorUnary,
} from '../interpret/tensors';
import { parameterOf, tensorValue, unknown, type Value } from '../values/value';
import { castTo, numberType } from './numberTypes';
import { reduction } from './reductions';
import { dataOf, type TensorOperation } from './tensorOperation';
import { flatten, permute, permuted, reshape, reshaped, sizeMethod, squeeze, transpose, withAxis } from './tensorShaping';
import { unfold } from './windows';
import { activations } from './activations';
import { losses } from './losses';

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

const clamp: TensorOperation = {
  names: 'min max',
  run: (x, a) =>
    graphOperation(a.call.machine, 'clamp', { low: a.optionalNumber('min'), high: a.optionalNumber('max') }, [x], a.call.range),
};

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

const lossOperations = losses.map(({ functionName, names, others = 'target', step }): [string, TensorOperation] => [
  functionName,
  {
    names: `${others} ${names}`,
    run: (x, a) => {
      const { kind, arguments: args } = step(a);
      if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
      const rest = others.split(' ').map((name) => a.value(name) ?? unknown);
      return graphOperation(a.call.machine, kind, args, [x, ...rest], a.call.range);
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
  unfold,
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
