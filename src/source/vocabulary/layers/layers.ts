import type { Size } from '../../../graph/size';
import type { SourceRange } from '../../../records/source';
import { Arguments, numbersOf, type Call, type Handler } from '../../interpret/call';
import type { CellInitializer, Layer, ParameterCell } from '../../values/trace';
import { unknown, type Value } from '../../values/value';
import { activations } from './activations';
import { losses } from './losses';
import type { FunctionTable } from '../functionTable';
import { ones, shapeArgument, withBias, zeros, type CellMaker, type LayerEntry } from './layerEntry';
import { lazyEntries, lazyLayer } from './lazyLayers';
import { paddingLayers, spatialLayers } from './spatialLayers';
import { windowLayers } from './windowLayers';

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

const dropping = (kind: 'dropout' | 'featureDropout' | 'alphaDropout' | 'featureAlphaDropout'): LayerEntry => ({
  names: 'p inplace',
  step: (a) => ({ kind, arguments: { p: a.number('p', 0.5), call: 0 } }),
  places: { p: 'p' },
});

/** The padding row of an embedding, counted from the front; null for none. */
function paddingRow(a: Arguments): number | null {
  if (!a.given('padding_idx')) return null;
  const row = a.number('padding_idx');
  if (row >= 0) return row;
  const count = a.size('num_embeddings');
  if (typeof count !== 'number') a.reject('padding_idx', 'A padding row counted from the end needs a known number of rows');
  return typeof count === 'number' ? count + row : null;
}

/** The layers of torch.nn, PyTorch 2. */
const entries: Readonly<Record<string, LayerEntry>> = {
  Linear: {
    names: 'in_features out_features bias',
    step: (a) => ({ kind: 'linear', arguments: { in: a.size('in_features'), out: a.size('out_features') } }),
    parameters: (a, cell) => withBias(a, cell, [a.size('out_features'), a.size('in_features')], a.size('out_features')),
    places: { in: 'in_features', out: 'out_features' },
  },
  ...spatialLayers,
  ...paddingLayers,
  ...windowLayers,
  Embedding: {
    // Sparse gradients are the same numbers.
    names: 'num_embeddings embedding_dim padding_idx max_norm norm_type scale_grad_by_freq sparse',
    step: (a) => {
      if (a.given('max_norm')) a.reject('max_norm', 'Rows that are cut to a norm are not read');
      if (a.boolean('scale_grad_by_freq', false)) a.reject('scale_grad_by_freq', 'Gradients scaled by frequency are not read');
      const [count, dimension] = [a.size('num_embeddings'), a.size('embedding_dim')];
      return { kind: 'embedding', arguments: { count, dimension, padding: paddingRow(a) } };
    },
    parameters: (a, cell) => {
      const padding = paddingRow(a);
      const zeroed = padding === null ? {} : { filled: [{ from: padding, to: padding + 1, value: 0 }] };
      const shape = [a.size('num_embeddings'), a.size('embedding_dim')];
      return { weight: cell(shape, { kind: 'normal', mean: 0, deviation: 1, ...zeroed }) };
    },
    places: { count: 'num_embeddings', dimension: 'embedding_dim' },
  },
  BatchNorm1d: batchNorm(1),
  BatchNorm2d: batchNorm(2),
  BatchNorm3d: batchNorm(3),
  SyncBatchNorm: { ...batchNorm(2), names: 'num_features eps momentum affine track_running_stats process_group' },
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
  Dropout: dropping('dropout'),
  Dropout1d: dropping('featureDropout'),
  Dropout2d: dropping('featureDropout'),
  Dropout3d: dropping('featureDropout'),
  AlphaDropout: dropping('alphaDropout'),
  FeatureAlphaDropout: dropping('featureAlphaDropout'),
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
  Identity: { names: '*', step: () => null },
  Unflatten: {
    names: 'dim unflattened_size',
    step: (a) => ({ kind: 'unflatten', arguments: { axis: a.number('dim'), shape: shapeArgument(a, 'unflattened_size') } }),
  },
  RMSNorm: {
    names: 'normalized_shape eps elementwise_affine',
    step: (a) => ({
      kind: 'rmsNorm',
      arguments: { shape: shapeArgument(a, 'normalized_shape'), epsilon: a.optionalNumber('eps') },
    }),
    parameters: (a, cell): Record<string, ParameterCell> =>
      a.boolean('elementwise_affine', true) ? { weight: cell(shapeArgument(a, 'normalized_shape'), ones) } : {},
    places: { shape: 'normalized_shape' },
  },
  Bilinear: {
    names: 'in1_features in2_features out_features bias',
    step: (a) => ({
      kind: 'bilinear',
      arguments: { in1: a.size('in1_features'), in2: a.size('in2_features'), out: a.size('out_features') },
    }),
    parameters: (a, cell): Record<string, ParameterCell> => {
      const bound = 1 / Math.sqrt(a.number('in1_features'));
      const uniform = { kind: 'uniform', low: -bound, high: bound } as const;
      const weight = cell([a.size('out_features'), a.size('in1_features'), a.size('in2_features')], uniform);
      return a.boolean('bias', true) ? { weight, bias: cell([a.size('out_features')], uniform) } : { weight };
    },
    places: { out: 'out_features' },
  },
  GLU: { names: 'dim', step: (a) => ({ kind: 'glu', arguments: { axis: a.number('dim', -1) } }) },
};

/** Makes a layer value, or an unknown with the first reason. */
export function makeLayer(path: string, entry: LayerEntry, call: Call): Value {
  const a = new Arguments(call, entry.names);
  const step = entry.step(a);
  const cell: CellMaker = (shape, initializer) => newCell(shape, initializer, call.range, true);
  const parameters = entry.parameters?.(a, cell) ?? {};
  const apply = entry.apply?.(a) ?? null;
  if (entry.names !== '*') a.rejectOthers('device dtype');
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
    ...(apply ? { apply } : {}),
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
  ...losses.flatMap((loss) =>
    [loss.layer, ...(loss.layer === 'NLLLoss' ? ['NLLLoss2d'] : [])].map((name) =>
      layerHandler(name, { names: loss.names, step: loss.step }),
    ),
  ),
  ...Object.entries(lazyEntries).map(([name, lazy]): [string, Handler] => {
    const entry = entries[lazy.becomes];
    return [`torch.nn.${name}`, (call) => (entry ? lazyLayer(lazy, entry, call, makeLayer) : unknown)];
  }),
  layerHandler('Softmax2d', { names: '', step: () => ({ kind: 'softmax', arguments: { axis: 1 } }) }),
]);

function layerHandler(name: string, entry: LayerEntry): [string, Handler] {
  const path = `torch.nn.${name}`;
  return [path, (call) => makeLayer(path, entry, call)];
}
