import { plainCall, type Call } from '../../interpret/call';
import { callFunction } from '../../interpret/calls';
import { findMember } from '../../interpret/classes';
import { sourceOf, type Rows } from '../../interpret/fitting';
import type { Sourced } from '../../../records/source';
import { lifted } from '../../interpret/tensors';
import type { Built } from '../../interpret/fitting';
import type { KerasModel } from '../../values/estimators';
import type { BatchOrigin, TraceNode } from '../../values/trace';
import {
  listValue,
  numberValue,
  tensorValue,
  unknown,
  unreadable,
  type FunctionValue,
  type InstanceValue,
  type Value,
} from '../../values/value';
import { modelOf } from './keras';
import { lossOfModel } from './fit';
import { inPhase } from './phase';

/** The `train_step` that a model class of the script has in place of Keras's own; null when it has none. */
export function ownStep(model: KerasModel): FunctionValue | null {
  const method = model.instance ? findMember(model.instance.type, 'train_step') : null;
  return method?.kind === 'function' ? method : null;
}

interface Passes {
  readonly epochs: Value;
  readonly batchSize: Sourced<number>;
  readonly shuffle: Sourced<boolean>;
  readonly dropLast: boolean;
  /** One batch is a bare tensor: rows without targets. */
  readonly bare: boolean;
}

/** Runs the script's own step in the loops of `fit`. */
export function runOwnStep(model: KerasModel, step: FunctionValue, rows: Rows, passes: Passes, call: Call): void {
  const m = call.machine;
  const { epochs } = passes;
  const epoch = m.openLoop(call.range, epochs.kind === 'number' ? epochs : numberValue(1, true));
  const loop = m.openLoop(call.range, null);
  loop.batches = true;
  const { batchSize, shuffle, dropLast } = passes;
  const batch: BatchOrigin = { sampling: 'epochs', batchSize, shuffle, dropLast, range: call.range, loop };
  const nodes = (arrays: Rows['x'], axes: number): TraceNode[] => arrays.map((array) => sourceOf(m, array, batch, axes));
  const one = (list: readonly TraceNode[]): Value => {
    const [first] = list;
    return list.length === 1 && first ? tensorValue(first) : listValue(list.map(tensorValue), 'tuple');
  };
  const [x, y] = [one(nodes(rows.x, 2)), one(nodes(rows.y, 1))];
  const given = passes.bare ? x : listValue(rows.y.length > 0 ? [x, y] : [x], 'tuple');
  inPhase(m, true, () => callFunction({ ...step, self: model.instance }, plainCall(call, [given])));
  m.closeLoop(loop);
  m.closeLoop(epoch);
}

/** `self.compiled_loss(y, y_pred)` and `self.compute_loss(y=y, y_pred=y_pred)`: the loss that the model was compiled with. */
export function compiledLoss(instance: InstanceValue, call: Call, names: readonly [string, string], from: number): Value {
  const m = call.machine;
  const [y, prediction] = names.map((name, i) => call.keywords.get(name)?.value ?? call.positional[from + i]?.value ?? unknown);
  const [target, output] = [y, prediction].map((value) => lifted(m, value ?? unknown, call.range));
  if (!target || !output) {
    const bad = [y, prediction].find((value) => value?.kind === 'unknown' && value.reason);
    return bad ?? unreadable('What this loss compares could not be read', call.range);
  }
  const made: Built | Value = lossOfModel(m, modelOf(instance, call), [output], [target], call);
  return made.kind === 'built' ? tensorValue(made.loss) : made;
}
