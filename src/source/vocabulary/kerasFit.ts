import type { Layers } from '../../records/model/layers';
import type { Reason, Sourced } from '../../records/source';
import { Arguments, numbersOf, type Call } from '../interpret/call';
import { binaryOperation } from '../interpret/operators';
import { recordClipping, recordFitting, recordUnread, type Built, type Rows } from '../interpret/fitting';
import { dataStep, partOf } from '../interpret/tensors';
import type { Array as DataArray } from '../values/dataValues';
import type { KerasModel } from '../values/estimators';
import type { OptimizerValue } from '../values/training';
import type { ParameterCell, TraceNode } from '../values/trace';
import { listValue, numberValue, none, tensorValue, unknown, unreadable, type Value } from '../values/value';
import { kerasCallbacks, type Callback } from './kerasCallbacks';
import { cellsOf, flowThrough, isNodes, layersOf, liftedForModel } from './kerasGraph';
import { inPhase } from './kerasPhase';
import { kerasLoss } from './kerasLosses';
import { leavesChangesOut } from './kerasPictures';
import { kerasClipping, kerasOptimizer } from './kerasOptimizers';
import { addedLosses, forgetAddedLosses } from './kerasAddedLosses';
import { ownStep, runOwnStep } from './kerasOwnStep';
import { noteEarlyWords } from './kerasVersion';
import { randomChange } from './kerasNoise';
import { isRepeated } from './kerasData';
import { penalised } from './kerasRegularizers';
import { asTensor } from './tables';

const fitNames =
  'x y batch_size epochs verbose callbacks validation_split validation_data shuffle class_weight sample_weight initial_epoch steps_per_epoch';

/** Arguments of `fit` that change the training and are not followed. */
const unfollowed = ['sample_weight', 'initial_epoch'];

/** Arguments of `fit` that change nothing in the training. */
const harmless =
  'nb_epoch nb_worker nb_val_samples workers use_multiprocessing max_queue_size max_q_size pickle_safe validation_steps validation_batch_size validation_freq show_accuracy';

interface Given {
  readonly rows: Rows;
  /** Set when the rows come in batches already. */
  readonly loader: (Value & { readonly kind: 'loader' }) | null;
}

const arraysIn = (value: Value | null, order: readonly (string | null)[], call: Call): DataArray[] | null => {
  if (value?.kind === 'array') return [asTensor(value, call)];
  const items =
    value?.kind === 'list'
      ? value.items
      : value?.kind === 'dict'
        ? order.map((name) => (name === null ? unknown : (value.entries.get(name) ?? unknown)))
        : [];
  const arrays = items.flatMap((item) => (item.kind === 'array' ? [asTensor(item, call)] : []));
  return items.length > 0 && arrays.length === items.length ? arrays : null;
};

/** The rows that a call is given: arrays, lists of them, or a data set in batches. */
function givenRows(model: KerasModel, x: Value | null, y: Value | null, call: Call): Given | null {
  if (x?.kind === 'loader') {
    const { components } = x.dataset;
    const inputs = Math.max(1, model.inputs.length);
    if (components.length <= inputs && !needsNoTargets(model)) return null;
    const arrays = components.map((component) => asTensor(component, call));
    return { rows: { x: arrays.slice(0, inputs), y: arrays.slice(inputs) }, loader: x };
  }
  const inputs = arraysIn(
    x,
    model.inputs.map((tensor) => tensor.label),
    call,
  );
  const targets = arraysIn(
    y,
    model.outputs.map((tensor) => labelOf(tensor)),
    call,
  );
  if (inputs && (y === null || y.kind === 'none') && needsNoTargets(model)) return { rows: { x: inputs, y: [] }, loader: null };
  return inputs && targets ? { rows: { x: inputs, y: targets }, loader: null } : null;
}

/** Models that make their loss themselves. */
const needsNoTargets = (model: KerasModel): boolean =>
  ownStep(model) !== null || model.compiled?.loss === null || model.compiled?.loss?.value.kind === 'none';

const labelOf = (tensor: KerasModel['outputs'][number]): string | null =>
  tensor.part?.kind === 'kerasLayer' ? tensor.part.label : null;

/** The rows that `validation_split` takes from the end, before anything is mixed, and those that are left. */
function splitOff(rows: Rows, testSize: number, call: Call): { readonly train: Rows; readonly validation: Rows } {
  const args = { testSize, trainSize: null, seed: null, shuffle: false, stratify: false } as const;
  const all = [...rows.x, ...rows.y];
  const whole = dataStep(call.machine, 'trainTestSplit', args, all, call.range);
  const part = (array: DataArray, index: number): DataArray =>
    partOf(call.machine, whole, index, call.range, {
      flavour: array.flavour,
      integer: array.integer,
      shape: array.shape ? [null, ...array.shape.slice(1)] : null,
      range: array.range,
      fault: array.fault,
    });
  const side = (offset: number): Rows => {
    const parts = all.map((array, i) => part(array, 2 * i + offset));
    return { x: parts.slice(0, rows.x.length), y: parts.slice(rows.x.length) };
  };
  return { train: side(0), validation: side(1) };
}

/** Rows of one number each have a second axis in Keras. */
const withColumns = (m: Call['machine'], nodes: readonly TraceNode[]): TraceNode[] =>
  nodes.map((node) => (node.shape?.length === 1 ? m.trace.add('unsqueeze', { axis: 1 }, [node], node.range) : node));

/** Model and loss over rows; a value is the reason why they cannot be built. */
export function buildKeras(
  model: KerasModel,
  call: Call,
  x: readonly TraceNode[],
  y: readonly TraceNode[],
  classWeights: readonly number[] | null,
): Built | Value {
  const m = call.machine;
  forgetAddedLosses(m);
  const outputs = inPhase(m, true, () => m.inForwardPass(() => flowThrough(m, model, withColumns(m, x), call)));
  if (!isNodes(outputs)) return outputs;
  return lossOfModel(m, model, outputs, y, call, classWeights);
}

/** The losses of a compiled model over its outputs, with what is added to them: penalties and `add_loss`. */
export function lossOfModel(
  m: Call['machine'],
  model: KerasModel,
  outputs: readonly TraceNode[],
  y: readonly TraceNode[],
  call: Call,
  classWeights: readonly number[] | null = null,
): Built | Value {
  const [first] = outputs;
  const added = addedLosses(m, model, call);
  const withoutLoss = (model.compiled?.loss ?? null) === null || model.compiled?.loss?.value.kind === 'none';
  if (first && withoutLoss && added.length > 0) return { kind: 'built', output: first, loss: sumOf(m, added, layersOf(model)) };
  if (!first || outputs.length !== y.length)
    return unreadable(`The model has ${outputs.length} outputs and is given ${y.length} targets`, call.range);
  const terms: Built[] = [];
  for (const [i, output] of outputs.entries()) {
    const made = kerasLoss(m, lossOfOutput(model, i), output, y[i] as TraceNode);
    if (made.kind !== 'built') return made;
    const loss = classWeights ? weightedLoss(m, made.loss, classWeights) : made.loss;
    if (!loss) return unreadable('Class weights of this loss are not read', call.range);
    terms.push({ ...made, loss });
  }
  const total = summed(m, terms, model);
  if ('kind' in total && total.kind === 'unknown') return total;
  const loss = sumOf(m, [total as TraceNode, ...added], layersOf(model));
  return { kind: 'built', output: terms[0]?.output ?? first, loss };
}

/** Terms of a loss together with the penalties of layers. */
function sumOf(m: Call['machine'], terms: readonly TraceNode[], layers: ReturnType<typeof layersOf>): TraceNode {
  const [first, ...others] = terms;
  const sum = others.reduce((a, b) => m.trace.add('add', {}, [a, b], a.range, { call: a.call }), first as TraceNode);
  return penalised(m, sum, layers);
}

/** The model with the loss of one of its outputs. */
function lossOfOutput(model: KerasModel, index: number): KerasModel {
  const { compiled } = model;
  const value = compiled?.loss?.value;
  if (!compiled?.loss || !value || (value.kind !== 'list' && value.kind !== 'dict')) return model;
  const tensor = model.outputs[index];
  const label = tensor ? labelOf(tensor) : null;
  const own = value.kind === 'list' ? value.items[index] : label === null ? undefined : value.entries.get(label);
  return { ...model, compiled: { ...compiled, loss: { ...compiled.loss, value: own ?? unknown } } };
}

/** The losses of all outputs together, each with its weight. */
function summed(m: Call['machine'], terms: readonly Built[], model: KerasModel): TraceNode | Value {
  const given = model.compiled?.lossWeights;
  const byLabel = given?.value.kind === 'dict' ? given.value.entries : null;
  const labels = model.outputs.map((tensor) => labelOf(tensor) ?? '');
  const listed = byLabel ? listValue(labels.map((label) => byLabel.get(label) ?? numberValue(1, true))) : given?.value;
  const weights = listed && listed.kind !== 'none' ? numbersOf(listed) : [];
  if (!weights) return unreadable('The weights of these losses could not be read', given?.range ?? model.range);
  const nodes = terms.map(({ loss }, i) => {
    const weight = weights[i] ?? 1;
    return weight === 1
      ? loss
      : m.trace.add('multiply', {}, [loss, m.trace.constant(weight, given?.range ?? loss.range)], loss.range, {
          call: loss.call,
        });
  });
  const [first, ...others] = nodes;
  return others.reduce((sum, node) => m.trace.add('add', {}, [sum, node], node.range, { call: node.call }), first as TraceNode);
}

/** `class_weight`: each row's loss is multiplied, and the sum is divided by the rows as before. Null for other losses. */
function weightedLoss(m: Call['machine'], loss: TraceNode, weights: readonly number[]): TraceNode | null {
  const range = loss.range;
  const alone = { reduction: 'none' } as const;
  const target = loss.inputs[1];
  const mean = (node: TraceNode): TraceNode =>
    m.trace.add('mean', { axes: null, keep: false }, [node], range, { call: loss.call });
  if (loss.kind === 'crossEntropy') {
    const args = { ...(loss.arguments as Layers['crossEntropy']), ...alone, weight: weights };
    return mean(m.trace.add('crossEntropy', args, loss.inputs, range, { call: loss.call }));
  }
  if ((loss.kind !== 'bceWithLogits' && loss.kind !== 'bce') || weights.length !== 2 || !target) return null;
  const logits = { ...(loss.arguments as Layers['bceWithLogits']), ...alone };
  const rows =
    loss.kind === 'bce'
      ? m.trace.add('bce', alone, loss.inputs, range, { call: loss.call })
      : m.trace.add('bceWithLogits', logits, loss.inputs, range, { call: loss.call });
  const [zero = 1, one = 1] = weights;
  const slope = m.trace.add('multiply', {}, [target, m.trace.constant(one - zero, range)], range);
  const factor = m.trace.add('add', {}, [slope, m.trace.constant(zero, range)], range);
  return mean(m.trace.add('multiply', {}, [rows, factor], range));
}

/** `class_weight={0: 1.0, 1: 5.0}` as a list; a problem of the call when it is not known. */
function classWeightsOf(a: Arguments): number[] | null {
  if (!a.given('class_weight')) return null;
  const value = a.value('class_weight');
  const entries = value?.kind === 'dict' ? value.entries : new Map<string | number | boolean, Value>();
  const weights = Array.from({ length: entries.size }, (_, i) => entries.get(i)).map((v) =>
    v?.kind === 'number' ? v.value : Number.NaN,
  );
  if (weights.length === 0 || weights.some(Number.isNaN)) a.reject('class_weight', 'These class weights could not be read');
  return weights;
}

const trainedCells = new WeakSet<ParameterCell>();

/** The optimizer over the weights that were free when the model was compiled. */
function optimizerOver(model: KerasModel, call: Call): OptimizerValue {
  const own = cellsOf(model, model.compiled?.frozen);
  for (const cell of own) trainedCells.add(cell);
  // A weight is fixed where no model trains it.
  for (const layer of layersOf(model)) for (const cell of Object.values(layer.cells)) cell.trainable = trainedCells.has(cell);
  return kerasOptimizer(model, own, call);
}

/** `nb_epoch` of Keras 1 is `epochs`. */
function withEpochs(call: Call): Call {
  const count = call.keywords.get('nb_epoch');
  return count ? { ...call, keywords: new Map([...call.keywords, ['epochs', count] as const]) } : call;
}

/** `model.fit(...)` with Keras's defaults: one epoch, batches of 32, mixed rows. */
export function fitKeras(model: KerasModel, call: Call): Value {
  const m = call.machine;
  if (call.keywords.has('nb_epoch')) noteEarlyWords(m);
  const a = new Arguments(withEpochs(call), fitNames);
  if (m.replay) return unknown;
  const given = givenRows(model, a.value('x'), a.value('y'), call);
  for (const name of unfollowed)
    if (a.given(name) && !(name === 'initial_epoch' && a.number(name, 0) === 0)) a.reject(name, `\`${name}\` is not followed`);
  if (a.given('steps_per_epoch') && a.value('x')?.kind !== 'batches')
    m.assume('An epoch of `steps_per_epoch` batches is taken as one pass over the rows', a.range('steps_per_epoch'));
  a.rejectOthers(harmless);
  const classWeights = classWeightsOf(a);
  const callbacks = kerasCallbacks(a);
  const yielded = a.value('x');
  if (yielded?.kind === 'batches') {
    fitYielded(model, yielded.item, a, call, callbacks);
    return { kind: 'inert', path: 'keras.History' };
  }
  if (!given) {
    const bad = [a.value('x'), a.value('y')].find((value) => value?.kind === 'unknown') ?? unknown;
    recordUnread(m, call, optimizerOver(model, call), bad, 'The data of this call could not be read');
    return unknown;
  }
  const { loader } = given;
  if (loader && isRepeated(loader) && !a.given('steps_per_epoch'))
    a.reject('x', 'These rows have no end, and `steps_per_epoch` does not say how many make an epoch');
  let { rows } = given;
  let validation: Rows | null = null;
  const data = a.value('validation_data');
  const pair = data?.kind === 'list' ? givenRows(model, data.items[0] ?? none, data.items[1] ?? none, call) : null;
  if (data?.kind === 'loader' || data?.kind === 'list')
    validation = (data.kind === 'loader' ? givenRows(model, data, null, call) : pair)?.rows ?? null;
  else if (a.given('validation_split') && a.number('validation_split') > 0)
    ({ train: rows, validation } = splitOff(rows, a.number('validation_split'), call));
  if ((loader && leavesChangesOut(loader)) || layersOf(model).some(({ name }) => name === randomChange)) validation = null;
  const epochs = a.value('epochs') ?? { ...numberValue(1, true), origin: { place: call.name, chain: [] } };
  const batchSize: Sourced<number> = loader ? loader.batchSize : a.sourcedNumber('batch_size', 32);
  const shuffle = loader ? loader.shuffle : a.sourcedBoolean('shuffle', true);
  const problem = a.problems[0];
  const step = ownStep(model);
  if (step && !problem) {
    const bare = loader ? loader.dataset.bare : rows.y.length === 0;
    const passes = { epochs, batchSize, shuffle, dropLast: loader?.dropLast ?? false, bare };
    runOwnStep(model, step, rows, passes, call);
    return { kind: 'inert', path: 'keras.History' };
  }
  recordFitting(m, {
    call,
    epochs,
    batchSize: loader?.full ? null : batchSize,
    shuffle,
    dropLast: loader?.dropLast ?? false,
    clipping: kerasClipping(model),
    train: rows,
    validation,
    model,
    build: (x, y) => (problem ? { kind: 'unknown', reason: problem } : buildKeras(model, call, x, y, classWeights)),
    optimizer: () => optimizerOver(model, call),
    perEpoch: (optimizer) => {
      for (const callback of callbacks) callback(optimizer, call);
    },
  });
  return { kind: 'inert', path: 'keras.History' };
}

/** Training on the batches that a function of the script yields. */
function fitYielded(model: KerasModel, item: Value, a: Arguments, call: Call, callbacks: readonly Callback[]): void {
  const m = call.machine;
  const parts = item.kind === 'list' ? item.items : [item];
  const [x, y] = [0, 1].map((i) => rowsGiven(m, parts[i] ?? unknown, call));
  const drawn = x?.some((node) => node?.source?.batch?.sampling === 'replacement') ?? false;
  const [epochs, steps] = [a.value('epochs') ?? numberValue(1, true), a.value('steps_per_epoch')];
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
  return optimizer;
}
