import { Arguments, type Handler } from '../../interpret/call';
import { axisSize, dataStep } from '../../interpret/tensors';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer } from '../../values/estimators';
import type { Array as DataArray } from '../../values/dataValues';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { batchBehind } from './dataLayers';
import { channelsFirst, channelsLast } from './layout';
import { staysInInference } from './phase';
import { penaltyOf } from './regularizers';
import { layerValue, single, unreadInitializer, weightCell } from './weights';

const names =
  'axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer moving_variance_initializer beta_regularizer gamma_regularizer';

/** Scale and shift of a normalising layer; false when an initialisation is not known. */
function scaleAndShift(layer: KerasLayer, a: Arguments, shape: readonly TraceNodeSize[]): boolean {
  const scale = a.boolean('scale', true) ? weightCell(layer, a, 'weight', shape, 'gamma_initializer', 'ones') : true;
  const shift = a.boolean('center', true) ? weightCell(layer, a, 'bias', shape, 'beta_initializer', 'zeros') : true;
  return scale !== null && shift !== null;
}

type TraceNodeSize = NonNullable<NonNullable<TraceNode['shape']>[number]>;

const penaltiesOf = (a: Arguments) => [
  ...penaltyOf(a, 'gamma_regularizer', 'weight'),
  ...penaltyOf(a, 'beta_regularizer', 'bias'),
];

/** Layers whose statistics follow the batches. */
const adapting = new WeakSet<KerasLayer>();

/** Normalisation that never adapted to rows: by its first statistics, mean 0 and variance 1. Channels are second. */
function byFirstStatistics(
  m: Machine,
  layer: KerasLayer,
  x: TraceNode,
  features: TraceNodeSize,
  epsilon: number,
): TraceNode | Value {
  const { range, cells } = layer;
  const axes = x.shape?.length ?? 0;
  if (adapting.has(layer) || typeof features !== 'number')
    return unreadable('Normalisation by statistics that are kept fixed is not read', range);
  const spread = (cell: ParameterCell): TraceNode => {
    const node = m.trace.parameter(cell, range);
    const shape = [features, ...new Array<number>(axes - 2).fill(1)];
    return axes > 2 ? m.trace.add('reshape', { shape }, [node], range) : node;
  };
  const factor = m.trace.constant(1 / Math.sqrt(1 + epsilon), range);
  let made = m.trace.add('multiply', {}, [x, factor], range);
  if (cells['weight']) made = m.trace.add('multiply', {}, [made, spread(cells['weight'])], range);
  if (cells['bias']) made = m.trace.add('add', {}, [made, spread(cells['bias'])], range);
  return axes > 2 ? channelsLast(m, made, axes, range) : made;
}

const batchNormalisation: Handler = (call) => {
  const a = new Arguments(call, names);
  const momentum = a.number('momentum', 0.99);
  const epsilon = a.number('epsilon', 1e-3);
  for (const name of ['renorm', 'virtual_batch_size', 'synchronized'])
    if (a.given(name) && a.value(name)?.kind === 'boolean' && a.boolean(name, false))
      a.reject(name, `\`${name}\` is not followed`);
  const axis = a.number('axis', -1);
  const apply = single((m, layer, input) => {
    const axes = input.shape?.length ?? 0;
    const features = input.shape?.[axes - 1] ?? null;
    if (features === null || axes < 2 || axes > 4)
      return unreadable('The shape of what comes into this layer is not known', layer.range);
    if (axis !== -1 && axis !== axes - 1)
      return unreadable('Normalisation of another axis than the last is not read', a.range('axis'));
    if (!scaleAndShift(layer, a, [features])) return unreadInitializer(layer);
    const x = axes > 2 ? channelsFirst(m, input, axes, layer.range) : input;
    if (!layer.trainable || staysInInference(m)) return byFirstStatistics(m, layer, x, features, epsilon);
    adapting.add(layer);
    const node = m.trace.add(
      'batchNorm',
      {
        features,
        epsilon,
        momentum: 1 - momentum,
        trackStatistics: true,
        biasedVariance: true,
        dimensions: axes === 4 ? 2 : 1,
      },
      [x],
      layer.range,
      { parameters: { ...layer.cells } },
    );
    return axes > 2 ? channelsLast(m, node, axes, layer.range) : node;
  });
  return layerValue(call, a, 'batch_normalization', apply, penaltiesOf(a));
};

const layerNormalisation: Handler = (call) => {
  const a = new Arguments(call, 'axis epsilon center scale');
  const epsilon = a.number('epsilon', 1e-3);
  if (a.given('axis') && a.number('axis') !== -1) a.reject('axis', 'Only the last axis is read here');
  if (a.given('rms_scaling') && a.boolean('rms_scaling', false)) a.reject('rms_scaling', '`rms_scaling` is not followed');
  const apply = single((m, layer, input) => {
    const size = input.shape?.[input.shape.length - 1] ?? null;
    if (size === null) return unreadable('The width of what comes into this layer is not known', layer.range);
    if (!scaleAndShift(layer, a, [size])) return unreadInitializer(layer);
    return m.trace.add('layerNorm', { shape: [size], epsilon }, [input], layer.range, { parameters: { ...layer.cells } });
  });
  return layerValue(call, a, 'layer_normalization', apply, penaltiesOf(a));
};

/** The rows of data that a node of the graph hands on, with a column of their own where they are single numbers; null for others. */
function rowsBehind(m: Machine, node: TraceNode, like: DataArray): DataArray | null {
  const { source, kind } = node;
  if (kind === 'source' && source) return { ...like, step: source.step, shape: node.shape, integer: node.integer };
  const [inner] = node.inputs;
  const rows = inner && (kind === 'unsqueeze' || kind === 'cast') ? rowsBehind(m, inner, like) : null;
  if (!rows) return null;
  if (kind === 'cast') return dataStep(m, 'cast', { to: 'float' }, [rows], node.range, { integer: false });
  const shape = rows.shape && [...rows.shape, 1];
  return rows.shape?.length === 1 ? dataStep(m, 'unsqueeze', { axis: 1 }, [rows], node.range, { shape }) : null;
}

/** Single numbers as rows of one column. */
const inColumns = (m: Machine, rows: DataArray, layer: KerasLayer): DataArray =>
  rows.shape?.length === 1 || rows.flavour === 'series'
    ? dataStep(m, 'unsqueeze', { axis: 1 }, [rows], layer.range, { flavour: 'numpy', shape: [rows.shape?.[0] ?? null, 1] })
    : rows;

/** Rows scaled by the statistics of others: a step of the data, since no weight of the model stands before it. */
function scaledRows(m: Machine, layer: KerasLayer, input: TraceNode, adapted: DataArray): TraceNode | Value {
  // Rows that could not be read say so themselves.
  if (input.kind === 'opaque') return input;
  const own = input.shape?.length === 2 ? rowsBehind(m, input, adapted) : null;
  if (!own || (adapted.shape && adapted.shape.length > 2))
    return unreadable('Normalisation is read right behind the input of a table', layer.range);
  const scaled = scaledBy(m, layer, own, inColumns(m, adapted, layer));
  const width = input.shape?.[1] ?? axisSize(m, scaled, 1);
  return m.trace.source(scaled.step, batchBehind(input), [null, width], false, input.range);
}

/** Columns of rows brought to mean 0 and variance 1 of other rows. */
function scaledBy(m: Machine, layer: KerasLayer, rows: DataArray, by: DataArray): DataArray {
  const args = { scaler: 'standard', withMean: true, withStd: true, low: 0, high: 1 } as const;
  const fitted = dataStep(m, 'fitScaler', args, [by], layer.range);
  return dataStep(m, 'applyScaler', { inverse: false }, [fitted, rows], layer.range, {
    ...(rows.shape ? { shape: rows.shape } : {}),
    integer: false,
  });
}

const adaptedNormalisation: Handler = (call) => {
  const a = new Arguments(call, 'axis mean variance invert');
  for (const name of ['mean', 'variance', 'invert']) if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  const overall = a.argument('axis') !== null && a.value('axis')?.kind === 'none';
  if (a.argument('axis') && !overall && a.number('axis') !== -1) a.reject('axis', 'Only the last axis is read here');
  const apply = single((m, layer, input) =>
    layer.adapted && !(overall && input.shape?.[1] !== 1)
      ? scaledRows(m, layer, input, layer.adapted)
      : overall && layer.adapted
        ? unreadable('One mean over several columns is not read', layer.range)
        : unreadable('This normalisation was not adapted to any rows', layer.range),
  );
  const made = layerValue(call, a, 'normalization', apply);
  if (made.kind !== 'kerasLayer') return made;
  const layer: KerasLayer = {
    ...made,
    onRows: (rows, use): Value =>
      layer.adapted && !overall && rows.shape?.length === 2
        ? scaledBy(use.machine, layer, rows, inColumns(use.machine, layer.adapted, layer))
        : unreadable('Normalisation of these rows is not read', use.range),
  };
  return layer;
};

/** Normalising layers with Keras's own momentum and epsilon. */
export const kerasNormalisationTable: FunctionTable = {
  'keras.layers.BatchNormalization': batchNormalisation,
  'keras.layers.LayerNormalization': layerNormalisation,
  'keras.layers.Normalization': adaptedNormalisation,
  'keras.layers.experimental.preprocessing.Normalization': adaptedNormalisation,
};
