import { Arguments, numbersOf, plainCall, type Call, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { fromFront } from '../../interpret/shapes';
import type { KerasLayer, KerasTensor } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { together } from './layout';
import { applyKeras, isKerasPart } from './graph';
import { noteEarlyWords } from './version';
import { layerValue } from './weights';

type Merge = (m: Machine, nodes: readonly TraceNode[], channels: number, layer: KerasLayer) => TraceNode;

const pairwise =
  (kind: 'add' | 'subtract' | 'multiply' | 'maximum' | 'minimum'): Merge =>
  (m, nodes, _channels, layer) =>
    nodes.slice(1).reduce((left, right) => m.trace.add(kind, {}, [left, right], layer.range), nodes[0] as TraceNode);

const average: Merge = (m, nodes, channels, layer) => {
  const sum = pairwise('add')(m, nodes, channels, layer);
  return m.trace.add('divide', {}, [sum, m.trace.constant(nodes.length, layer.range)], layer.range);
};

/** A layer that makes one tensor of several. */
function mergeLayer(call: Call, a: Arguments, name: string, merge: Merge): Value {
  return layerValue(call, a, name, (m, layer, inputs) =>
    inputs.length < 2
      ? unreadable('This layer takes a list of tensors', layer.range)
      : together(m, inputs, layer.range, (nodes, channels) => merge(m, nodes, channels, layer)),
  );
}

function concatenation(call: Call, a: Arguments): Value {
  const axis = a.number('axis', -1);
  const apply: KerasLayer['apply'] = (m, layer, inputs) => {
    if (inputs.length < 2) return unreadable('This layer takes a list of tensors', layer.range);
    const axes = inputs[0]?.shape?.length;
    if (axis === -1 || axis + 1 === axes)
      return together(m, inputs, layer.range, (nodes, channels) =>
        m.trace.add('concatenate', { axis: channels }, nodes, layer.range),
      );
    return m.trace.add('concatenate', { axis }, inputs, layer.range);
  };
  return layerValue(call, a, 'concatenate', apply);
}

/** `x` over its length along `axis`, which is not taken below 1e-6, as Keras's l2_normalize has it. */
function unit(m: Machine, x: TraceNode, axis: number, layer: KerasLayer): TraceNode {
  const { range } = layer;
  const squares = m.trace.add('sum', { axes: [axis], keep: true }, [m.trace.add('power', { exponent: 2 }, [x], range)], range);
  const bounded = m.trace.add('clamp', { low: 1e-12, high: null }, [squares], range);
  return m.trace.add('divide', {}, [x, m.trace.add('sqrt', {}, [bounded], range)], range);
}

/** Products of the rows of two tensors, summed along one axis of each. */
function product(call: Call, a: Arguments): Value {
  const given = numbersOf(a.value('axes') ?? unknown);
  const normalised = a.boolean('normalize', false);
  if (!given || given.length > 2) a.reject('axes', 'These axes could not be read');
  const apply: KerasLayer['apply'] = (m, layer, inputs) => {
    const [x, y] = inputs;
    const axes = x?.shape?.length;
    if (inputs.length !== 2 || !x || !y || axes !== y.shape?.length || (axes !== 2 && axes !== 3))
      return unreadable('This layer is read for two tensors of rows or of sequences', layer.range);
    const [first = 1, second = first] = (given ?? []).map((axis) => fromFront(axis, axes));
    if (first < 1 || second < 1) return unreadable('A product over the rows is not read', layer.range);
    const [p, q] = normalised ? [unit(m, x, first, layer), unit(m, y, second, layer)] : [x, y];
    if (axes === 2)
      return m.trace.add('sum', { axes: [1], keep: true }, [m.trace.add('multiply', {}, [p, q], layer.range)], layer.range);
    const turned = (node: TraceNode): TraceNode => m.trace.add('permute', { order: [0, 2, 1] }, [node], layer.range);
    return m.trace.add('matmul', {}, [first === 2 ? p : turned(p), second === 1 ? q : turned(q)], layer.range);
  };
  return layerValue(call, a, 'dot', apply);
}

/** Keras 1's names of merges. */
const earlyModes: Readonly<Record<string, string>> = { sum: 'add', mul: 'multiply', ave: 'average', max: 'maximum' };

/** `merge([a, b], mode='concat')` of Keras 1, and its layer over the ends of models. */
function earlyMerge(call: Call, a: Arguments): Value {
  const mode = a.string('mode', 'sum');
  noteEarlyWords(call.machine);
  if (mode === 'concat') return concatenation(call, new Arguments({ ...call, positional: [], keywords: axisOf(a) }, 'axis'));
  const merge = merges[earlyModes[mode] ?? ''];
  if (!merge || a.given('output_shape')) return unreadable('This merge is not read', call.range);
  return mergeLayer(call, new Arguments(plainCall(call, []), ''), earlyModes[mode] ?? mode, merge);
}

const axisOf = (a: Arguments): Call['keywords'] => {
  const axis = a.argument('concat_axis');
  return new Map(axis ? [['axis', axis]] : []);
};

/** `Merge([left, right], mode='concat')`: a model with as many inputs as it has branches. */
const mergedModels: Handler = (call) => {
  const a = new Arguments(call, 'layers mode concat_axis');
  const branches = a.value('layers');
  const layer = earlyMerge({ ...call, positional: [], keywords: call.keywords }, a);
  if (layer.kind !== 'kerasLayer' || branches?.kind !== 'list') return layer;
  const parts = branches.items.flatMap((item) => (isKerasPart(item) ? [item] : []));
  if (parts.length !== branches.items.length) return unreadable('The branches of this merge could not be read', call.range);
  const symbol = (part: KerasTensor['part'], inputs: readonly KerasTensor[]): KerasTensor => ({
    kind: 'kerasTensor',
    part,
    inputs,
    range: call.range,
    shape: null,
    label: null,
  });
  const inputs = parts.map(() => symbol(null, []));
  const ends = parts.map((part, i) => symbol(part, inputs.slice(i, i + 1)));
  const outputs = [symbol(layer, ends)];
  return { kind: 'kerasModel', parts: [], inputs, outputs, instance: null, range: call.range, compiled: null };
};

const merges: Readonly<Record<string, Merge>> = {
  add: pairwise('add'),
  subtract: pairwise('subtract'),
  multiply: pairwise('multiply'),
  maximum: pairwise('maximum'),
  minimum: pairwise('minimum'),
  average,
};

/** `layers.add([a, b])` makes the layer and calls it. */
const asFunction =
  (make: (call: Call, a: Arguments) => Value, names: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const layer = make(call, a);
    const inputs = a.argument('inputs');
    return layer.kind === 'kerasLayer' && inputs ? applyKeras(layer, { ...call, positional: [inputs] }) : layer;
  };

const capital = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Layers over several tensors, as classes and as functions. */
export const kerasMergingTable: FunctionTable = {
  'keras.layers.Concatenate': (call) => concatenation(call, new Arguments(call, 'axis')),
  'keras.layers.concatenate': asFunction(concatenation, 'inputs axis'),
  'keras.layers.Dot': (call) => product(call, new Arguments(call, 'axes normalize')),
  'keras.layers.dot': asFunction(product, 'inputs axes normalize'),
  'keras.layers.merge': asFunction(earlyMerge, 'inputs mode concat_axis'),
  'keras.layers.Merge': mergedModels,
  ...Object.fromEntries(
    Object.entries(merges).flatMap(([name, merge]): [string, Handler][] => [
      [`keras.layers.${capital(name)}`, (call) => mergeLayer(call, new Arguments(call, ''), name, merge)],
      [`keras.layers.${name}`, asFunction((call, a) => mergeLayer(call, a, name, merge), 'inputs')],
    ]),
  ),
};
