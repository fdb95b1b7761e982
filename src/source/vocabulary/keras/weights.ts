import type { Size } from '../../../graph/size';
import { numbersOf, sizeOf, type Arguments, type Call } from '../../interpret/call';
import type { KerasLayer, Penalty } from '../../values/estimators';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import { addToLoss } from './addedLosses';
import { constrain, constraintOf } from './constraints';
import { kerasInitializer } from './initializers';
import { newCell } from '../layers/layers';
import { penaltyOf } from './regularizers';

/** Arguments of a layer with a kernel and a bias that are not followed when they are given. */
const unfollowed = ['kernel_constraint', 'bias_constraint', 'embeddings_constraint', 'lora_rank'];

/** Axes of the kernels that may be under a constraint, by the layer's name. */
const kernelAxes: Readonly<Record<string, number>> = { dense: 2, conv1d: 3, conv2d: 4 };

/** Arguments that any layer takes and that are read apart, or that change nothing here. */
const everywhere =
  'name trainable dtype return_sequences reset_after unit_forget_bias unroll implementation use_cudnn stateful zero_output_for_mask return_state go_backwards time_major input_shape input_dim input_length batch_input_shape batch_shape shape data_format alpha groups seed activity_regularizer dropout recurrent_dropout mask_zero kernel_constraint';

/** The layer that a call makes, or the first problem of its arguments. */
export function layerValue(
  call: Call,
  a: Arguments,
  name: string,
  apply: KerasLayer['apply'],
  penalties: readonly Penalty[] = [],
): Value {
  const axes = kernelAxes[name];
  if (axes !== undefined) constraintOf(a, 'kernel_constraint', axes);
  for (const argument of unfollowed)
    if (a.given(argument) && !(argument === 'kernel_constraint' && axes !== undefined))
      a.reject(argument, `\`${argument}\` is not followed`);
  const ofOutput = penaltyOf(a, 'activity_regularizer', '')[0];
  a.rejectOthers(everywhere);
  const problem = a.problems[0];
  if (problem) return { kind: 'unknown', reason: problem };
  const label = call.keywords.get('name')?.value;
  const trainable = call.keywords.get('trainable')?.value;
  const layer: KerasLayer = {
    kind: 'kerasLayer',
    name,
    ordinal: ordinalOf(call.machine, name),
    range: call.range,
    apply: ofOutput ? penalisingOutput(apply, ofOutput) : apply,
    cells: {},
    inputShape: inputShapeOf(call),
    penalties,
    label: label?.kind === 'string' ? label.value : null,
    trainable: !(trainable?.kind === 'boolean' && !trainable.value),
    adapted: null,
  };
  return layer;
}

/** The layer with what `activity_regularizer` adds to the loss: a penalty of its output, divided by the rows. */
const penalisingOutput =
  (apply: KerasLayer['apply'], { l1, l2, range }: Penalty): KerasLayer['apply'] =>
  (m, layer, inputs) => {
    const output = apply(m, layer, inputs);
    if (!('id' in output)) return output;
    const add = (factor: number, size: TraceNode): void => {
      const axes = (output.shape ?? []).map((_, i) => i).slice(1);
      const ofRows = m.trace.add('sum', { axes, keep: false }, [size], range);
      const mean = m.trace.add('mean', { axes: null, keep: false }, [ofRows], range);
      addToLoss(m, m.trace.add('multiply', {}, [mean, m.trace.constant(factor, range)], range));
    };
    if (l1 !== 0) add(l1, m.trace.add('abs', {}, [output], range));
    if (l2 !== 0) add(l2, m.trace.add('power', { exponent: 2 }, [output], range));
    return output;
  };

const made = new WeakMap<Call['machine'], Map<string, number>>();

/** Counts the layers of a kind. */
function ordinalOf(m: Call['machine'], name: string): number {
  const counts = made.get(m) ?? new Map<string, number>();
  made.set(m, counts);
  const before = counts.get(name) ?? 0;
  counts.set(name, before + 1);
  return before;
}

/** `input_shape=`, `batch_input_shape=`, `shape=` or `input_dim=` as sizes without the rows. */
export function inputShapeOf(call: Call, positional: Value | null = null): (Size | null)[] | null {
  const given = call.keywords.get('input_shape')?.value ?? call.keywords.get('shape')?.value ?? positional;
  if (given) return sizesIn(given);
  const whole = call.keywords.get('batch_input_shape')?.value ?? call.keywords.get('batch_shape')?.value;
  if (whole) return sizesIn(whole)?.slice(1) ?? null;
  const width = call.keywords.get('input_dim')?.value;
  const size = sizeOf(width ?? null);
  return size === null ? null : [size];
}

function sizesIn(value: Value): (Size | null)[] | null {
  if (value.kind === 'list') return value.items.map(sizeOf);
  if (value.kind === 'shape') return [...value.sizes];
  return numbersOf(value);
}

/** A weight that is there from the layer's first call on; null when its initialisation is not known. */
export function weightCell(
  layer: KerasLayer,
  a: Arguments,
  role: string,
  shape: readonly Size[],
  argument: string,
  fallback: string,
): ParameterCell | null {
  const known = layer.cells[role];
  if (known) return known;
  const initializer = kerasInitializer(a, argument, fallback);
  if (!initializer) return null;
  const given = a.given(argument);
  const cell = newCell(shape, initializer, given ? a.place(argument) : layer.range, !given);
  if (layer.unread) cell.unread = layer.unread;
  layer.cells[role] = cell;
  return cell;
}

/** The kernel and, unless `use_bias=False`, the bias of a layer with Keras's names of arguments. */
export function kernelAndBias(layer: KerasLayer, a: Arguments, kernel: readonly Size[], units: Size): boolean {
  const weight = weightCell(layer, a, 'weight', kernel, 'kernel_initializer', 'glorot_uniform');
  const bias = a.boolean('use_bias', true) ? weightCell(layer, a, 'bias', [units], 'bias_initializer', 'zeros') : true;
  if (weight) constrain(weight, constraintOf(a, 'kernel_constraint', weight.shape.length));
  return weight !== null && bias !== null;
}

/** The penalties of a layer with a kernel and a bias. */
export const kernelPenalties = (a: Arguments): Penalty[] => [
  ...penaltyOf(a, 'kernel_regularizer', 'weight'),
  ...penaltyOf(a, 'bias_regularizer', 'bias'),
];

export const unreadInitializer = (layer: KerasLayer): Value => unreadable('This initialisation is not read', layer.range);

/** A layer that takes one tensor. */
export const single =
  (apply: (m: Call['machine'], layer: KerasLayer, input: TraceNode) => TraceNode | Value): KerasLayer['apply'] =>
  (m, layer, inputs) => {
    const [input] = inputs;
    return input && inputs.length === 1 ? apply(m, layer, input) : unreadable('This layer takes one tensor', layer.range);
  };

/** `x` has `axes` axes, all known where `known` says so; otherwise the reason. */
export function expectAxes(layer: KerasLayer, x: TraceNode, axes: number): Value | null {
  if (!x.shape) return unreadable('The shape of what comes into this layer is not known', layer.range);
  if (x.shape.length !== axes)
    return unreadable(`This layer takes ${axes} axes with the rows; what comes in has ${x.shape.length}`, layer.range);
  return null;
}
