import type { Size } from '../../graph/size';
import type { Layers, RecurrentActivation } from '../../records/model/layers';
import type { SourceRange } from '../../records/source';
import { Arguments, type Call, type Handler } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import type { KerasLayer } from '../values/estimators';
import type { ParameterCell, TraceNode } from '../values/trace';
import { unreadable, type Value } from '../values/value';
import type { FunctionTable } from './functionTable';
import { penaltyOf } from './kerasRegularizers';
import { isEarly } from './kerasVersion';
import { expectAxes, layerValue, single, unreadInitializer, weightCell } from './kerasWeights';
import { newCell } from './layers';

type Kind = 'rnn' | 'lstm' | 'gru';
type Result = Layers['rnn']['result'];

/** A recurrent layer: its results in one direction, with weights of its own for each `prefix`. */
interface Recurrent {
  readonly everyTime: boolean;
  readonly run: (m: Machine, layer: KerasLayer, input: TraceNode, reverse: boolean, prefix: string) => TraceNode | Value;
}

const recurrentLayers = new WeakMap<KerasLayer, Recurrent>();

const gates: Readonly<Record<Kind, number>> = { rnn: 1, lstm: 4, gru: 3 };
const names: Readonly<Record<Kind, string>> = {
  rnn: 'units activation use_bias kernel_initializer recurrent_initializer bias_initializer',
  lstm: 'units activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer unit_forget_bias',
  gru: 'units activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer',
};
/** Arguments that change what the layer does and are not read unless they say what is so by default. */
const plainOnly = ['return_state', 'go_backwards', 'stateful', 'time_major', 'zero_output_for_mask'];

function activationOf(a: Arguments): RecurrentActivation {
  const value = a.value('activation');
  if (value?.kind === 'none') return 'linear';
  const name =
    value === null
      ? 'tanh'
      : value.kind === 'string'
        ? value.value
        : value.kind === 'external'
          ? (value.path.split('.').pop() ?? '')
          : '';
  if (name === 'tanh' || name === 'relu' || name === 'sigmoid' || name === 'linear') return name;
  a.reject('activation', 'This activation of a recurrent layer is not read');
  return 'tanh';
}

const recurrent =
  (kind: Kind, name: string): Handler =>
  (call) => {
    const a = new Arguments(call, names[kind]);
    const units = a.number('units');
    const activation = activationOf(a);
    if (kind !== 'rnn' && a.given('recurrent_activation') && a.string('recurrent_activation', 'sigmoid') !== 'sigmoid')
      a.reject('recurrent_activation', 'Only sigmoid gates are read');
    for (const argument of plainOnly) if (a.boolean(argument, false)) a.reject(argument, `\`${argument}\` is not followed`);
    if (a.number('recurrent_dropout', 0) !== 0)
      a.reject('recurrent_dropout', '`recurrent_dropout` inside a recurrent layer is not followed');
    const p = a.number('dropout', 0);
    const everyTime = a.boolean('return_sequences', false);
    const resetAfter = kind === 'gru' && a.boolean('reset_after', true);
    const places: Record<string, SourceRange> = a.argument('units') ? { hidden: a.place('units') } : {};
    const run: Recurrent['run'] = (m, layer, input, reverse, prefix) => {
      const problem = expectAxes(layer, input, 3);
      if (problem) return problem;
      if (kind !== 'rnn' && isEarly(m) && !a.given('recurrent_activation'))
        return unreadable('Keras 1 has a hard sigmoid in the gates, which is not read', layer.range);
      const into = input.shape?.[2] ?? null;
      if (into === null) return unreadable('The width of what comes into this layer is not known', layer.range);
      const weights = weightsOf(layer, a, { kind, units, into, resetAfter, prefix });
      if (!weights) return unreadInitializer(layer);
      const result: Result = everyTime ? 'sequence' : 'hidden';
      const args = { in: into, hidden: units, batchFirst: true, reverse, result, activation };
      const thinned = p > 0 ? sameAtAllTimes(m, input, p, layer.range, a.place('dropout')) : input;
      const made = m.trace.add(kind, { ...args, resetAfter } as Layers['gru'], [thinned], layer.range, {
        parameters: weights,
        places,
      });
      return everyTime ? made : m.trace.add('squeeze', { axis: 0 }, [made], layer.range);
    };
    const penalties = [
      ...penaltyOf(a, 'kernel_regularizer', 'weight_ih'),
      ...penaltyOf(a, 'recurrent_regularizer', 'weight_hh'),
      ...penaltyOf(a, 'bias_regularizer', 'bias_ih'),
    ];
    const layer = layerValue(call, a, name, single((m, own, input) => run(m, own, input, false, '')), penalties); // prettier-ignore
    if (layer.kind === 'kerasLayer') recurrentLayers.set(layer, { everyTime, run });
    return layer;
  };

/** Drops features of a sequence, the same at all its times. */
function sameAtAllTimes(m: Machine, x: TraceNode, p: number, range: SourceRange, place: SourceRange): TraceNode {
  const order = [0, 2, 1];
  const features = m.trace.add('permute', { order }, [x], range);
  const dropped = m.trace.add('featureDropout', { p, call: 0 }, [features], range, { places: { p: place } });
  return m.trace.add('permute', { order }, [dropped], range);
}

interface WeightShapes {
  readonly kind: Kind;
  readonly units: number;
  readonly into: Size;
  readonly resetAfter: boolean;
  readonly prefix: string;
}

/**
 * Kernel, recurrent kernel and biases by role; null when an initialisation is not known. Gates stand in PyTorch's order: Keras's
 * own, z before r in a GRU, differs only in the name of the rows, which all start alike.
 */
function weightsOf(
  layer: KerasLayer,
  a: Arguments,
  { kind, units, into, resetAfter, prefix }: WeightShapes,
): Record<string, ParameterCell> | null {
  const rows = gates[kind] * units;
  const kernel = weightCell(layer, a, `${prefix}weight_ih`, [rows, into], 'kernel_initializer', 'glorot_uniform');
  const loop = weightCell(layer, a, `${prefix}weight_hh`, [rows, units], 'recurrent_initializer', 'orthogonal');
  if (!kernel || !loop) return null;
  const weights = { weight_ih: kernel, weight_hh: loop };
  if (!a.boolean('use_bias', true)) return weights;
  const bias = biasOf(layer, a, kind, units, prefix);
  if (!bias) return null;
  if (!resetAfter) return { ...weights, bias_ih: bias };
  const second = weightCell(layer, a, `${prefix}bias_hh`, [rows], 'bias_initializer', 'zeros');
  return second && { ...weights, bias_ih: bias, bias_hh: second };
}

/** The bias of the gates; an LSTM's forget gate starts with ones unless the script says otherwise. */
function biasOf(layer: KerasLayer, a: Arguments, kind: Kind, units: number, prefix: string): ParameterCell | null {
  const role = `${prefix}bias_ih`;
  const known = layer.cells[role];
  if (known) return known;
  const remembers = kind === 'lstm' && a.boolean('unit_forget_bias', true);
  const cell = weightCell(layer, a, role, [gates[kind] * units], 'bias_initializer', 'zeros');
  if (!cell || !remembers) return cell;
  if (cell.initializer.kind !== 'constant') return null;
  const { value } = cell.initializer;
  const values = Array.from({ length: 4 * units }, (_, i) => (Math.floor(i / units) === 1 ? 1 : value));
  const made = newCell(cell.shape, { kind: 'values', values }, cell.range, cell.isDefault);
  layer.cells[role] = made;
  return made;
}

const bidirectional: Handler = (call) => {
  const a = new Arguments(call, 'layer merge_mode weights backward_layer');
  const inner = a.value('layer');
  const settings = inner?.kind === 'kerasLayer' ? recurrentLayers.get(inner) : undefined;
  const merge = a.value('merge_mode')?.kind === 'none' ? '' : a.string('merge_mode', 'concat');
  if (merge !== 'concat' && merge !== 'sum') a.reject('merge_mode', 'This way of joining the directions is not read');
  if (a.given('backward_layer')) a.reject('backward_layer', 'A backward layer of its own is not read');
  if (inner?.kind === 'unknown' && inner.reason) return inner;
  if (inner?.kind !== 'kerasLayer' || !settings) return unreadable('What goes in both directions could not be read', call.range);
  const apply = single((m, layer, input) => {
    const ahead = settings.run(m, layer, input, false, 'forward_');
    const back = settings.run(m, layer, input, true, 'backward_');
    if (!('id' in ahead)) return ahead;
    if (!('id' in back)) return back;
    return merge === 'sum'
      ? m.trace.add('add', {}, [ahead, back], layer.range)
      : m.trace.add('concatenate', { axis: -1 }, [ahead, back], layer.range);
  });
  const penalties = inner.penalties.flatMap((penalty) =>
    ['forward_', 'backward_'].map((prefix) => ({ ...penalty, role: `${prefix}${penalty.role}` })),
  );
  const layer = layerValue(call, a, 'bidirectional', apply, penalties);
  return layer.kind === 'kerasLayer' ? { ...layer, inputShape: layer.inputShape ?? inner.inputShape } : layer;
};

/** A layer at each time: those that work on the last axis alone do so anyway. */
const timeDistributed: Handler = (call) => {
  const a = new Arguments(call, 'layer');
  const inner = a.value('layer');
  if (inner?.kind === 'unknown' && inner.reason) return inner;
  if (inner?.kind !== 'kerasLayer' || !['dense', 'activation', 'dropout'].includes(inner.name))
    return unreadable('Only Dense, Activation and Dropout are read at each time', call.range);
  return { ...inner, range: call.range, inputShape: inner.inputShape };
};

const repeatVector: Handler = (call: Call) => {
  const a = new Arguments(call, 'n');
  const count = a.number('n');
  if (count > 1_000) a.reject('n', 'So many repetitions are not read');
  const apply = single((m, layer, input) => {
    const problem = expectAxes(layer, input, 2);
    if (problem) return problem;
    const once = m.trace.add('unsqueeze', { axis: 1 }, [input], layer.range);
    return m.trace.add('concatenate', { axis: 1 }, new Array<TraceNode>(count).fill(once), layer.range);
  });
  return layerValue(call, a, 'repeat_vector', apply);
};

/** Keras's recurrent layers and what goes around them. */
export const kerasRecurrentTable: FunctionTable = {
  'keras.layers.SimpleRNN': recurrent('rnn', 'simple_rnn'),
  'keras.layers.LSTM': recurrent('lstm', 'lstm'),
  'keras.layers.GRU': recurrent('gru', 'gru'),
  'keras.layers.Bidirectional': bidirectional,
  'keras.layers.TimeDistributed': timeDistributed,
  'keras.layers.RepeatVector': repeatVector,
};
