import type { Sourced } from '../../../records/source';
import { Arguments, numbersOf, type Call } from '../../interpret/call';
import { recordFitting, recordUnread, type Built, type Rows } from '../../interpret/fitting';
import { whyUnread } from '../../interpret/outsideRows';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import type { KerasModel } from '../../values/estimators';
import type { OptimizerValue } from '../../values/training';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { listValue, numberValue, none, unknown, unreadable, type Value } from '../../values/value';
import { fitSequence, fitYielded, isBatchSequence } from './batches';
import { kerasCallbacks } from './callbacks';
import { givenRows, labelOf } from './givenRows';
import { cellsOf, flowThrough, isNodes, layersOf } from './graph';
import { maskOf } from './masks';
import { inPhase } from './phase';
import { kerasLoss } from './losses';
import { leavesChangesOut } from './pictures';
import { kerasClipping, kerasOptimizer } from './optimizers';
import { addedLosses, forgetAddedLosses } from './addedLosses';
import { ownStep, runOwnStep } from './ownStep';
import { noteEarlyWords } from './version';
import { randomChange } from './noise';
import { isRepeated } from './data';
import { epochsOf, historyOf, withEpochs } from './epochs';
import { epochsInAllPasses } from './fittedAgain';
import { penalised } from './regularizers';
import {
  classWeightsOf,
  classWeightsOfRows,
  equalWeights,
  overCountedTimes,
  sampleWeights,
  weightedByRows,
  weightedLoss,
} from './rowWeights';

const fitNames =
  'x y batch_size epochs verbose callbacks validation_split validation_data shuffle class_weight sample_weight initial_epoch steps_per_epoch';

/** Arguments of `fit` that change nothing in the training. */
const harmless =
  'nb_epoch nb_worker nb_val_samples workers use_multiprocessing max_queue_size max_q_size pickle_safe validation_steps validation_batch_size validation_freq show_accuracy';

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
  rowWeights: TraceNode | null = null,
): Built | Value {
  const m = call.machine;
  forgetAddedLosses(m);
  const outputs = inPhase(m, true, () => m.inForwardPass(() => flowThrough(m, model, withColumns(m, x), call)));
  if (!isNodes(outputs)) return outputs;
  return lossOfModel(m, model, outputs, y, call, { classes: classWeights, rows: rowWeights });
}

/** What losses are multiplied with: a number for each class, or for each row. */
interface Weights {
  readonly classes: readonly number[] | null;
  readonly rows: TraceNode | null;
}

/** The losses of a compiled model over its outputs, with what is added to them: penalties and `add_loss`. */
export function lossOfModel(
  m: Call['machine'],
  model: KerasModel,
  outputs: readonly TraceNode[],
  y: readonly TraceNode[],
  call: Call,
  weights: Weights | null = null,
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
    const ofClasses = weights?.classes ? weightedLoss(m, made.loss, weights.classes) : made.loss;
    const loss = ofClasses && weights?.rows ? weightedByRows(m, ofClasses, weights.rows) : ofClasses;
    if (!loss) return unreadable('Weights of this loss are not read', call.range);
    const mask = maskOf(output);
    const counted = mask ? overCountedTimes(m, loss, mask) : loss;
    if (!counted || (mask && weights?.rows))
      return unreadable('This loss over times of which some do not count is not read', call.range);
    terms.push({ ...made, loss: counted });
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

/** Where neither the model nor its rows say what goes in: why those rows are not read. */
function shapelessRows(m: Call['machine'], { x }: Rows): Value | null {
  const reasons = x.flatMap((array) => (array.shape === null ? (whyUnread(m, array) ?? []) : []));
  return reasons[0] ? { kind: 'unknown', reason: reasons[0] } : null;
}

const trainedCells = new WeakSet<ParameterCell>();

/** The optimizer over the weights that were free when the model was compiled. */
export function optimizerOver(model: KerasModel, call: Call): OptimizerValue {
  const own = cellsOf(model, model.compiled?.frozen);
  for (const cell of own) trainedCells.add(cell);
  // A weight is fixed where no model trains it.
  for (const layer of layersOf(model)) for (const cell of Object.values(layer.cells)) cell.trainable = trainedCells.has(cell);
  return kerasOptimizer(model, own, call);
}

/** Weights of rows that a data set yields behind inputs and targets. */
const streamedWeights = (model: KerasModel, { y }: Rows): DataArray | null =>
  model.instance === null && model.outputs.length <= 1 && y.length === 2 ? (y[1] ?? null) : null;

/** Rows that all weigh the same; null where they cannot be given weights. */
function withEqualWeights(rows: Rows, call: Call): Rows | null {
  const [targets] = rows.y;
  const ones = targets ? equalWeights(targets, call) : null;
  return ones && { ...rows, y: [...rows.y, ones] };
}

/** `model.fit(...)` with Keras's defaults: one epoch, batches of 32, mixed rows. */
export function fitKeras(model: KerasModel, call: Call): Value {
  const m = call.machine;
  if (call.keywords.has('nb_epoch')) noteEarlyWords(m);
  const a = new Arguments(withEpochs(call), fitNames);
  if (m.replay) return unknown;
  const given = givenRows(model, a.value('x'), a.value('y'), call);
  const epochs = epochsInAllPasses(m, model, epochsOf(a, call), a);
  if (a.given('steps_per_epoch') && a.value('x')?.kind !== 'batches')
    m.assume('An epoch of `steps_per_epoch` batches is taken as one pass over the rows', a.range('steps_per_epoch'));
  a.rejectOthers(harmless);
  const counted = given && !given.loader ? classWeightsOfRows(a, given.rows.y, call) : null;
  const classWeights = counted ? null : classWeightsOf(a);
  const callbacks = kerasCallbacks(a);
  const yielded = a.value('x');
  if (yielded?.kind === 'batches') {
    fitYielded(model, yielded.item, a, call, callbacks);
    return historyOf(a, call);
  }
  if (isBatchSequence(yielded)) {
    fitSequence(model, yielded, a, call, callbacks);
    return historyOf(a, call);
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
  const ofRows = given.loader ? streamedWeights(model, rows) : sampleWeights(a, call);
  if (ofRows && counted) a.reject('sample_weight', 'Weights of rows and of classes together are not read');
  if (ofRows && !given.loader) rows = { ...rows, y: [...rows.y, ofRows] };
  let validation: Rows | null = null;
  const data = a.value('validation_data');
  const pair = data?.kind === 'list' ? givenRows(model, data.items[0] ?? none, data.items[1] ?? none, call) : null;
  if (data?.kind === 'loader' || data?.kind === 'list')
    validation = (data.kind === 'loader' ? givenRows(model, data, null, call) : pair)?.rows ?? null;
  else if (a.given('validation_split') && a.number('validation_split') > 0)
    ({ train: rows, validation } = splitOff(rows, a.number('validation_split'), call));
  if (counted) rows = { ...rows, y: [...rows.y, classWeightsOfRows(a, rows.y, call) ?? counted] };
  const weighted = ofRows !== null || counted !== null;
  if (weighted && validation && validation.y.length < rows.y.length) validation = withEqualWeights(validation, call);
  if ((loader && leavesChangesOut(loader)) || layersOf(model).some(({ name }) => name === randomChange)) validation = null;
  const batchSize: Sourced<number> = loader?.batchSize ?? given.batchSize ?? a.sourcedNumber('batch_size', 32);
  const shuffle = loader ? loader.shuffle : a.sourcedBoolean('shuffle', true);
  const faulty = [...rows.x, ...rows.y].find(({ fault }) => fault !== null);
  const fault = faulty?.fault ?? null;
  const classes = classWeights && classWeights.length > 0 && !classWeights.some(Number.isNaN) ? classWeights : null;
  const step = ownStep(model);
  if (step && !fault && a.problems.length === 0) {
    const bare = loader ? loader.dataset.bare : rows.y.length === 0;
    const passes = { epochs, batchSize, shuffle, dropLast: loader?.dropLast ?? false, bare };
    runOwnStep(model, step, rows, passes, call);
    return historyOf(a, call);
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
    build: (x, y) => {
      const problem = fault ?? (step ? a.problems[0] : null);
      if (problem) return { kind: 'unknown', reason: problem };
      const weights = weighted ? (y[y.length - 1] ?? null) : null;
      const made = buildKeras(model, call, x, weighted ? y.slice(0, -1) : y, classes, weights);
      return made.kind === 'unknown' ? (shapelessRows(m, rows) ?? made) : made;
    },
    // What is not followed beside the model and its loss keeps neither from being read.
    optimizer: () => {
      const made = optimizerOver(model, call);
      made.problems = [...made.problems, ...a.problems];
      return made;
    },
    perEpoch: (optimizer) => {
      for (const callback of callbacks) callback(optimizer, call);
    },
  });
  return historyOf(a, call);
}
