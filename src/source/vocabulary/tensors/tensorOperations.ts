import type { DataSteps } from '../../../records/dataSteps';
import type { LayerKind, Layers } from '../../../records/model/layers';
import { Arguments, type Call } from '../../interpret/call';
import { withoutPass } from '../../interpret/rowLoops';
import {
  compareTensors,
  dataStep,
  graphOperation,
  isTensorLike,
  lifted,
  opaqueOperation,
  tensorBinary,
  tensorUnary,
} from '../../interpret/tensors';
import { numberValue, parameterOf, tensorValue, unknown, type Value } from '../../values/value';
import { castTo, numberType } from './numberTypes';
import { dataReductions, reduction } from './reductions';
import { dataOf, type TensorOperation } from './tensorOperation';
import { flatten, permute, permuted, reshape, reshaped, sizeMethod, squeeze, transpose, withAxis } from './tensorShaping';
import { unfold } from '../tables/windows';
import { activations } from '../layers/activations';
import { functionalLayers } from '../layers/functionalLayers';
import { mathematicalOperations } from './tensorFunctions';
import { rearrangingOperations } from './tensorRearranging';
import { asMask, selectionOperations } from './tensorSelections';
import { lossOperations } from '../layers/functionalLosses';

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

/** The same numbers in a memory of their own: a later change of one does not change the other. */
const copied: TensorOperation = { names: '', run: (x) => (x.kind === 'array' ? { ...x } : x) };

/** A gradient ends here. Rows and parameters themselves are what they were. */
const stopped: TensorOperation = {
  names: '',
  run: (x, a) => {
    if (x.kind !== 'tensor' || !x.node.trained || parameterOf(x)) return x;
    return tensorValue(a.call.machine.trace.stopped(x.node, a.call.range));
  },
};

const cast = (to: 'float' | 'integer'): TensorOperation => ({ names: '', run: (x, a) => castTo(x, to, a.call) });

/** `clamp_min(x, low)` and `clamp_max(x, high)`. */
const bounded = (name: 'min' | 'max'): TensorOperation => ({
  names: name,
  run: (x, a) => {
    const bound = a.number(name);
    const args = name === 'min' ? { low: bound, high: null } : { low: null, high: bound };
    return a.problems[0]
      ? { kind: 'unknown', reason: a.problems[0] }
      : graphOperation(a.call.machine, 'clamp', args, [x], a.call.range);
  },
});

const clamp: TensorOperation = {
  names: 'min max',
  run: (x, a) => {
    const bound = (name: 'min' | 'max'): number | null => a.optionalNumber(a.given(`a_${name}`) ? `a_${name}` : name);
    const args = { low: bound('min'), high: bound('max') };
    const array = dataOf(x);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    return array
      ? dataStep(a.call.machine, 'clip', args, [array], a.call.range)
      : graphOperation(a.call.machine, 'clamp', args, [x], a.call.range);
  },
};

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

/** A dropout as a function; `training=self.training` says whether it drops. */
const dropping = (kind: 'dropout' | 'featureDropout' | 'alphaDropout' | 'featureAlphaDropout'): TensorOperation => ({
  names: 'p training inplace',
  run: (x, a) => {
    const training = a.value('training');
    const isOff =
      training === null
        ? kind === 'alphaDropout' || kind === 'featureAlphaDropout'
        : training.kind === 'boolean' && !training.value;
    const p = a.number('p', 0.5);
    if (isOff) return x;
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const node = lifted(a.call.machine, x, a.call.range);
    if (!node) return x;
    return tensorValue(
      a.call.machine.trace.add(kind, { p, call: 0 }, [node], a.call.range, {
        places: a.argument('p') ? { p: a.place('p') } : {},
      }),
    );
  },
});

const dropout = dropping('dropout');
const channelDropout = dropping('featureDropout');

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

/** Operations by the name that they have as a method, in `torch`, in `torch.nn.functional` and in NumPy. */
export const tensorOperations: Readonly<Record<string, TensorOperation>> = {
  ...Object.fromEntries(activationOperations),
  ...lossOperations,
  ...mathematicalOperations,
  ...functionalLayers,
  ...rearrangingOperations,
  ...selectionOperations,
  exp: elementwise('exp', 'exp'),
  log: elementwise('log', 'log'),
  log1p: {
    names: '',
    run: (x, a) =>
      x.kind === 'array'
        ? dataStep(a.call.machine, 'unary', { function: 'log1p' }, [x], a.call.range)
        : lowered(tensorBinary(a.call.machine, '+', x, numberValue(1), a.call.range), a, 'log', {}),
  },
  sqrt: elementwise('sqrt', 'sqrt'),
  abs: elementwise('abs', 'abs'),
  sin: elementwise('sin', 'sin'),
  cos: elementwise('cos', 'cos'),
  sign: elementwise('sign', 'sign'),
  round: elementwise('round', 'round'),
  floor: elementwise('floor', 'floor'),
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
  true_divide: binary('/'),
  swapaxes: transpose,
  swapdims: transpose,
  eq: comparison('=='),
  ne: comparison('!='),
  gt: comparison('>'),
  ge: comparison('>='),
  lt: comparison('<'),
  le: comparison('<='),
  clamp,
  clip: clamp,
  clamp_min: bounded('min'),
  clamp_max: bounded('max'),
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
  ...dataReductions,
  float: cast('float'),
  double: cast('float'),
  half: cast('float'),
  long: cast('integer'),
  int: cast('integer'),
  contiguous: same,
  clone: copied,
  detach: stopped,
  cpu: same,
  cuda: same,
  numpy: stopped,
  copy: copied,
  requires_grad_: same,
  pin_memory: same,
  data: same,
  size: sizeMethod,
  unfold,
  softmax2d: graphOnly('softmax', { axis: 1 }),
  one_hot: oneHot,
  dropout,
  linear,
  dropout1d: channelDropout,
  dropout2d: channelDropout,
  dropout3d: channelDropout,
  feature_dropout: channelDropout,
  feature_alpha_dropout: dropping('featureAlphaDropout'),
  alpha_dropout: dropping('alphaDropout'),
};

/** `to`, `type` and `astype`: a number type, a device, or another tensor. */
export function convert(x: Value, call: Call): Value {
  const given = [
    ...call.positional.map((a) => a.value),
    ...[...call.keywords].filter(([name]) => name === 'dtype').map(([, a]) => a.value),
  ];
  for (const value of given) {
    if (value.kind === 'external' && value.path === 'torch.bool') return asMask(x, call);
    const to = numberType(value);
    if (to) return castTo(x, to, call);
  }
  return x;
}

/** Keywords that mean the same for every operation, or the tensor itself. */
const commonKeywords = 'input a x self axis dim keepdim keepdims size shape inplace dtype non_blocking device';

/** Runs an operation; on tensors of the graph an argument without a meaning here is a reason not to read on. */
export function runOperation(operation: TensorOperation, x: Value, a: Arguments): Value {
  const surplus = x.kind === 'tensor' ? a.unknownKeyword(commonKeywords) : null;
  return surplus ? { kind: 'unknown', reason: surplus } : operation.run(x, a);
}

/** Runs an operation as a function: its first argument is the tensor. */
export function asFunction(operation: TensorOperation, call: Call, whenPlain?: (value: Value) => Value | null): Value {
  const first = call.positional[0] ?? call.keywords.get('input') ?? call.keywords.get('a');
  const x = withoutPass(call.machine, first?.value ?? unknown, call.range);
  if (!isTensorLike(x)) {
    const plain = whenPlain?.(x);
    if (plain) return plain;
    const other = call.positional[1]?.value;
    if (!other || !isTensorLike(other)) return x.kind === 'unknown' ? x : unknown;
  }
  const rest = call.positional[0] ? call.positional.slice(1) : call.positional;
  return runOperation(operation, x, new Arguments({ ...call, positional: rest }, operation.names));
}
