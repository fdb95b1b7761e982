import type { Layers } from '../../../records/model/layers';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import type { Built } from '../../interpret/fitting';
import { lifted } from '../../interpret/tensors';
import type { TraceNode } from '../../values/trace';
import { stringValue, tensorValue, unknown, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { onSymbols } from './functional';
import { lossOfCall, lossOfRows, lossOver, writtenLoss } from './losses';

const names =
  'SparseCategoricalCrossentropy CategoricalCrossentropy BinaryCrossentropy MeanSquaredError MeanAbsoluteError ' +
  'MeanSquaredLogarithmicError MeanAbsolutePercentageError Huber Hinge SquaredHinge CategoricalHinge LogCosh Poisson ' +
  'KLDivergence CosineSimilarity';

const functionNames =
  'sparse_categorical_crossentropy categorical_crossentropy binary_crossentropy mean_squared_error mean_absolute_error mse mae MSE MAE';

function lossObject(name: string): Handler {
  return (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasLoss', stringValue(name)]]),
    missing: '`%` of a loss is not read',
    call,
  });
}

/** Targets and predictions as nodes of the graph; a value says which of them is none. */
function nodesOf(call: Call, targets: string, predictions: string): readonly [TraceNode, TraceNode] | Value {
  const a = new Arguments(call, `${targets} ${predictions}`);
  const values = [targets, predictions].map((name) => a.value(name) ?? unknown);
  const [target, output] = values.map((value) => lifted(call.machine, value, call.range));
  const bad = values.find((value) => value.kind === 'unknown' && value.reason);
  return target && output ? [target, output] : (bad ?? unreadable('What this loss compares could not be read', call.range));
}

const tensorOf = (made: Built | Value): Value => (made.kind === 'built' ? tensorValue(made.loss) : made);

/** A loss object called with targets and predictions. */
export function callLoss(loss: NamespaceValue, call: Call): Value {
  const written = writtenLoss(loss);
  if (!written || !loss.call) return unreadable('This loss is not read', call.range);
  const nodes = nodesOf(call, 'y_true', 'y_pred');
  if ('kind' in nodes) return nodes;
  if (call.keywords.has('sample_weight')) return unreadable('`sample_weight` is not followed', call.range);
  const [target, output] = nodes;
  const place = { range: call.range, call: loss.call.range };
  return tensorOf(lossOver(call.machine, written, output, target, place));
}

/** A function of keras.losses: one loss for each row, of tensors as they come. */
const lossFunction =
  (name: string): Handler =>
  (call) => {
    const nodes = nodesOf(call, 'y_true', 'y_pred');
    if ('kind' in nodes) return nodes;
    const a = new Arguments(call, 'y_true y_pred from_logits label_smoothing');
    const written = lossOfCall(name, a);
    const [target, output] = nodes;
    const place = { range: call.range, call: call.range };
    return written
      ? tensorOf(lossOfRows(call.machine, written, output, target, place))
      : unreadable('The arguments of this loss are not read', call.range);
  };

/** tf.nn's cross-entropies: of logits, one number for each row, of sigmoids one for each element. */
const ofLogits =
  (kind: 'sparse' | 'dense' | 'sigmoid'): Handler =>
  (call) => {
    const nodes = nodesOf({ ...call, positional: [] }, 'labels', 'logits');
    if ('kind' in nodes) return nodes;
    const m = call.machine;
    const [labels, logits] = nodes;
    const float = m.trace.add('cast', { to: 'float' }, [labels], call.range);
    if (kind === 'sigmoid') {
      const args = { reduction: 'none', positiveWeight: null } as const;
      return tensorValue(m.trace.add('bceWithLogits', args, [logits, float], call.range));
    }
    if (logits.shape?.length !== 2) return unreadable('This form of the cross-entropy is not read', call.range);
    const args: Layers['crossEntropy'] = { reduction: 'none', labelSmoothing: 0, weight: null, ignoreIndex: -100 };
    const whole = labels.integer ? labels : m.trace.add('cast', { to: 'integer' }, [labels], call.range);
    return tensorValue(m.trace.add('crossEntropy', args, [logits, kind === 'sparse' ? whole : float], call.range));
  };

/** Losses as objects, as functions of tensors, and tf.nn's cross-entropies. */
export const kerasLossTable: FunctionTable = {
  ...Object.fromEntries(
    names.split(' ').flatMap((name): [string, Handler][] => [
      [`keras.losses.${name}`, lossObject(name)],
      [`tensorflow.losses.${name}`, lossObject(name)],
    ]),
  ),
  ...Object.fromEntries(
    functionNames
      .split(' ')
      .flatMap((name): [string, Handler][] =>
        ['keras.losses', 'keras.metrics', 'keras.objectives', 'tensorflow.losses'].map((module) => [
          `${module}.${name}`,
          onSymbols(lossFunction(name)),
        ]),
      ),
  ),
  'tensorflow.nn.sparse_softmax_cross_entropy_with_logits': ofLogits('sparse'),
  'tensorflow.nn.softmax_cross_entropy_with_logits': ofLogits('dense'),
  'tensorflow.nn.sigmoid_cross_entropy_with_logits': ofLogits('sigmoid'),
  'tensorflow.nn.compute_average_loss': onSymbols((call) => {
    const given = new Arguments(call, 'per_example_loss').value('per_example_loss') ?? unknown;
    const node = lifted(call.machine, given, call.range);
    if (!node || call.keywords.has('sample_weight')) return unreadable('This average could not be read', call.range);
    call.machine.assume('The average over a batch is taken over the rows that are in it', call.range);
    return tensorValue(call.machine.trace.add('mean', { axes: null, keep: false }, [node], call.range));
  }),
};
