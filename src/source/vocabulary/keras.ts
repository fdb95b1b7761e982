import { Arguments, type Argument, type Call, type Handler } from '../interpret/call';
import { recordFitting } from '../interpret/fitting';
import type { Machine } from '../interpret/machine';
import { dataStep, partOf } from '../interpret/tensors';
import { sourced } from '../values/origin';
import type { Array as DataArray } from '../values/dataValues';
import type { KerasLayer, KerasModel, KerasTensor } from '../values/estimators';
import type { ParameterCell, TraceNode } from '../values/trace';
import { booleanValue, none, numberValue, unknown, unreadable, type Value } from '../values/value';
import type { FunctionTable, MethodTable } from './functionTable';
import { asTensor } from './tables';
import { kerasLoss } from './kerasLosses';
import { kerasOptimizer } from './kerasOptimizers';

const newModel = (call: Call, layers: KerasLayer[], output: KerasTensor | null): KerasModel => ({
  kind: 'kerasModel',
  layers,
  output,
  range: call.range,
  compiled: null,
});

const sequential: Handler = (call) => {
  const list = call.positional[0]?.value ?? call.keywords.get('layers')?.value;
  const items = list?.kind === 'list' ? list.items : [];
  const model = newModel(call, [], null);
  for (const item of items) {
    const problem = append(model, item);
    if (problem) return problem;
  }
  return model;
};

/** Puts a layer at the end; what it is not is returned. */
function append(model: KerasModel, item: Value): Value | null {
  if (item.kind === 'kerasLayer') model.layers.push(item);
  else if (item.kind === 'kerasModel' && item.output === null) model.layers.push(...item.layers);
  else if (item.kind !== 'kerasTensor')
    return item.kind === 'unknown' && item.reason ? item : unreadable('A layer of this model is not read', model.range);
  return null;
}

const functional: Handler = (call) => {
  const a = new Arguments(call, 'inputs outputs');
  const output = a.value('outputs');
  if (output?.kind !== 'kerasTensor')
    return output?.kind === 'unknown' && output.reason
      ? output
      : unreadable('The output of this model could not be read', call.range);
  return newModel(call, [], output);
};

/** The model's graph on `input`. */
function run(m: Machine, model: KerasModel, input: TraceNode): TraceNode | Value {
  const step = (x: TraceNode | Value, layer: KerasLayer): TraceNode | Value => ('id' in x ? layer.apply(m, layer, x) : x);
  if (!model.output) return model.layers.reduce<TraceNode | Value>(step, input);
  const known = new Map<KerasTensor, TraceNode | Value>();
  const visit = (tensor: KerasTensor, depth: number): TraceNode | Value => {
    const kept = known.get(tensor);
    if (kept) return kept;
    m.tick();
    if (depth > 100) return unknown;
    const inputs = tensor.inputs.map((i) => visit(i, depth + 1));
    const bad = inputs.find((i) => !('id' in i));
    const nodes = inputs.flatMap((i) => ('id' in i ? [i] : []));
    let made: TraceNode | Value = bad ?? nodes[0] ?? input;
    if (!bad && tensor.join === 'concatenate') made = m.trace.add('concatenate', { axis: -1 }, nodes, tensor.range);
    else if (!bad && tensor.join === 'add')
      made = nodes
        .slice(1)
        .reduce<TraceNode>((sum, node) => m.trace.add('add', {}, [sum, node], tensor.range), nodes[0] ?? input);
    else if (!bad && tensor.layer) made = step(made, tensor.layer);
    known.set(tensor, made);
    return made;
  };
  return visit(model.output, 0);
}

/** Layers in the order of the graph. */
function layersOf(model: KerasModel): KerasLayer[] {
  if (!model.output) return model.layers;
  const found: KerasLayer[] = [];
  const visit = (tensor: KerasTensor, depth: number): void => {
    if (depth > 100) return;
    for (const inner of tensor.inputs) visit(inner, depth + 1);
    if (tensor.layer && !found.includes(tensor.layer)) found.push(tensor.layer);
  };
  visit(model.output, 0);
  return found;
}

function cellsOf(model: KerasModel): ParameterCell[] {
  const counts = new Map<string, number>();
  return layersOf(model).flatMap((layer) => {
    const count = counts.get(layer.name) ?? 0;
    counts.set(layer.name, count + 1);
    const prefix = count === 0 ? layer.name : `${layer.name}_${count}`;
    return Object.entries(layer.cells).map(([role, cell]) => {
      cell.name = `${prefix}.${role}`;
      return cell;
    });
  });
}

/** The part of the rows that `validation_split` leaves for training, and the rest. */
function splitOff(array: DataArray, whole: DataArray, at: number, call: Call): readonly [DataArray, DataArray] {
  const keep = {
    flavour: array.flavour,
    integer: array.integer,
    shape: array.shape ? [null, ...array.shape.slice(1)] : null,
    range: array.range,
  };
  return [partOf(call.machine, whole, 2 * at, call.range, keep), partOf(call.machine, whole, 2 * at + 1, call.range, keep)];
}

function fit(model: KerasModel, call: Call): Value {
  const m = call.machine;
  const a = new Arguments(call, 'x y batch_size epochs verbose callbacks validation_split validation_data shuffle');
  const [x, y] = [a.value('x'), a.value('y')];
  if (m.replay) return unknown;
  if (x?.kind !== 'array' || y?.kind !== 'array') {
    const bad = x?.kind !== 'array' ? x : y;
    const reason =
      bad?.kind === 'unknown' && bad.reason ? bad.reason : { text: 'The data of this call could not be read', range: call.range };
    const optimizer = kerasOptimizer(model, cellsOf(model), call);
    m.record(optimizer.call, { kind: 'optimizer', optimizer });
    m.record(call.range, { kind: 'backward', loss: null, reason });
    m.record(call.range, { kind: 'step', optimizer });
    return unknown;
  }
  let train = { x: asTensor(x, call), y: asTensor(y, call) };
  let validation: { x: DataArray; y: DataArray } | null = null;
  const data = a.value('validation_data');
  if (data?.kind === 'list' && data.items[0]?.kind === 'array' && data.items[1]?.kind === 'array')
    validation = { x: asTensor(data.items[0], call), y: asTensor(data.items[1], call) };
  else if (a.given('validation_split') && a.number('validation_split') > 0) {
    const testSize = a.number('validation_split');
    const whole = dataStep(
      m,
      'trainTestSplit',
      { testSize, trainSize: null, seed: null, shuffle: false, stratify: false },
      [train.x, train.y],
      call.range,
    );
    const [xs, ys] = [splitOff(train.x, whole, 0, call), splitOff(train.y, whole, 1, call)];
    train = { x: xs[0], y: ys[0] };
    validation = { x: xs[1], y: ys[1] };
  }
  const epochs = a.value('epochs') ?? { ...numberValue(1, true), origin: { place: call.name, chain: [] } };
  recordFitting(m, {
    call,
    epochs,
    batchSize: a.sourcedNumber('batch_size', 32),
    shuffle: a.sourcedBoolean('shuffle', true),
    ...train,
    validation,
    model,
    build: (input, target) => {
      const output = run(m, model, input);
      if (!('id' in output)) return output;
      return kerasLoss(m, model, output, target);
    },
    optimizer: () => kerasOptimizer(model, cellsOf(model), call),
  });
  return { kind: 'inert', path: 'keras.History' };
}

/** Methods of Keras models. */
export const kerasModelMethods: MethodTable<KerasModel> = {
  add: (model, call) => {
    const problem = append(model, call.positional[0]?.value ?? unknown);
    if (problem?.kind === 'unknown' && problem.reason) {
      const { reason } = problem;
      const broken: KerasLayer = {
        kind: 'kerasLayer',
        name: 'layer',
        range: call.range,
        apply: () => ({ kind: 'unknown', reason }),
        cells: {},
        inputShape: null,
      };
      model.layers.push(broken);
    }
    return none;
  },
  compile: (model, call) => {
    const a = new Arguments(call, 'optimizer loss metrics');
    const argument = (name: string): Argument | null => a.argument(name);
    model.compiled = { range: call.range, name: call.name, optimizer: argument('optimizer'), loss: argument('loss') };
    return none;
  },
  fit,
  summary: () => none,
  evaluate: () => unknown,
  predict: () => unknown,
  save: () => none,
  load_weights: (model, call) => {
    call.machine.assume('Weights that are loaded from a file are not read: the run starts from the initialisation', call.range);
    return model;
  },
};

/** A layer called on a tensor of the functional form. */
export function callKerasLayer(layer: KerasLayer, call: Call): Value {
  const input = call.positional[0]?.value;
  if (input?.kind !== 'kerasTensor') return input?.kind === 'unknown' ? input : unknown;
  const tensor: KerasTensor = { kind: 'kerasTensor', layer, inputs: [input], join: null, range: call.range };
  return tensor;
}

const seed: Handler = (call) => {
  const argument = call.positional[0] ?? call.keywords.get('seed');
  if (argument?.value.kind === 'number') {
    const { value } = argument;
    call.machine.seeds.numpy ??= value.value;
    call.machine.record(call.range, { kind: 'seed', seed: sourced(value.value, value.origin, argument.range) });
  }
  return none;
};

/** Keras, as `keras` and as `tensorflow.keras`. */
export const kerasTable: FunctionTable = {
  'keras.Sequential': sequential,
  'keras.models.Sequential': sequential,
  'keras.Model': functional,
  'keras.models.Model': functional,
  'keras.utils.to_categorical': (call) => {
    const a = new Arguments(call, 'x num_classes');
    const value = a.value('x') ?? a.value('y');
    if (value?.kind !== 'array') return value ?? unknown;
    const classes = a.given('num_classes') ? a.size('num_classes') : null;
    return dataStep(call.machine, 'oneHot', { classes }, [value], call.range, {
      shape: [value.shape?.[0] ?? null, classes],
      integer: false,
      flavour: 'numpy',
    });
  },
  'keras.utils.set_random_seed': seed,
  'tensorflow.random.set_seed': seed,
  'tensorflow.set_random_seed': seed,
  'tensorflow.config.list_physical_devices': () => ({ kind: 'list', form: 'list', items: [], range: null }),
  'tensorflow.executing_eagerly': () => booleanValue(true),
  ...Object.fromEntries(
    ['mnist', 'fashion_mnist', 'cifar10', 'imdb', 'boston_housing', 'california_housing'].map((name): [string, Handler] => [
      `keras.datasets.${name}.load_data`,
      (call) => unreadable(`The data set ${name} of Keras is downloaded and is not read`, call.range),
    ]),
  ),
};
