import { Arguments, type Call, type Handler } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import type { KerasLayer } from '../values/estimators';
import type { TraceNode } from '../values/trace';
import { unreadable, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';
import { together } from './kerasLayout';
import { applyKeras } from './kerasGraph';
import { layerValue } from './kerasWeights';

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
  ...Object.fromEntries(
    Object.entries(merges).flatMap(([name, merge]): [string, Handler][] => [
      [`keras.layers.${capital(name)}`, (call) => mergeLayer(call, new Arguments(call, ''), name, merge)],
      [`keras.layers.${name}`, asFunction((call, a) => mergeLayer(call, a, name, merge), 'inputs')],
    ]),
  ),
};
