import type { Size } from '../../../graph/size';
import type { Layers, RecurrenceModifier, RecurrentActivation } from '../../../records/model/layers';
import type { SourceRange } from '../../../records/source';
import { Arguments, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer } from '../../values/estimators';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { listValue, tensorValue, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { gateFactors, sameAtAllTimes } from './gateDropout';
import { maskOf, withMask } from './masks';
import { staysInInference } from './phase';
import { penaltyOf } from './regularizers';
import { isEarly } from './version';
import { expectAxes, layerValue, unreadInitializer, weightCell } from './weights';
import { newCell } from '../layers/layers';

type Kind = 'rnn' | 'lstm' | 'gru';
type Result = Layers['rnn']['result'];

/** One direction of a recurrent layer, with weights of its own for each `prefix`; `states` are the first ones. */
export interface Direction {
  readonly input: TraceNode;
  readonly states: readonly TraceNode[];
  readonly reverse: boolean;
  readonly prefix: string;
}

/** What a direction gives: its states at all times or where it ends, and the end states if they are asked for. */
export interface Results {
  readonly main: TraceNode;
  readonly states: readonly TraceNode[];
}

/** What a recurrent layer does. */
export interface Recurrent {
  readonly everyTime: boolean;
  /** How many end states it gives beside its result. */
  readonly given: number;
  readonly run: (m: Machine, layer: KerasLayer, direction: Direction) => Results | Value;
}

const recurrentLayers = new WeakMap<KerasLayer, Recurrent>();

/** What a recurrent layer does in one direction; undefined for other layers. */
export const recurrentOf = (layer: KerasLayer): Recurrent | undefined => recurrentLayers.get(layer);

const gates: Readonly<Record<Kind, number>> = { rnn: 1, lstm: 4, gru: 3 };
const penalised = 'kernel_regularizer recurrent_regularizer bias_regularizer';
const names: Readonly<Record<Kind, string>> = {
  rnn: `units activation use_bias kernel_initializer recurrent_initializer bias_initializer ${penalised}`,
  lstm: `units activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer unit_forget_bias ${penalised}`,
  gru: `units activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer ${penalised}`,
};
/** Arguments that change what the layer does and are not read unless they say what is so by default. */
const plainOnly = ['stateful', 'time_major', 'zero_output_for_mask'];
/** States that are handed on from time to time. */
const stateCount: Readonly<Record<Kind, number>> = { rnn: 1, lstm: 2, gru: 1 };

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
    const [p, loopP] = [a.number('dropout', 0), a.number('recurrent_dropout', 0)];
    const everyTime = a.boolean('return_sequences', false);
    const backwards = a.boolean('go_backwards', false);
    if (backwards && everyTime) a.reject('go_backwards', 'A sequence that comes out backwards is not read');
    const given = a.boolean('return_state', false) ? stateCount[kind] : 0;
    const resetAfter = kind === 'gru' && a.boolean('reset_after', true);
    const places: Record<string, SourceRange> = a.argument('units') ? { hidden: a.place('units') } : {};
    const run: Recurrent['run'] = (m, layer, { input, states, reverse, prefix }) => {
      const problem = expectAxes(layer, input, 3);
      if (problem) return problem;
      if (kind !== 'rnn' && isEarly(m) && !a.given('recurrent_activation'))
        return unreadable('Keras 1 has a hard sigmoid in the gates, which is not read', layer.range);
      const into = input.shape?.[2] ?? null;
      if (into === null) return unreadable('The width of what comes into this layer is not known', layer.range);
      const weights = weightsOf(layer, a, { kind, units, into, resetAfter, prefix });
      if (!weights) return unreadInitializer(layer);
      if (states.length > 0 && states.length !== stateCount[kind])
        return unreadable(`This layer begins with ${stateCount[kind]} states and is given ${states.length}`, layer.range);
      const apart = loopP > 0 && !staysInInference(m);
      const thinning = apart ? gateFactors(m, input, { gates: gates[kind], units, p, loopP, layer, a }) : null;
      const whole = p > 0 && !apart ? sameAtAllTimes(m, input, p, layer.range, a.place('dropout')) : input;
      const mask = maskOf(input);
      const modifiers: readonly RecurrenceModifier[] = [...(mask ? (['times'] as const) : []), ...(thinning?.modifiers ?? [])];
      const inputs = [whole, ...states, ...(mask ? [mask] : []), ...(thinning?.nodes ?? [])];
      const shared = { in: into, hidden: units, batchFirst: true, reverse: reverse !== backwards, activation, resetAfter };
      const changed = modifiers.length > 0 ? { modifiers } : {};
      const node = (result: Result): TraceNode => {
        const made = m.trace.add(kind, { ...shared, result, ...changed } as Layers['gru'], inputs, layer.range, {
          parameters: weights,
          places,
        });
        return result === 'sequence' ? made : m.trace.add('squeeze', { axis: 0 }, [made], layer.range);
      };
      const ends = (['hidden', 'cell'] as const).slice(0, given);
      const main = node(everyTime ? 'sequence' : 'hidden');
      const made = { main: everyTime ? withMask(main, mask) : main };
      return { ...made, states: ends.map((end) => (end === 'hidden' && !everyTime ? main : node(end))) };
    };
    const penalties = [
      ...penaltyOf(a, 'kernel_regularizer', 'weight_ih'),
      ...penaltyOf(a, 'recurrent_regularizer', 'weight_hh'),
      ...penaltyOf(a, 'bias_regularizer', 'bias_ih'),
      // Both biases are one weight of Keras.
      ...(resetAfter ? penaltyOf(a, 'bias_regularizer', 'bias_hh') : []),
    ];
    const apply: KerasLayer['apply'] = (m, own, [input, ...states]) => {
      if (!input) return unreadable('This layer is given no tensor', own.range);
      const made = run(m, own, { input, states, reverse: false, prefix: '' });
      return 'main' in made ? together(made.main, made.states) : made;
    };
    const layer = layerValue(call, a, name, apply, penalties);
    if (layer.kind !== 'kerasLayer') return layer;
    const own = { ...layer, results: 1 + given };
    recurrentLayers.set(own, { everyTime, given, run });
    return own;
  };

/** A result alone, or with the end states as a list. */
export const together = (main: TraceNode, states: readonly TraceNode[]): TraceNode | Value =>
  states.length === 0 ? main : listValue([main, ...states].map(tensorValue));

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

/** Keras's recurrent layers. */
export const kerasRecurrentTable: FunctionTable = {
  'keras.layers.SimpleRNN': recurrent('rnn', 'simple_rnn'),
  'keras.layers.LSTM': recurrent('lstm', 'lstm'),
  'keras.layers.GRU': recurrent('gru', 'gru'),
};
