import type { Argument, Call, Handler } from '../../interpret/call';
import { hasRows } from '../../interpret/shapes';
import { graphOperation, isTensorLike, lifted, tensorBinary } from '../../interpret/tensors';
import { listValue, numberValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { onSymbols } from './functional';
import { onNumbers } from './tensorflowNumbers';
import { activationStep } from './activations';
import { asFunction, tensorOperations } from '../tensors/tensorOperations';

/** TensorFlow's names of arguments in PyTorch's words. */
const renamed: Readonly<Record<string, string>> = {
  axis: 'dim',
  keepdims: 'keepdim',
  keep_dims: 'keepdim',
  perm: 'dims',
  axes: 'dims',
};

/** The call with its keywords renamed, the tensor first. */
function translated(call: Call, first: readonly string[]): Call {
  const own = first.map((name) => call.keywords.get(name)).find((argument) => argument !== undefined);
  const keywords = new Map<string, Argument>();
  for (const [name, argument] of call.keywords) if (!first.includes(name)) keywords.set(renamed[name] ?? name, argument);
  return { ...call, positional: own && call.positional.length === 0 ? [own] : call.positional, keywords };
}

/** A function of TensorFlow that is one of PyTorch under another name. */
const like =
  (name: string): Handler =>
  (call) => {
    const operation = tensorOperations[name];
    return operation ? asFunction(operation, translated(call, inputNames)) : unknown;
  };

const inputNames = ['input_tensor', 'input', 'inputs', 'x', 'features', 'tensor', 'values', 'a', 'logits', 'value'];

const activation =
  (name: string): Handler =>
  (call) => {
    const x = translated(call, inputNames).positional[0]?.value ?? unknown;
    const step = activationStep(name);
    const along = step?.kind === 'softmax' || step?.kind === 'logSoftmax' ? 'axis' : null;
    const odd = [...call.keywords.keys()].find((key) => !inputNames.includes(key) && key !== 'name' && key !== along);
    if (!isTensorLike(x) || !step) return x.kind === 'unknown' ? x : unknown;
    const axis = along === null ? undefined : (call.keywords.get(along)?.value ?? call.positional[1]?.value);
    const isUnclear = axis !== undefined && (axis.kind !== 'number' || !axis.integer);
    if (odd !== undefined || isUnclear || call.positional.length > (along === null ? 1 : 2))
      return unreadable('Arguments of this activation are not read', call.range);
    const given = axis?.kind === 'number' ? { axis: axis.value } : step.arguments;
    return graphOperation(call.machine, step.kind, given as typeof step.arguments, [x], call.range);
  };

const binary =
  (operator: string): Handler =>
  (call) => {
    const [left, right] = [
      call.positional[0]?.value ?? call.keywords.get('x')?.value ?? call.keywords.get('a')?.value ?? unknown,
      call.positional[1]?.value ?? call.keywords.get('y')?.value ?? call.keywords.get('b')?.value ?? unknown,
    ];
    if (call.keywords.has('transpose_a') || call.keywords.has('transpose_b'))
      return unreadable('Transposed products are not read', call.range);
    return isTensorLike(left) || isTensorLike(right) ? tensorBinary(call.machine, operator, left, right, call.range) : unknown;
  };

const asItIs: Handler = (call) => translated(call, inputNames).positional[0]?.value ?? unknown;

const concatenated: Handler = (call) => {
  const values = call.positional[0]?.value ?? call.keywords.get('values')?.value ?? unknown;
  const axis = call.positional[1]?.value ?? call.keywords.get('axis')?.value ?? numberValue(-1, true);
  const items: readonly Value[] = values.kind === 'list' ? values.items : [];
  const bad = items.find((item) => !isTensorLike(item));
  if (items.length === 0 || bad || axis.kind !== 'number') return bad?.kind === 'unknown' ? bad : unknown;
  const rows = items.some((item) => item.kind === 'array' && item.shape?.some(hasRows));
  if (rows && call.machine.moduleDepth + call.machine.loops.length > 0) {
    // As many numbers as the batch has rows are made in the graph.
    const nodes = items.map((item) => call.machine.inForwardPass(() => lifted(call.machine, item, call.range)));
    if (nodes.some((node) => node === null)) return unreadable('What is put together here could not be read', call.range);
    const tensors = nodes.flatMap((node) => (node ? [tensorValue(node)] : []));
    return graphOperation(call.machine, 'concatenate', { axis: axis.value }, tensors, call.range);
  }
  if (items.some((item) => item.kind === 'tensor'))
    return graphOperation(call.machine, 'concatenate', { axis: axis.value }, items, call.range);
  return asFunction(tensorOperations['cat'] ?? { names: '', run: () => unknown }, {
    ...call,
    positional: [{ value: listValue([...items]), range: call.range }],
    keywords: new Map([['dim', { value: axis, range: call.range }]]),
  });
};

const activationNames = [
  'relu',
  'relu6',
  'sigmoid',
  'tanh',
  'softmax',
  'log_softmax',
  'elu',
  'selu',
  'gelu',
  'leaky_relu',
  'silu',
  'swish',
  'softplus',
  'softsign',
];

const functions: FunctionTable = {
  ...Object.fromEntries(
    activationNames.flatMap((name): [string, Handler][] => [
      [`nn.${name}`, activation(name)],
      [name, activation(name)],
    ]),
  ),
  add: binary('+'),
  subtract: binary('-'),
  multiply: binary('*'),
  divide: binary('/'),
  matmul: binary('@'),
  pow: binary('**'),
  power: binary('**'),
  exp: like('exp'),
  log: like('log'),
  sqrt: like('sqrt'),
  abs: like('abs'),
  square: like('square'),
  reduce_mean: like('mean'),
  reduce_sum: like('sum'),
  mean: like('mean'),
  sum: like('sum'),
  maximum: like('maximum'),
  minimum: like('minimum'),
  expand_dims: like('unsqueeze'),
  squeeze: like('squeeze'),
  reshape: like('reshape'),
  transpose: like('permute'),
  identity: asItIs,
  concat: concatenated,
  concatenate: concatenated,
};

/** `keras.activations`, called as functions. */
const asFunctions: FunctionTable = {
  ...Object.fromEntries(activationNames.map((name) => [name, activation(name)])),
  linear: asItIs,
  exponential: like('exp'),
};

/** Functions of TensorFlow that a model class or a layer of one's own calls, of keras.ops and of keras.activations. */
export const tensorflowTable: FunctionTable = {
  ...Object.fromEntries(
    Object.entries(asFunctions).map(([name, plain]) => [`keras.activations.${name}`, onSymbols(onNumbers(name, plain))]),
  ),
  ...Object.fromEntries(
    Object.entries(functions).flatMap(([name, plain]): [string, Handler][] => {
      const handler = onSymbols(onNumbers(name, plain));
      return [
        [`tensorflow.${name}`, handler],
        [`tensorflow.math.${name}`, handler],
        [`keras.ops.${name}`, handler],
        [`keras.backend.${name}`, handler],
      ];
    }),
  ),
};
