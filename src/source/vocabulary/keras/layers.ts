import type { LayerKind, Layers } from '../../../records/model/layers';
import type { SourceRange } from '../../../records/source';
import { Arguments, numbersOf, plainCall, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { fromFront, productOf } from '../../interpret/shapes';
import { tensorBinary } from '../../interpret/tensors';
import type { TraceNode } from '../../values/trace';
import type { KerasLayer } from '../../values/estimators';
import { listValue, numberValue, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { activated, activationOf, stepped, type Step } from './activations';
import { wholeRows } from './gateDropout';
import { withFansExchanged } from './initializers';
import { imageFormat, pointwise } from './layout';
import { maskOfIndices, withMask } from './masks';
import { staysInInference } from './phase';
import { penaltyOf } from './regularizers';
import { kernelAndBias, kernelPenalties, layerValue, single, unreadInitializer, weightCell } from './weights';

/** `units='64'`: Keras takes the text for the number. */
function withWholeUnits(call: Call): Call {
  const units = call.keywords.get('units');
  if (units?.value.kind !== 'string' || !/^\d+$/.test(units.value.value)) return call;
  const value = numberValue(Number(units.value.value), true, units.value.origin);
  return { ...call, keywords: new Map([...call.keywords, ['units', { ...units, value }] as const]) };
}

const dense: Handler = (written) => {
  const call = withWholeUnits(written);
  const a = new Arguments(
    call,
    'units activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer',
  );
  const units = a.size('units');
  const activation = activationOf(a.value('activation'));
  if (activation === undefined) a.reject('activation', 'This activation is not known');
  const places: Record<string, SourceRange> = a.argument('units') ? { out: a.place('units') } : {};
  const apply = single((m, layer, given) => {
    // Rows of unknown axes have the width that the script says the layer takes.
    const said = given.shape === null && layer.inputShape?.length === 1 ? (layer.inputShape[0] ?? null) : null;
    const input = said === null ? given : m.trace.add('reshape', { shape: [-1, said] }, [given], layer.range);
    const into = input.shape?.[input.shape.length - 1] ?? null;
    if (into === null) return unreadable('The width of what comes into this layer is not known', layer.range);
    if (!kernelAndBias(layer, a, [units, into], units)) return unreadInitializer(layer);
    const parameters = { ...layer.cells };
    const linear = m.trace.add('linear', { in: into, out: units }, [input], layer.range, { parameters, places });
    return activated(m, linear, activation ?? null, a.range('activation'));
  });
  return layerValue(call, a, 'dense', apply, kernelPenalties(a));
};

const embedding: Handler = (call) => {
  const a = new Arguments(call, 'input_dim output_dim embeddings_initializer embeddings_regularizer');
  const [count, dimension] = [a.size('input_dim'), a.size('output_dim')];
  const masked = a.boolean('mask_zero', false);
  const places: Record<string, SourceRange> = a.argument('input_dim') ? { count: a.place('input_dim') } : {};
  const apply = single((m, layer, input) => {
    const known = layer.cells.weight;
    const weight = known ?? weightCell(layer, a, 'weight', [count, dimension], 'embeddings_initializer', 'uniform');
    // Keras takes the number of words for the ways in.
    if (weight && !known) weight.initializer = withFansExchanged(weight.initializer);
    if (!weight) return unreadInitializer(layer);
    const indices = input.integer ? input : m.trace.add('cast', { to: 'integer' }, [input], layer.range);
    const made = m.trace.add('embedding', { count, dimension }, [indices], layer.range, { parameters: { weight }, places });
    return masked ? withMask(made, maskOfIndices(m, input, layer.range)) : made;
  });
  return layerValue(
    { ...call, keywords: withoutWidth(call) },
    a,
    'embedding',
    apply,
    penaltyOf(a, 'embeddings_regularizer', 'weight'),
  );
};

/** An embedding's `input_dim` counts its rows and is not the width of its input. */
const withoutWidth = (call: Call): Call['keywords'] => new Map([...call.keywords].filter(([name]) => name !== 'input_dim'));

/** A layer without weights that adds at most one node. */
const simple =
  (name: string, names: string, step: (a: Arguments) => Step | null): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const made = step(a);
    return layerValue(
      call,
      a,
      name,
      single((m, layer, input) => (made ? stepped(m, input, made, layer.range) : input)),
    );
  };

const activationLayer: Handler = (call) => {
  const a = new Arguments(call, 'activation');
  const activation = activationOf(a.value('activation'));
  if (activation === undefined) a.reject('activation', 'This activation is not known');
  return layerValue(
    call,
    a,
    'activation',
    single((m, layer, input) => activated(m, input, activation ?? null, layer.range)),
  );
};

const rectifier: Handler = (call) => {
  const a = new Arguments(call, 'max_value negative_slope threshold');
  const [highest, slope] = [a.optionalNumber('max_value'), a.number('negative_slope', 0)];
  if (a.number('threshold', 0) !== 0) a.reject('threshold', 'A threshold of this layer is not read');
  if (highest !== null && (slope !== 0 || highest !== 6)) a.reject('max_value', 'This largest value is not read');
  const step: Step =
    highest !== null
      ? { kind: 'relu6', arguments: {} }
      : slope !== 0
        ? { kind: 'leakyRelu', arguments: { slope } }
        : { kind: 'relu', arguments: {} };
  return layerValue(
    call,
    a,
    're_lu',
    single((m, layer, input) => stepped(m, input, step, layer.range)),
  );
};

const learnedRectifier: Handler = (call) => {
  const a = new Arguments(call, 'alpha_initializer alpha_regularizer');
  if (a.given('alpha_constraint')) a.reject('alpha_constraint', '`alpha_constraint` is not followed');
  const apply = single((m, layer, input) => {
    const features = input.shape?.[1] ?? null;
    if (features === null || input.shape?.length !== 2)
      return unreadable('This layer is read for rows of numbers only', layer.range);
    const weight = weightCell(layer, a, 'weight', [features], 'alpha_initializer', 'zeros');
    return weight ? m.trace.add('prelu', {}, [input], layer.range, { parameters: { weight } }) : unreadInitializer(layer);
  });
  return layerValue(call, a, 'p_re_lu', apply, penaltyOf(a, 'alpha_regularizer', 'weight'));
};

const rescaling: Handler = (call) => {
  const a = new Arguments(call, 'scale offset');
  const [scale, offset] = [a.number('scale'), a.number('offset', 0)];
  const apply = single((m, layer, input) =>
    pointwise(m, input, layer.range, (x) => {
      const scaled = m.trace.add('multiply', {}, [x, m.trace.constant(scale, layer.range)], layer.range);
      return offset === 0 ? scaled : m.trace.add('add', {}, [scaled, m.trace.constant(offset, layer.range)], layer.range);
    }),
  );
  const made = layerValue(call, a, 'rescaling', apply);
  const onRows = (rows: Value, use: Call): Value => {
    const scaled = tensorBinary(use.machine, '*', rows, numberValue(scale, false), use.range);
    return offset === 0 ? scaled : tensorBinary(use.machine, '+', scaled, numberValue(offset, false), use.range);
  };
  return made.kind === 'kerasLayer' ? { ...made, onRows } : made;
};

/** Whether rows are dropped as wholes: a `noise_shape` of ones behind the rows. Others are refused. */
function droppedTogether(a: Arguments, axes: number | null): boolean {
  const shape = a.value('noise_shape');
  if (!shape || shape.kind === 'none') return false;
  const [rows, ...others] = shape.kind === 'list' ? shape.items : [];
  const whole = rows?.kind === 'none' && others.length > 0 && others.every((size) => size.kind === 'number' && size.value === 1);
  if (!whole || axes !== null) a.reject('noise_shape', 'This `noise_shape` is not followed');
  return whole;
}

const dropout =
  (name: string, axes: number | null): Handler =>
  (call) => {
    const a = new Arguments(call, 'rate noise_shape seed');
    const p = a.number('rate');
    if (axes === 4 && imageFormat(call.machine) !== 'channels_last')
      a.reject('rate', 'Dropping whole channels in the first place is not read');
    const together = droppedTogether(a, axes);
    const places: Record<string, SourceRange> = { p: a.place('rate') };
    const apply = single((m, layer, input) => {
      if (axes !== null && input.shape?.length !== axes)
        return unreadable(`This layer takes ${axes} axes with the rows`, layer.range);
      if (p === 0 || staysInInference(m)) return input;
      if (together) return wholeRows(m, input, p, layer.range, a.place('rate'));
      const add = (x: TraceNode): TraceNode =>
        m.trace.add(axes === null ? 'dropout' : 'featureDropout', { p, call: 0 }, [x], layer.range, { places });
      if (axes === null) return pointwise(m, input, layer.range, add);
      const order = axes === 3 ? [0, 2, 1] : [0, 3, 1, 2];
      const back = axes === 3 ? [0, 2, 1] : [0, 2, 3, 1];
      const first = m.trace.add('permute', { order }, [input], layer.range);
      return m.trace.add('permute', { order: back }, [add(first)], layer.range);
    });
    return layerValue(call, a, name, apply);
  };

const flatten: Handler = (call) => {
  const a = new Arguments(call, 'data_format');
  if (a.string('data_format', 'channels_last') !== 'channels_last')
    call.machine.assume('Channels in the first place are laid out as they stand', a.range('data_format'));
  const apply = single((m, layer, input) => {
    if (input.shape?.length === 2) return input;
    const node = m.trace.add('flatten', { start: 1, end: -1 }, [input], layer.range);
    return node.shape?.[1] === null && input.shape
      ? { ...node, shape: [node.shape[0] ?? null, productOf(input.shape.slice(1))] }
      : node;
  });
  return layerValue(call, a, 'flatten', apply);
};

const reshaping: Handler = (call) => {
  const a = new Arguments(call, 'target_shape');
  const target = numbersOf(a.value('target_shape') ?? unknown);
  if (!target) a.reject('target_shape', 'The new shape could not be read');
  const apply = single((m, layer, input) => {
    const total = input.shape ? productOf(input.shape.slice(1)) : null;
    const known = (target ?? []).filter((size) => size !== -1).reduce((product, size) => product * size, 1);
    if (typeof total !== 'number' || total % known !== 0)
      return unreadable('This change of shape could not be followed', layer.range);
    const shape = (target ?? []).map((size) => (size === -1 ? total / known : size));
    return m.trace.add('reshape', { shape: [-1, ...shape] }, [input], layer.range);
  });
  return layerValue(call, a, 'reshape', apply);
};

const permutation: Handler = (call) => {
  const a = new Arguments(call, 'dims');
  const order = numbersOf(a.value('dims') ?? unknown);
  if (!order) a.reject('dims', 'This order of axes could not be read');
  return layerValue(
    call,
    a,
    'permute',
    single((m, layer, input) => m.trace.add('permute', { order: [0, ...(order ?? [])] }, [input], layer.range)),
  );
};

const softmaxLayer: Handler = (call) => {
  const a = new Arguments(call, 'axis');
  const axis = a.number('axis', -1);
  const apply = single((m, layer, input) => {
    const axes = input.shape?.length;
    if (axis >= 0 && axes !== undefined && fromFront(axis, axes) !== axes - 1)
      return unreadable('A softmax over another axis than the last is not read', layer.range);
    return m.trace.add('softmax', { axis: -1 }, [input], layer.range);
  });
  return layerValue(call, a, 'softmax', apply);
};

const lambda: Handler = (call) => {
  const a = new Arguments(call, 'function output_shape');
  const callee = a.value('function') ?? unknown;
  const apply: KerasLayer['apply'] = (m, layer, inputs) => {
    const tensors = inputs.map(tensorValue);
    const [first] = tensors;
    if (!first) return unreadable('This function is given no tensor', layer.range);
    const given = tensors.length === 1 ? first : listValue(tensors);
    const value = callValue(m, callee, { ...plainCall(call, [given]), machine: m });
    if (value.kind === 'tensor') return value.node;
    return value.kind === 'unknown' && value.reason ? value : unreadable('What this function gives is not read', layer.range);
  };
  return layerValue(call, a, 'lambda', apply);
};

const refused: Handler = (call) => unreadable('This layer of Keras is not read', call.range);

const elementwise = (kind: LayerKind, args: Layers[LayerKind] = {}): Step => ({ kind, arguments: args }) as Step;

const unread =
  'SeparableConv1D DepthwiseConv1D Conv1DTranspose Conv3D ConvLSTM2D GroupNormalization UnitNormalization EinsumDense LocallyConnected1D LocallyConnected2D Discretization Hashing CenterCrop RandomCrop';

/** Layers of Keras that take one tensor, by their names below `keras.layers`, with the defaults that Keras 2 and 3 share. */
export const kerasLayerTable: FunctionTable = {
  'keras.layers.Dense': dense,
  'keras.layers.Embedding': embedding,
  'keras.layers.Activation': activationLayer,
  'keras.layers.ReLU': rectifier,
  'keras.layers.PReLU': learnedRectifier,
  'keras.layers.LeakyReLU': simple('leaky_re_lu', 'negative_slope', (a) => ({
    kind: 'leakyRelu',
    arguments: { slope: a.given('alpha') ? a.number('alpha') : a.number('negative_slope', 0.3) },
  })),
  'keras.layers.ELU': simple('elu', 'alpha', (a) => elementwise('elu', { alpha: a.number('alpha', 1) })),
  'keras.layers.Softmax': softmaxLayer,
  'keras.layers.Dropout': dropout('dropout', null),
  'keras.layers.SpatialDropout1D': dropout('spatial_dropout1d', 3),
  'keras.layers.SpatialDropout2D': dropout('spatial_dropout2d', 4),
  'keras.layers.Flatten': flatten,
  'keras.layers.Reshape': reshaping,
  'keras.layers.Permute': permutation,
  'keras.layers.Rescaling': rescaling,
  'keras.layers.experimental.preprocessing.Rescaling': rescaling,
  'keras.layers.Lambda': lambda,
  'keras.layers.Identity': simple('identity', '', () => null),
  ...Object.fromEntries(unread.split(' ').map((name): [string, Handler] => [`keras.layers.${name}`, refused])),
};
