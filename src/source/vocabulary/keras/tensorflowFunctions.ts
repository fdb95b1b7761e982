import { Arguments, type Argument, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { compareTensors, dataStep, graphOperation, isTensorLike, tensorBinary } from '../../interpret/tensors';
import { none, numberValue, stringValue, unknown, unreadable, type Value } from '../../values/value';
import { defaultType } from '../python/precision';
import type { FunctionTable } from '../functionTable';
import { onSymbols } from './functional';
import { onNumbers } from './tensorflowNumbers';
import { gradientClipping, takesGradients } from './tape';
import { imageFormat, setChannelsFirst } from './layout';
import { symbolicShape } from './shapes';
import { castTo, numberType } from '../tensors/numberTypes';
import { shapeValue } from '../tensors/tensorShaping';
import { madeOf } from '../tensors/torchTensors';

/** A function of PyTorch with arguments of TensorFlow's names: those of `names` in their order, in PyTorch's words. */
const ofTorch =
  (name: string, names: string, words: Readonly<Record<string, string>>): Handler =>
  (call) => {
    const keywords = new Map<string, Argument>();
    const order = names.split(' ');
    const positional: Argument[] = [];
    for (const [i, own] of order.entries()) {
      const given = call.keywords.get(own) ?? call.positional[i];
      const word = words[own];
      if (!given || word === undefined) continue;
      if (word === '') positional.push(given);
      else keywords.set(word, given);
    }
    const odd = [...call.keywords.keys()].find((key) => !order.includes(key) && key !== 'name' && key !== 'dtype');
    if (odd !== undefined) return unreadable(`\`${odd}\` of this function is not read`, call.range);
    return callValue(call.machine, { kind: 'external', path: `torch.${name}` }, { ...call, positional, keywords });
  };

const axes = { axis: 'dim', keepdims: 'keepdim' };
const reduced = (name: 'amax' | 'amin' | 'logsumexp'): Handler => {
  const onTensors = ofTorch(name, 'input_tensor axis keepdims', { input_tensor: '', ...axes });
  if (name === 'logsumexp') return onTensors;
  // Rows of data are reduced as NumPy does it.
  const onRows = { kind: 'external', path: `numpy.${name.slice(1)}` } as const;
  return (call) => (call.positional[0]?.value.kind === 'array' ? callValue(call.machine, onRows, call) : onTensors(call));
};

/** Population statistics, as NumPy and TensorFlow take them. */
const spread =
  (name: 'std' | 'var'): Handler =>
  (call) => {
    const unbiased = { value: { kind: 'boolean', value: false, origin: null } as const, range: call.range };
    const a = new Arguments(call, 'input_tensor axis keepdims');
    const keywords = new Map<string, Argument>([['unbiased', unbiased]]);
    const [axis, keep] = [a.argument('axis'), a.argument('keepdims')];
    if (axis) keywords.set('dim', axis);
    if (keep) keywords.set('keepdim', keep);
    const first = a.argument('input_tensor') ?? call.positional[0];
    const path = `torch.${name}`;
    return callValue(call.machine, { kind: 'external', path }, { ...call, positional: first ? [first] : [], keywords });
  };

/** Random numbers of a shape, moved and scaled. */
const drawn =
  (kind: 'randn' | 'rand', names: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const shape = a.argument('shape');
    const m = call.machine;
    const [first, second] =
      kind === 'randn' ? [a.number('mean', 0), a.number('stddev', 1)] : [a.number('minval', 0), a.number('maxval', 1)];
    if (a.problems[0] || !shape)
      return { kind: 'unknown', reason: a.problems[0] ?? { text: 'The shape could not be read', range: call.range } };
    const path = `torch.${kind}`;
    const raw = callValue(m, { kind: 'external', path }, { ...call, positional: [shape], keywords: new Map() });
    const [offset, scale] = kind === 'randn' ? [first, second] : [first, second - first];
    const scaled = scale === 1 ? raw : tensorBinary(m, '*', raw, numberValue(scale, false), call.range);
    return offset === 0 ? scaled : tensorBinary(m, '+', scaled, numberValue(offset, false), call.range);
  };

const cast: Handler = (call) => {
  const a = new Arguments(call, 'x dtype');
  const to = numberType(a.value('dtype'));
  const x = a.value('x') ?? unknown;
  if (!to || x.kind === 'unknown') return x.kind === 'unknown' ? x : unreadable('This type is not read', call.range);
  if (x.kind === 'number') return to === 'integer' ? numberValue(Math.trunc(x.value), true, x.origin) : { ...x, integer: false };
  return x.kind === 'size' ? x : castTo(x, to, call);
};

/** A tensor of numbers that the script writes out; tensors stay as they are. */
const constant: Handler = (call) => {
  const a = new Arguments(call, 'value dtype');
  const value = a.value('value') ?? call.positional[0]?.value ?? unknown;
  if (value.kind === 'number' && !a.given('dtype')) return value;
  return madeOf(value, numberType(a.value('dtype')), 'numpy', call);
};

const shapeOf: Handler = (call) => {
  const x = call.positional[0]?.value ?? unknown;
  if (x.kind === 'kerasTensor') return symbolicShape(x, call);
  return isTensorLike(x) ? shapeValue(x, call.machine) : unknown;
};

const clipped: Handler = (call) => {
  if (takesGradients(call)) return gradientClipping.clip_by_value(call);
  const a = new Arguments(call, 'x clip_value_min clip_value_max');
  const bound = (...names: string[]): number | null => {
    const name = names.find((one) => a.given(one));
    return name === undefined ? null : a.number(name);
  };
  const [low, high] = [bound('clip_value_min', 'min_value', 'x_min'), bound('clip_value_max', 'max_value', 'x_max')];
  const x = a.value('x') ?? a.value('t') ?? unknown;
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (x.kind === 'array') return dataStep(call.machine, 'clip', { low, high }, [x], call.range, { columns: x.columns });
  if (x.kind === 'number') return numberValue(Math.min(high ?? Infinity, Math.max(low ?? -Infinity, x.value)), false);
  return x.kind === 'tensor'
    ? graphOperation(call.machine, 'clamp', { low, high }, [x], call.range)
    : unreadable('These values could not be clipped', call.range);
};

const compared =
  (operator: string): Handler =>
  (call) => {
    const [x, y] = [call.positional[0]?.value ?? unknown, call.positional[1]?.value ?? unknown];
    return compareTensors(call.machine, operator, x, y, call.range);
  };

const logOnePlus: Handler = (call) =>
  callValue(call.machine, { kind: 'external', path: 'torch.log1p' }, { ...call, keywords: new Map() });

/** All elements in one row, or in one row for each row of the batch. */
const flattened =
  (start: number): Handler =>
  (call) => {
    const x = call.positional[0]?.value ?? call.keywords.get('x')?.value ?? unknown;
    return isTensorLike(x) ? graphOperation(call.machine, 'flatten', { start, end: -1 }, [x], call.range) : x;
  };

const stacked: Handler = ofTorch('stack', 'values axis', { values: '', axis: 'dim' });

/** The product of the sizes of a shape, or of numbers that the script writes out. */
const product: Handler = (call) => callValue(call.machine, { kind: 'external', path: 'numpy.prod' }, call);

/** `tensordot(x, y, 2)` of two matrices: the sum of all products, over the rows too. */
const contracted: Handler = (call) => {
  const a = new Arguments(call, 'a b axes');
  const [x, y] = [a.value('a') ?? a.value('x1') ?? unknown, a.value('b') ?? a.value('x2') ?? unknown];
  const axes = (value: Value): number | undefined => (value.kind === 'tensor' ? value.node.shape?.length : undefined);
  if (a.number('axes', 2) !== 2 || axes(x) !== 2 || axes(y) !== 2)
    return unreadable('This product of tensors is not read', call.range);
  const products = tensorBinary(call.machine, '*', x, y, call.range);
  return graphOperation(call.machine, 'sum', { axes: null, keep: false }, [products], call.range);
};

const functions: FunctionTable = {
  tensordot: contracted,
  zeros_like: ofTorch('zeros_like', 'input', { input: '' }),
  ones_like: ofTorch('ones_like', 'input', { input: '' }),
  zeros: ofTorch('zeros', 'shape dtype', { shape: '' }),
  ones: ofTorch('ones', 'shape dtype', { shape: '' }),
  'random.normal': drawn('randn', 'shape mean stddev dtype seed name'),
  random_normal: drawn('randn', 'shape mean stddev dtype seed'),
  'random.uniform': drawn('rand', 'shape minval maxval dtype seed name'),
  random_uniform: drawn('rand', 'shape minval maxval dtype seed'),
  linspace: ofTorch('linspace', 'start stop num', { start: '', stop: '', num: '' }),
  range: ofTorch('arange', 'start limit delta', { start: '', limit: '', delta: '' }),
  arange: ofTorch('arange', 'start stop step dtype', { start: '', stop: '', step: '' }),
  reduce_prod: product,
  prod: product,
  cast,
  constant,
  convert_to_tensor: constant,
  shape: shapeOf,
  int_shape: shapeOf,
  clip_by_value: clipped,
  clip: clipped,
  reduce_max: reduced('amax'),
  reduce_min: reduced('amin'),
  max: reduced('amax'),
  min: reduced('amin'),
  reduce_std: spread('std'),
  reduce_variance: spread('var'),
  std: spread('std'),
  var: spread('var'),
  reduce_logsumexp: reduced('logsumexp'),
  cumsum: ofTorch('cumsum', 'x axis', { x: '', axis: 'dim' }),
  argmax: ofTorch('argmax', 'input axis', { input: '', axis: 'dim' }),
  stop_gradient: ofTorch('detach', 'input', { input: '' }),
  one_hot: ofTorch('nn.functional.one_hot', 'indices depth', { indices: '', depth: 'num_classes' }),
  where: ofTorch('where', 'condition x y', { condition: '', x: '', y: '' }),
  switch: ofTorch('where', 'condition then_expression else_expression', {
    condition: '',
    then_expression: '',
    else_expression: '',
  }),
  stack: stacked,
  einsum: (call) => callValue(call.machine, { kind: 'external', path: 'torch.einsum' }, call),
  sin: ofTorch('sin', 'x', { x: '' }),
  cos: ofTorch('cos', 'x', { x: '' }),
  sign: ofTorch('sign', 'x', { x: '' }),
  round: ofTorch('round', 'x', { x: '' }),
  negative: ofTorch('neg', 'x', { x: '' }),
  rsqrt: ofTorch('rsqrt', 'x', { x: '' }),
  log1p: logOnePlus,
  equal: compared('=='),
  not_equal: compared('!='),
  greater: compared('>'),
  greater_equal: compared('>='),
  less: compared('<'),
  less_equal: compared('<='),
  flatten: flattened(0),
  batch_flatten: flattened(1),
};

/** The order of axes that layers take when they do not say another one. */
function setOrdering(call: Call): Value {
  const name = call.positional[0]?.value;
  if (name?.kind === 'string') setChannelsFirst(call.machine, /^(th|channels_first)$/.test(name.value));
  return none;
}

/** More functions of TensorFlow, of keras.backend and keras.ops. */
export const tensorflowFunctionTable: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(functions).flatMap(([name, plain]): [string, Handler][] => {
      const handler = name === 'int_shape' || name === 'shape' ? plain : onSymbols(onNumbers(name, plain));
      return ['tensorflow', 'tensorflow.math', 'keras.ops', 'keras.backend'].map((module) => [`${module}.${name}`, handler]);
    }),
  ),
  'keras.random.normal': onSymbols(drawn('randn', 'shape mean stddev dtype seed')),
  'keras.random.uniform': onSymbols(drawn('rand', 'shape minval maxval dtype seed')),
  'keras.random.SeedGenerator': () => none,
  'keras.backend.epsilon': () => numberValue(1e-7, false),
  'keras.backend.floatx': () => stringValue('float32'),
  'keras.backend.image_dim_ordering': ({ machine }) => stringValue(imageFormat(machine) === 'channels_first' ? 'th' : 'tf'),
  'keras.backend.image_data_format': ({ machine }) => stringValue(imageFormat(machine)),
  'keras.backend.set_image_dim_ordering': setOrdering,
  'keras.backend.set_image_data_format': setOrdering,
  'keras.backend.set_floatx': defaultType,
  'keras.backend.dot': (call) => {
    const [x, y] = [call.positional[0]?.value ?? unknown, call.positional[1]?.value ?? unknown];
    return tensorBinary(call.machine, '@', x, y, call.range);
  },
  'tensorflow.print': () => none,
  'tensorflow.config.run_functions_eagerly': () => none,
};
