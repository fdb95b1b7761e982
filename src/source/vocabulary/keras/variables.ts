import { Arguments, type Call, type Handler } from '../../interpret/call';
import type { KerasPart } from '../../values/estimators';
import type { Machine } from '../../interpret/machine';
import type { CellInitializer } from '../../values/trace';
import {
  listValue,
  none,
  parameterOf,
  tensorValue,
  unknown,
  unreadable,
  type InstanceValue,
  type Value,
} from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { addLossOfLayer } from './addedLosses';
import { cellsOf, frozenLayers } from './graph';
import { compiledLoss } from './ownStep';
import { kerasInitializer, withFansExchanged } from './initializers';
import { newCell } from '../layers/layers';
import { rawParameter, madeOf } from '../tensors/torchTensors';

/** `model.trainable_variables` and its like: the weights that are there by now. */
export function weightsOf(m: Machine, part: KerasPart, range: Call['range'], trainableOnly: boolean): Value {
  const left = trainableOnly ? frozenLayers(part) : undefined;
  const cells = cellsOf(part, left).filter((cell) => cell.trainable || !trainableOnly);
  if (cells.length === 0)
    return unreadable('The weights of this model are made at its first call, which stands behind this', range);
  return listValue(cells.map((cell) => tensorValue(m.trace.parameter(cell, cell.range))));
}

/** `tf.Variable(...)`. */
const variable: Handler = (call) => {
  const a = new Arguments(call, 'initial_value trainable');
  const first = a.value('initial_value') ?? unknown;
  const weight = rawParameter(madeOf(first, 'float', 'numpy', call), call);
  const cell = parameterOf(weight);
  if (!cell)
    return first.kind === 'unknown' ? first : unreadable('The first value of this variable could not be read', call.range);
  cell.trainable = a.boolean('trainable', true);
  const name = call.keywords.get('name')?.value;
  if (name?.kind === 'string') cell.name = name.value;
  return weight;
};

/**
 * Keras takes the first axis of a matrix for what comes in, the records the second; of other weights of the script's own
 * the fans are not followed.
 */
function inKerasOrder(initializer: CellInitializer | null, axes: number): CellInitializer | null {
  const byFans = initializer?.kind === 'varianceScaling' || initializer?.kind === 'xavierUniform';
  if (!byFans) return initializer;
  return axes === 2 ? withFansExchanged(initializer) : null;
}

/** `self.add_weight(...)` of a layer of the script. */
function addWeight(_instance: InstanceValue, call: Call): Value {
  const named = call.positional[0]?.value.kind === 'string' || call.positional[0]?.value.kind === 'none';
  const a = new Arguments(call, named ? 'name shape dtype initializer' : 'shape initializer dtype trainable');
  const given = a.value('shape');
  const sizes = given?.kind === 'list' ? given.items : given?.kind === 'number' || given?.kind === 'size' ? [given] : [];
  const shape = sizes.flatMap((item) => (item.kind === 'number' ? [item.value] : item.kind === 'size' ? [item.size] : []));
  if (shape.length !== sizes.length) return unreadable('The shape of this weight could not be read', call.range);
  const initializer = inKerasOrder(kerasInitializer(a, 'initializer', 'glorot_uniform'), shape.length);
  if (!initializer || a.given('regularizer') || a.given('constraint'))
    return unreadable('The first values, regularizer or constraint of this weight are not read', call.range);
  const cell = newCell(shape, initializer, call.range, !a.given('initializer'));
  cell.trainable = a.boolean('trainable', true);
  const name = call.keywords.get('name')?.value ?? (named ? call.positional[0]?.value : undefined);
  if (name?.kind === 'string') cell.name = name.value;
  return tensorValue(call.machine.trace.parameter(cell, call.range));
}

/** Methods of layers and models of the script that Keras gives them. */
export const ownPartMethods: MethodTable<InstanceValue> = {
  add_weight: addWeight,
  build: () => none,
  add_loss: (instance, call) => addLossOfLayer(instance, call),
  compiled_loss: (instance, call) => compiledLoss(instance, call, ['y_true', 'y_pred'], 0),
  // Keras 3 has the inputs before the targets.
  compute_loss: (instance, call) => compiledLoss(instance, call, ['y', 'y_pred'], call.positional.length > 2 ? 1 : 0),
  reset_metrics: () => none,
};

/** Variables of TensorFlow. */
export const kerasVariableTable: FunctionTable = { 'tensorflow.Variable': variable };
