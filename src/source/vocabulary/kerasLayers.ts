import type { Size } from '../../graph/size';
import type { LayerKind, Layers } from '../../records/model';
import type { SourceRange } from '../../records/source';
import { Arguments, numbersOf, type Call, type Handler } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import { productOf } from '../interpret/shapes';
import type { KerasLayer, KerasTensor } from '../values/estimators';
import type { CellInitializer, ParameterCell, TraceNode } from '../values/trace';
import { none, unknown, unreadable, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';
import { newCell } from './layers';

type Step = { [K in LayerKind]: { readonly kind: K; readonly arguments: Layers[K] } }[LayerKind];

/** Keras's names of activations. `linear` and None add nothing. */
const activationSteps: Readonly<Record<string, Step | null>> = {
  linear: null,
  relu: { kind: 'relu', arguments: {} },
  relu6: { kind: 'relu6', arguments: {} },
  sigmoid: { kind: 'sigmoid', arguments: {} },
  tanh: { kind: 'tanh', arguments: {} },
  softmax: { kind: 'softmax', arguments: { axis: -1 } },
  elu: { kind: 'elu', arguments: { alpha: 1 } },
  selu: { kind: 'selu', arguments: {} },
  gelu: { kind: 'gelu', arguments: { approximate: 'none' } },
  silu: { kind: 'silu', arguments: {} },
  swish: { kind: 'silu', arguments: {} },
  softplus: { kind: 'softplus', arguments: { beta: 1, threshold: 20 } },
  softsign: { kind: 'softsign', arguments: {} },
  mish: { kind: 'mish', arguments: {} },
  leaky_relu: { kind: 'leakyRelu', arguments: { slope: 0.2 } },
  exponential: { kind: 'exp', arguments: {} },
};

/** The activation that an argument names; undefined when it is not known. */
function activationOf(value: Value | null): Step | null | undefined {
  if (!value || value.kind === 'none') return null;
  const name = value.kind === 'string' ? value.value : value.kind === 'external' ? (value.path.split('.').pop() ?? '') : '';
  return Object.hasOwn(activationSteps, name) ? activationSteps[name] : undefined;
}

/** A truncated normal whose deviation after cutting at two deviations is `deviation`. */
function truncated(deviation: number): CellInitializer {
  const wide = deviation / 0.87962566103423978;
  return { kind: 'truncatedNormal', mean: 0, deviation: wide, low: -2 * wide, high: 2 * wide };
}

/** Keras's initialisers by name, for a weight [out, in]; null when it is not known. */
function initializerOf(value: Value | null, fallback: string, shape: readonly (Size | null)[]): CellInitializer | null {
  const name =
    value?.kind === 'string'
      ? value.value
      : value?.kind === 'external'
        ? (value.path.split('.').pop() ?? '')
        : value === null
          ? fallback
          : '';
  const [out, into] = shape;
  const fans = typeof out === 'number' && typeof into === 'number' ? { into, sum: out + into } : null;
  switch (name.toLowerCase().replace(/_/g, '')) {
    case 'glorotuniform':
      return { kind: 'xavierUniform', gain: 1 };
    case 'glorotnormal':
      return fans ? truncated(Math.sqrt(2 / fans.sum)) : null;
    case 'heuniform':
      return { kind: 'kaimingUniform', slope: 0, mode: 'fanIn', nonlinearity: 'relu' };
    case 'henormal':
      return fans ? truncated(Math.sqrt(2 / fans.into)) : null;
    case 'lecununiform':
      return { kind: 'kaimingUniform', slope: 0, mode: 'fanIn', nonlinearity: 'linear' };
    case 'lecunnormal':
      return fans ? truncated(Math.sqrt(1 / fans.into)) : null;
    case 'zeros':
    case 'zero':
      return { kind: 'constant', value: 0 };
    case 'ones':
    case 'one':
      return { kind: 'constant', value: 1 };
    case 'randomnormal':
    case 'normal':
      return { kind: 'normal', mean: 0, deviation: 0.05 };
    case 'randomuniform':
    case 'uniform':
      return { kind: 'uniform', low: -0.05, high: 0.05 };
    default:
      return null;
  }
}

type Apply = KerasLayer['apply'];

function layerValue(call: Call, a: Arguments, name: string, apply: Apply): Value {
  const problem = a.problems[0];
  if (problem) return { kind: 'unknown', reason: problem };
  const given = a.call.keywords.get('input_shape')?.value ?? a.call.keywords.get('shape')?.value;
  const width = a.call.keywords.get('input_dim')?.value;
  const inputShape = given ? numbersOf(given) : width?.kind === 'number' ? [width.value] : null;
  const layer: KerasLayer = { kind: 'kerasLayer', name, range: call.range, apply, cells: {}, inputShape };
  return layer;
}

const add = (
  m: Machine,
  layer: KerasLayer,
  step: Step,
  input: TraceNode,
  parameters: Record<string, ParameterCell> = {},
): TraceNode => {
  const { kind, arguments: args } = step as { kind: LayerKind; arguments: Layers[LayerKind] };
  return m.trace.add(kind, args, [input], layer.range, { parameters });
};

const dense: Handler = (call) => {
  const a = new Arguments(call, 'units activation use_bias kernel_initializer bias_initializer');
  const units = a.size('units');
  const activation = activationOf(a.value('activation'));
  const biased = a.boolean('use_bias', true);
  if (activation === undefined) a.reject('activation', 'This activation is not known');
  for (const name of ['kernel_regularizer', 'kernel_constraint', 'activity_regularizer'])
    if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  return layerValue(call, a, 'dense', (m, layer, input) => {
    const into = input.shape?.[input.shape.length - 1] ?? null;
    if (into === null) return unreadable('The width of what comes into this layer is not known', layer.range);
    if (!layer.cells['weight']) {
      const shape = [units, into];
      const weight = initializerOf(a.value('kernel_initializer'), 'glorot_uniform', shape);
      const bias = initializerOf(a.value('bias_initializer'), 'zeros', [units, 1]);
      if (!weight || !bias) return unreadable('This initialisation is not read', layer.range);
      const isDefault = !a.given('kernel_initializer');
      layer.cells = {
        weight: newCell(shape, weight, a.given('kernel_initializer') ? a.place('kernel_initializer') : layer.range, isDefault),
      };
      if (biased) layer.cells['bias'] = newCell([units], bias, layer.range, !a.given('bias_initializer'));
    }
    const places: Record<string, SourceRange> = a.argument('units') ? { out: a.place('units') } : {};
    const linear = m.trace.add('linear', { in: into, out: units }, [input], layer.range, { parameters: layer.cells, places });
    return activation
      ? m.trace.add(activation.kind, activation.arguments as Layers[LayerKind], [linear], a.range('activation'))
      : linear;
  });
};

const normalisation: Handler = (call) => {
  const a = new Arguments(call, 'axis momentum epsilon center scale');
  const momentum = a.number('momentum', 0.99);
  const epsilon = a.number('epsilon', 1e-3);
  return layerValue(call, a, 'batch_normalization', (m, layer, input) => {
    const features = input.shape?.[1] ?? null;
    if (features === null || input.shape?.length !== 2)
      return unreadable('Normalisation is read for rows of numbers only', layer.range);
    if (!layer.cells['weight'])
      layer.cells = {
        weight: newCell([features], { kind: 'constant', value: 1 }, layer.range, true),
        bias: newCell([features], { kind: 'constant', value: 0 }, layer.range, true),
      };
    return m.trace.add(
      'batchNorm',
      { features, epsilon, momentum: 1 - momentum, trackStatistics: true, dimensions: 1 },
      [input],
      layer.range,
      { parameters: layer.cells },
    );
  });
};

const simple =
  (name: string, names: string, step: (a: Arguments) => Step | null): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const made = step(a);
    return layerValue(call, a, name, (m, layer, input) => (made ? add(m, layer, made, input) : input));
  };

const activationLayer: Handler = (call) => {
  const a = new Arguments(call, 'activation');
  const step = activationOf(a.value('activation'));
  if (step === undefined) a.reject('activation', 'This activation is not known');
  return layerValue(call, a, 'activation', (m, layer, input) => (step ? add(m, layer, step, input) : input));
};

const rescaling: Handler = (call) => {
  const a = new Arguments(call, 'scale offset');
  const [scale, offset] = [a.number('scale'), a.number('offset', 0)];
  return layerValue(call, a, 'rescaling', (m, layer, input) => {
    const scaled = m.trace.add('multiply', {}, [input, m.trace.constant(scale, layer.range)], layer.range);
    return offset === 0 ? scaled : m.trace.add('add', {}, [scaled, m.trace.constant(offset, layer.range)], layer.range);
  });
};

const flatten: Handler = (call) => {
  const a = new Arguments(call, 'data_format');
  return layerValue(call, a, 'flatten', (m, layer, input) => {
    const node = m.trace.add('flatten', { start: 1, end: -1 }, [input], layer.range);
    return node.shape?.[1] === null && input.shape
      ? { ...node, shape: [node.shape[0] ?? null, productOf(input.shape.slice(1))] }
      : node;
  });
};

const refused: Handler = (call) => unreadable('This layer of Keras is not read', call.range);

const inputTensor: Handler = (call) => {
  const tensor: KerasTensor = { kind: 'kerasTensor', layer: null, inputs: [], join: null, range: call.range };
  return tensor;
};

const joining =
  (join: 'add' | 'concatenate'): Handler =>
  (call) => {
    const list = call.positional[0]?.value ?? none;
    const inputs = list.kind === 'list' ? list.items.flatMap((item) => (item.kind === 'kerasTensor' ? [item] : [])) : [];
    if (list.kind !== 'list') return unknown;
    const tensor: KerasTensor = { kind: 'kerasTensor', layer: null, inputs, join, range: call.range };
    return tensor;
  };

/** Layers of Keras 3, by their names below `keras.layers`. */
export const kerasLayerTable: FunctionTable = {
  'keras.layers.Dense': dense,
  'keras.layers.Activation': activationLayer,
  'keras.layers.ReLU': simple('re_lu', '', () => ({ kind: 'relu', arguments: {} })),
  'keras.layers.LeakyReLU': simple('leaky_re_lu', 'negative_slope', (a) => ({
    kind: 'leakyRelu',
    arguments: { slope: a.given('alpha') ? a.number('alpha') : a.number('negative_slope', 0.3) },
  })),
  'keras.layers.ELU': simple('elu', 'alpha', (a) => ({ kind: 'elu', arguments: { alpha: a.number('alpha', 1) } })),
  'keras.layers.Softmax': simple('softmax', 'axis', (a) => ({ kind: 'softmax', arguments: { axis: a.number('axis', -1) } })),
  'keras.layers.Dropout': simple('dropout', 'rate', (a) => ({ kind: 'dropout', arguments: { p: a.number('rate'), call: 0 } })),
  'keras.layers.Flatten': flatten,
  'keras.layers.BatchNormalization': normalisation,
  'keras.layers.Rescaling': rescaling,
  'keras.layers.InputLayer': simple('input', '', () => null),
  'keras.layers.Input': inputTensor,
  'keras.Input': inputTensor,
  'keras.layers.add': joining('add'),
  'keras.layers.concatenate': joining('concatenate'),
  ...Object.fromEntries(
    [
      'Conv1D',
      'Conv2D',
      'MaxPooling2D',
      'AveragePooling2D',
      'GlobalAveragePooling2D',
      'Embedding',
      'LSTM',
      'GRU',
      'SimpleRNN',
      'LayerNormalization',
      'Reshape',
      'Lambda',
      'Normalization',
    ].map((name): [string, Handler] => [`keras.layers.${name}`, refused]),
  ),
};
