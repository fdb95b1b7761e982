import type { Reason } from '../../../records/source';
import { Arguments, plainCall, type Call } from '../../interpret/call';
import { callFunction } from '../../interpret/calls';
import { findMember, libraryBases } from '../../interpret/classes';
import { recordClipping, recordUnread, type Built } from '../../interpret/fitting';
import { binaryOperation } from '../../interpret/operators';
import type { KerasModel } from '../../values/estimators';
import type { OptimizerValue } from '../../values/training';
import type { TraceNode } from '../../values/trace';
import { numberValue, tensorValue, unknown, unreadable, type InstanceValue, type Value } from '../../values/value';
import type { Callback } from './callbacks';
import { recordConstraints } from './constraints';
import { epochsOf } from './epochs';
import { buildKeras, optimizerOver } from './fit';
import { liftedForModel } from './graph';
import { kerasClipping } from './optimizers';
import { classWeightsOf } from './rowWeights';

/** Training on the batches that a function of the script yields. */
export function fitYielded(model: KerasModel, item: Value, a: Arguments, call: Call, callbacks: readonly Callback[]): void {
  const m = call.machine;
  const parts = item.kind === 'list' ? item.items : [item];
  const [x, y] = [0, 1].map((i) => rowsGiven(m, parts[i] ?? unknown, call));
  const drawn = x?.some((node) => node?.source?.batch?.sampling === 'replacement') ?? false;
  const [epochs, steps] = [epochsOf(a, call), a.value('steps_per_epoch')];
  const count = drawn ? (steps ? binaryOperation(m, '*', epochs, steps, call.range) : null) : epochs;
  if (steps && !drawn)
    m.assume('An epoch of `steps_per_epoch` batches is taken as one pass over the rows', a.range('steps_per_epoch'));
  const outer = m.openLoop(call.range, drawn ? numberValue(1, true) : count);
  const inner = m.openLoop(call.range, drawn ? count : null);
  inner.batches = true;
  const known = x && y && parts.length === 2 && [...x, ...y].every((node) => node !== null);
  const problem = a.problems[0];
  const made: Built | Value = problem
    ? { kind: 'unknown', reason: problem }
    : known
      ? buildKeras(model, call, x as TraceNode[], y as TraceNode[], classWeightsOf(a))
      : unreadable('The rows that this generator yields could not be read', call.range);
  const optimizer = recordStep(model, made, call);
  m.closeLoop(inner);
  for (const callback of callbacks) callback(optimizer, call);
  m.closeLoop(outer);
}

/** True for an instance of a class of the script that hands `fit` one batch after the other. */
export const isBatchSequence = (value: Value | null): value is InstanceValue =>
  value?.kind === 'instance' &&
  libraryBases(value.type).some((path) => /(^|\.)keras\.(.*\.)?(Sequence|PyDataset)$/.test(path)) &&
  findMember(value.type, '__getitem__')?.kind === 'function';

/** Training on the batches that a Sequence of the script gives by their number. */
export function fitSequence(
  model: KerasModel,
  sequence: InstanceValue,
  a: Arguments,
  call: Call,
  callbacks: readonly Callback[],
): void {
  const m = call.machine;
  const [getItem, length] = ['__getitem__', '__len__'].map((name) => findMember(sequence.type, name));
  const count = length?.kind === 'function' ? callFunction({ ...length, self: sequence }, plainCall(call, [])) : null;
  const outer = m.openLoop(call.range, epochsOf(a, call));
  const inner = m.openLoop(call.range, count);
  inner.batches = true;
  const index: Value = { kind: 'progress', loop: inner, scale: 1, offset: 0, modulus: null, scaleValue: null };
  const item = getItem?.kind === 'function' ? callFunction({ ...getItem, self: sequence }, plainCall(call, [index])) : unknown;
  const parts = item.kind === 'list' ? item.items : [item];
  const [x, y] = [0, 1].map((i) => rowsGiven(m, parts[i] ?? unknown, call).map((node) => node && mixed(m, node, call)));
  const known = x && y && parts.length === 2 && [...x, ...y].every((node) => node !== null);
  const problem = a.problems[0];
  const bad = [item, ...parts].find((part) => part.kind === 'unknown' && part.reason !== null);
  const made: Built | Value = problem
    ? { kind: 'unknown', reason: problem }
    : known
      ? buildKeras(model, call, x as TraceNode[], y as TraceNode[], classWeightsOf(a))
      : (bad ?? unreadable('The rows that this Sequence gives could not be read', call.range));
  const optimizer = recordStep(model, made, call);
  m.closeLoop(inner);
  for (const callback of callbacks) callback(optimizer, call);
  m.closeLoop(outer);
}

/** Keras takes the batches of a Sequence in a new order each epoch. */
function mixed(m: Call['machine'], node: TraceNode, call: Call): TraceNode {
  const batch = node.source?.batch;
  if (node.kind !== 'source' || !node.source || !batch || batch.shuffle.value) return node;
  m.assume('Keras mixes the batches of a Sequence; here their rows are mixed', call.range);
  // The same rows are one node wherever they are used.
  Object.assign(node.source, { batch: { ...batch, shuffle: { ...batch.shuffle, value: true } } });
  return node;
}

/** Tensors of one batch; what the script itself writes out is a constant of the graph. */
function rowsGiven(m: Call['machine'], value: Value, call: Call): readonly (TraceNode | null)[] {
  const items = value.kind === 'list' ? value.items : [value];
  return items.map((item) => liftedForModel(m, item, call.range));
}

/** `model.train_on_batch(x, y)`: one step on the rows of the loop around it. */
export function trainOnBatch(model: KerasModel, call: Call): Value {
  const m = call.machine;
  const a = new Arguments(call, 'x y sample_weight class_weight');
  if (m.replay) return unknown;
  for (const name of ['sample_weight', 'class_weight']) if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  const nodesOf = (name: string): readonly (TraceNode | null)[] => rowsGiven(m, a.value(name) ?? unknown, call);
  const [x, y] = [nodesOf('x'), nodesOf('y')];
  const problem = a.problems[0];
  const made: Built | Value = problem
    ? { kind: 'unknown', reason: problem }
    : x.every((node) => node !== null) && y.every((node) => node !== null)
      ? buildKeras(model, call, x, y, null)
      : unreadable('The rows of this call could not be read', call.range);
  recordStep(model, made, call);
  return unknown;
}

const steppedModels = new WeakMap<KerasModel, { readonly call: Call; readonly problems: Reason[] }>();

/** A second step of the same model in a loop is on other rows than the first one, which one unit does not tell. */
function noteStep(model: KerasModel, problems: Reason[], call: Call): void {
  const before = steppedModels.get(model);
  const { range } = call;
  const another = before && (before.call.range.line !== range.line || before.call.range.path !== range.path);
  const text = 'This model takes steps on different batches in turn, which is not read';
  if (another) for (const list of [before.problems, problems]) list.push({ text, range });
  else steppedModels.set(model, { call, problems });
}

/** One step of the optimizer of a compiled model. */
function recordStep(model: KerasModel, made: Built | Value, call: Call): OptimizerValue {
  const m = call.machine;
  const bare = optimizerOver(model, call);
  const problems = [...bare.problems];
  const optimizer = { ...bare, problems };
  noteStep(model, problems, call);
  if (made.kind !== 'built') {
    recordUnread(m, call, optimizer, made, 'This model could not be read');
    return optimizer;
  }
  const output = tensorValue(made.output);
  m.record(optimizer.call, { kind: 'optimizer', optimizer });
  m.record(call.range, { kind: 'forward', module: model, inputs: [], output, evalMode: false, noGrad: false });
  m.record(call.range, { kind: 'zeroGrad', optimizer, module: null, cells: [] });
  m.record(call.range, { kind: 'backward', loss: made.loss, reason: null });
  recordClipping(m, kerasClipping(model), optimizer);
  m.record(call.range, { kind: 'step', optimizer });
  recordConstraints(m, optimizer);
  return optimizer;
}
