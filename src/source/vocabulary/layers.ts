import type { Size } from '../../graph/size';
import { combineSizes } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import { Arguments, numbersOf, type Call, type Handler } from '../interpret/call';
import type { CellInitializer, Layer, LayerStep, ParameterCell } from '../values/trace';
import type { Value } from '../values/value';
import { activations } from './activations';
import { losses } from './losses';
import type { FunctionTable } from './functionTable';

/** A layer of torch.nn: its arguments in positional order, what it builds, and its parameters. */
interface LayerEntry {
  readonly names: string;
  readonly step: (a: Arguments) => LayerStep | null;
  readonly parameters?: (a: Arguments, cell: CellMaker) => Record<string, ParameterCell>;
  /** Where single arguments stand, by their names in `Layers`. */
  readonly places?: Readonly<Record<string, string>>;
}

type CellMaker = (shape: readonly Size[], initializer: CellInitializer) => ParameterCell;

const rectified: CellInitializer = { kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' };
const ones: CellInitializer = { kind: 'constant', value: 1 };
const zeros: CellInitializer = { kind: 'constant', value: 0 };

function withBias(a: Arguments, cell: CellMaker, weightShape: readonly Size[], out: Size): Record<string, ParameterCell> {
  const weight = cell(weightShape, rectified);
  return a.boolean('bias', true) ? { weight, bias: cell([out], { kind: 'biasUniform', weight }) } : { weight };
}

function padding(a: Arguments, axes: number, kernel: readonly number[], dilation: readonly number[]): readonly number[] {
  const value = a.value('padding');
  if (value?.kind !== 'string') return a.extent('padding', axes, new Array<number>(axes).fill(0));
  if (value.value === 'valid') return new Array<number>(axes).fill(0);
  const total = kernel.map((k, i) => (dilation[i] ?? 1) * (k - 1));
  if (value.value !== 'same' || total.some((t) => t % 2 !== 0)) a.reject('padding', 'This padding is not read');
  return total.map((t) => t / 2);
}

const convolution = (axes: 1 | 2): LayerEntry => ({
  names: 'in_channels out_channels kernel_size stride padding dilation groups bias padding_mode',
  step: (a) => {
    const kernel = a.extent('kernel_size', axes);
    const one = new Array<number>(axes).fill(1);
    const dilation = a.extent('dilation', axes, one);
    if (a.string('padding_mode', 'zeros') !== 'zeros') a.reject('padding_mode', 'Only padding with zeros is read');
    const args = {
      inChannels: a.size('in_channels'),
      outChannels: a.size('out_channels'),
      kernel,
      stride: a.extent('stride', axes, one),
      padding: padding(a, axes, kernel, dilation),
      dilation,
      groups: a.number('groups', 1),
    };
    return { kind: axes === 1 ? 'conv1d' : 'conv2d', arguments: args };
  },
  parameters: (a, cell) => {
    const groups = a.number('groups', 1);
    const into = a.size('in_channels');
    const perGroup = groups === 1 ? into : combineSizes('//', into, groups);
    return withBias(a, cell, [a.size('out_channels'), perGroup, ...a.extent('kernel_size', axes)], a.size('out_channels'));
  },
  places: { inChannels: 'in_channels', outChannels: 'out_channels', kernel: 'kernel_size' },
});

const pooling = (kind: 'maxPool1d' | 'maxPool2d' | 'avgPool1d' | 'avgPool2d'): LayerEntry => {
  const axes = kind.endsWith('1d') ? 1 : 2;
  return {
    names: kind.startsWith('max')
      ? 'kernel_size stride padding dilation return_indices ceil_mode'
      : 'kernel_size stride padding ceil_mode count_include_pad',
    step: (a) => {
      const kernel = a.extent('kernel_size', axes);
      if (a.boolean('ceil_mode', false)) a.reject('ceil_mode', 'Rounding up (`ceil_mode`) is not read');
      if (kind.startsWith('max') && a.given('dilation') && a.number('dilation', 1) !== 1)
        a.reject('dilation', 'Dilated pooling is not read');
      return {
        kind,
        arguments: {
          kernel,
          stride: a.extent('stride', axes, kernel),
          padding: a.extent('padding', axes, new Array<number>(axes).fill(0)),
        },
      };
    },
  };
};

const batchNorm = (dimensions: 1 | 2 | 3): LayerEntry => ({
  names: 'num_features eps momentum affine track_running_stats',
  step: (a) => ({
    kind: 'batchNorm',
    arguments: {
      features: a.size('num_features'),
      epsilon: a.number('eps', 1e-5),
      momentum: a.value('momentum')?.kind === 'none' ? null : a.number('momentum', 0.1),
      trackStatistics: a.boolean('track_running_stats', true),
      dimensions,
    },
  }),
  parameters: (a, cell): Record<string, ParameterCell> =>
    a.boolean('affine', true)
      ? { weight: cell([a.size('num_features')], ones), bias: cell([a.size('num_features')], zeros) }
      : {},
  places: { features: 'num_features', momentum: 'momentum', epsilon: 'eps' },
});

const dropout: LayerEntry = {
  names: 'p inplace',
  step: (a) => ({ kind: 'dropout', arguments: { p: a.number('p', 0.5), call: 0 } }),
  places: { p: 'p' },
};

/** The layers of torch.nn, PyTorch 2. */
const entries: Readonly<Record<string, LayerEntry>> = {
  Linear: {
    names: 'in_features out_features bias',
    step: (a) => ({ kind: 'linear', arguments: { in: a.size('in_features'), out: a.size('out_features') } }),
    parameters: (a, cell) => withBias(a, cell, [a.size('out_features'), a.size('in_features')], a.size('out_features')),
    places: { in: 'in_features', out: 'out_features' },
  },
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  MaxPool1d: pooling('maxPool1d'),
  MaxPool2d: pooling('maxPool2d'),
  AvgPool1d: pooling('avgPool1d'),
  AvgPool2d: pooling('avgPool2d'),
  AdaptiveAvgPool2d: {
    names: 'output_size',
    step: (a) => ({ kind: 'adaptiveAvgPool2d', arguments: { output: a.extent('output_size', 2) } }),
  },
  Embedding: {
    names: 'num_embeddings embedding_dim padding_idx',
    step: (a) => {
      if (a.given('padding_idx')) a.reject('padding_idx', 'A padding row of an embedding is not read');
      return { kind: 'embedding', arguments: { count: a.size('num_embeddings'), dimension: a.size('embedding_dim') } };
    },
    parameters: (a, cell) => ({
      weight: cell([a.size('num_embeddings'), a.size('embedding_dim')], { kind: 'normal', mean: 0, deviation: 1 }),
    }),
    places: { count: 'num_embeddings', dimension: 'embedding_dim' },
  },
  BatchNorm1d: batchNorm(1),
  BatchNorm2d: batchNorm(2),
  BatchNorm3d: batchNorm(3),
  LayerNorm: {
    names: 'normalized_shape eps elementwise_affine bias',
    step: (a) => ({
      kind: 'layerNorm',
      arguments: { shape: shapeArgument(a, 'normalized_shape'), epsilon: a.number('eps', 1e-5) },
    }),
    parameters: (a, cell): Record<string, ParameterCell> => {
      const shape = shapeArgument(a, 'normalized_shape');
      if (!a.boolean('elementwise_affine', true)) return {};
      return a.boolean('bias', true) ? { weight: cell(shape, ones), bias: cell(shape, zeros) } : { weight: cell(shape, ones) };
    },
    places: { shape: 'normalized_shape' },
  },
  GroupNorm: {
    names: 'num_groups num_channels eps affine',
    step: (a) => ({
      kind: 'groupNorm',
      arguments: { groups: a.number('num_groups'), channels: a.size('num_channels'), epsilon: a.number('eps', 1e-5) },
    }),
    parameters: (a, cell): Record<string, ParameterCell> =>
      a.boolean('affine', true)
        ? { weight: cell([a.size('num_channels')], ones), bias: cell([a.size('num_channels')], zeros) }
        : {},
  },
  Dropout: dropout,
  Flatten: {
    names: 'start_dim end_dim',
    step: (a) => ({ kind: 'flatten', arguments: { start: a.number('start_dim', 1), end: a.number('end_dim', -1) } }),
  },
  PReLU: {
    names: 'num_parameters init',
    step: () => ({ kind: 'prelu', arguments: {} }),
    parameters: (a, cell) => ({
      weight: cell([a.size('num_parameters', 1)], { kind: 'constant', value: a.number('init', 0.25) }),
    }),
  },
  Identity: { names: '', step: () => null },
  Unflatten: {
    names: 'dim unflattened_size',
    step: (a) => {
      if (a.number('dim') !== 1) a.reject('dim', 'Only the axis after the rows can be unflattened here');
      return { kind: 'reshape', arguments: { shape: [-1, ...shapeArgument(a, 'unflattened_size')] } };
    },
  },
};

/** A shape given as one number, a tuple or a list. */
function shapeArgument(a: Arguments, name: string): Size[] {
  const value = a.value(name);
  if (value?.kind === 'list') {
    const sizes = value.items.flatMap((item) =>
      item.kind === 'number' ? [item.value] : item.kind === 'size' ? [item.size] : [],
    );
    if (sizes.length === value.items.length) return sizes;
  }
  return [a.size(name)];
}

/** Makes a layer value, or an unknown with the first reason. */
export function makeLayer(path: string, entry: LayerEntry, call: Call): Value {
  const a = new Arguments(call, entry.names);
  const step = entry.step(a);
  const cell: CellMaker = (shape, initializer) => newCell(shape, initializer, call.range, true);
  const parameters = entry.parameters?.(a, cell) ?? {};
  const problem = a.problems[0];
  if (problem) return { kind: 'unknown', reason: problem };
  const places: Record<string, SourceRange> = {};
  for (const [name, argument] of Object.entries(entry.places ?? {})) if (a.argument(argument)) places[name] = a.place(argument);
  const layer: Layer = {
    kind: 'layer',
    path,
    step,
    parameters,
    range: call.range,
    places,
    training: true,
    attributes: attributesOf(a, entry),
  };
  return layer;
}

/** A parameter as it is when its module has just been made. */
export const newCell = (
  shape: readonly (Size | null)[],
  initializer: CellInitializer,
  range: SourceRange,
  isDefault: boolean,
): ParameterCell => ({
  shape,
  initializer,
  range,
  isDefault,
  trainable: true,
  name: '',
  unread: null,
});

function attributesOf(a: Arguments, entry: LayerEntry): Map<string, number> {
  const attributes = new Map<string, number>();
  for (const name of entry.names.split(' ')) {
    const value = a.value(name);
    const number = value ? numbersOf(value)?.[0] : undefined;
    if (number !== undefined) attributes.set(name, number);
  }
  return attributes;
}

/** Calls of torch.nn's layers, activations and losses. */
export const layerTable: FunctionTable = Object.fromEntries([
  ...Object.entries(entries).map(([name, entry]) => layerHandler(name, entry)),
  ...activations.map((activation) =>
    layerHandler(activation.layer, {
      names: activation.names,
      step: activation.step,
      places: { slope: 'negative_slope', axis: 'dim' },
    }),
  ),
  ...losses.map((loss) => layerHandler(loss.layer, { names: loss.names, step: loss.step })),
  layerHandler('Softmax2d', { names: '', step: () => ({ kind: 'softmax', arguments: { axis: 1 } }) }),
]);

function layerHandler(name: string, entry: LayerEntry): [string, Handler] {
  const path = `torch.nn.${name}`;
  return [path, (call) => makeLayer(path, entry, call)];
}
