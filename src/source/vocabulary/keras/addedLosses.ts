import type { Call } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { lifted } from '../../interpret/tensors';
import type { KerasModel } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { none, type InstanceValue, type Value } from '../../values/value';
import { resolvedSymbol } from './graph';

/** What layers of the script have added to the loss since the model was last run. */
const ofLayers = new WeakMap<Machine, TraceNode[]>();
/** What was added to a model of the functional form, as tensors of that form. */
const ofModels = new WeakMap<KerasModel, Value[]>();

/** Adds a term to the loss of the model that is being run. */
export const addToLoss = (m: Machine, node: TraceNode): void => void ofLayers.set(m, [...(ofLayers.get(m) ?? []), node]);

/** `self.add_loss(...)` in the `call` of a layer or model of the script. */
export function addLossOfLayer(_instance: InstanceValue, call: Call): Value {
  const value = call.positional[0]?.value ?? call.keywords.get('losses')?.value;
  const node = value ? lifted(call.machine, value, call.range) : null;
  const m = call.machine;
  addToLoss(m, node ?? m.trace.opaque('this added loss', [], call.range));
  return none;
}

/** `model.add_loss(...)` of a model of the functional form. */
export function addLossOfModel(model: KerasModel, call: Call): Value {
  const value = call.positional[0]?.value ?? call.keywords.get('losses')?.value;
  if (value) ofModels.set(model, [...(ofModels.get(model) ?? []), value]);
  return none;
}

/** Forgets what the layers added in an earlier run of a model. */
export const forgetAddedLosses = (m: Machine): void => void ofLayers.delete(m);

/** What is added to the loss of a model that was just run, as scalars: Keras takes the mean of what has rows. */
export function addedLosses(m: Machine, model: KerasModel, call: Call): TraceNode[] {
  const own = (ofModels.get(model) ?? []).map((value) => {
    const node = value.kind === 'kerasTensor' ? resolvedSymbol(m, value, call) : lifted(m, value, call.range);
    return node ?? m.trace.opaque('this added loss', [], call.range);
  });
  return [...(ofLayers.get(m) ?? []), ...own].map((node) =>
    node.shape?.length === 0 ? node : m.trace.add('mean', { axes: null, keep: false }, [node], node.range, { call: node.call }),
  );
}
