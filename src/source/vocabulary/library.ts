import type { SourceRange } from '../../records/source';
import { Arguments, type Argument, type Call, type Handler, type Method } from '../interpret/call';
import type { Array as DataArray } from '../values/dataValues';
import { chunkRows, splitRows } from '../interpret/pieces';
import type { Machine } from '../interpret/machine';
import { isModule } from '../interpret/classes';
import { opaqueOperation } from '../interpret/tensors';
import {
  booleanValue,
  listValue,
  none,
  numberValue,
  parameterOf,
  Scope,
  stringValue,
  unknown,
  type Value,
} from '../values/value';
import { acceleratorMethods, acceleratorTable } from './accelerator';
import { argparseTable, parserMethods } from './argparse';
import { commandLineTable } from './commandLines';
import { containersTable } from './collections';
import { fileMethods } from './plainMethods';
import { pathAttribute, pathMethods, pathTable } from './paths';
import { settingsTable } from './settings';
import { numpyTable, randomFunctions } from './arrays';
import { pythonTable } from './builtins';
import { standardTable } from './standardLibrary';
import { datasetMethods, imageTable } from './images';
import { catalogueTable } from './torchvision/catalogue';
import { torchvisionModelTable } from './torchvisionModels';
import { estimatorMethods, estimatorTable } from './estimators';
import { gradientMethods, updateMethods } from './handUpdates';
import { initTable, parameterMethods } from './initializers';
import {
  kerasLayerAttribute,
  kerasLayerMethods,
  kerasModelAttribute,
  kerasModelMethods,
  kerasOptimizerMethods,
  kerasTable,
  modelOf,
} from './keras';
import { batchStreamMethods, streamMethods } from './kerasData';
import { isKerasInstance } from './kerasGraph';
import { attentionTable } from './attentionLayers';
import { kerasTables } from './kerasTables';
import { layerTable } from './layers';
import { isLightning, lightningMethods, lightningTable, trainerMethods } from './lightning';
import { mathematicalFunctions } from './tensorFunctions';
import { selectionFunctions } from './tensorSelections';
import { containerTable, layerAttribute, moduleAttributes, moduleMethods } from './moduleMethods';
import { optimizerTable } from './optimizers';
import { dictMethods, listMethods, namespaceMethods, stringMethods } from './plainMethods';
import { recurrentTable } from './recurrent';
import { scheduleTable } from './schedules';
import { encoderMethods, scalerMethods, sklearnTable } from './sklearn';
import { columnAttribute, pandasTable, tableAttributes, tableMethods } from './tables';
import { asFunction, convert, runOperation, tensorOperations } from './tensorOperations';
import { shapeValue } from './tensorShaping';
import { torchDataTable } from './torchData';
import { rawParameter, torchTensors } from './torchTensors';
import { backward, optimizerAttributes, optimizerMethods, scheduleMethods, trainingTable } from './trainingCalls';
import { pictureGeneratorMethods } from './kerasPictures';
import { symbolicShape } from './kerasShapes';
import { syntheticTable } from './sklearnSynthetic';
import { windowTable } from './windows';
import type { FunctionTable } from './functionTable';

const inert =
  (path: string): Handler =>
  () => ({ kind: 'inert', path });
const nothing: Handler = () => none;

const shared = (): FunctionTable =>
  Object.fromEntries(
    Object.entries(tensorOperations).flatMap(([name, operation]): [string, Handler][] => {
      const handler: Handler = (call) => asFunction(operation, call);
      return [
        [`torch.${name}`, handler],
        [`torch.nn.functional.${name}`, handler],
        [`torch.special.${name}`, handler],
      ];
    }),
  );

/** `torch.split(x, 20)` of data; of tensors of the graph it stays the operation that it is. */
const cutFunction =
  (name: string): Handler =>
  (call) => {
    const [whole, ...rest] = call.positional;
    const method = whole ? cutting(whole.value, name) : null;
    const operation = tensorOperations[name];
    if (method && whole) return method(whole.value, { ...call, positional: rest });
    return operation ? asFunction(operation, call) : unknown;
  };

/** Half precision is trained in single precision here. */
const mixedPrecision: Handler = (call) => {
  const enabled = call.keywords.get('enabled')?.value;
  if (!(enabled?.kind === 'boolean' && !enabled.value))
    call.machine.assume('Mixed precision is trained in 32-bit numbers here', call.range);
  return { kind: 'inert', path: 'torch.autocast' };
};

/** Functions that matter for what they are, and change nothing that is read here. */
const surroundings: FunctionTable = {
  'torch.split': cutFunction('split'),
  'torch.chunk': cutFunction('chunk'),
  'torch.no_grad': inert('torch.no_grad'),
  'torch.inference_mode': inert('torch.inference_mode'),
  'torch.enable_grad': inert('torch.enable_grad'),
  'torch.set_grad_enabled': (call) => {
    const on = call.positional[0]?.value;
    return { kind: 'inert', path: on?.kind === 'boolean' && !on.value ? 'torch.no_grad' : 'torch.enable_grad' };
  },
  'torch.device': (call) => {
    const name = call.positional[0]?.value;
    return name?.kind === 'string' ? name : { kind: 'inert', path: 'torch.device' };
  },
  'torch.cuda.is_available': () => booleanValue(false),
  'torch.backends.mps.is_available': () => booleanValue(false),
  'torch.cuda.device_count': () => numberValue(0, true),
  'torch.cuda.manual_seed': nothing,
  'torch.cuda.manual_seed_all': nothing,
  'torch.cuda.empty_cache': nothing,
  'torch.set_num_threads': nothing,
  'torch.set_default_dtype': nothing,
  'torch.set_printoptions': nothing,
  'torch.use_deterministic_algorithms': nothing,
  'torch.save': nothing,
  'torch.load': (call) => ({
    kind: 'unknown',
    reason: { text: 'What `torch.load` gives is not read', range: call.range },
    saved: true,
  }),
  'torch.Generator': () => ({ kind: 'namespace', entries: new Map(), missing: '`%` of a generator is not read' }),
  'torch.is_tensor': (call) =>
    booleanValue(call.positional[0]?.value.kind === 'tensor' || call.positional[0]?.value.kind === 'array'),
  'torch.cuda.amp.GradScaler': inert('torch.GradScaler'),
  'torch.amp.GradScaler': inert('torch.GradScaler'),
  'torch.cuda.amp.autocast': mixedPrecision,
  'torch.amp.autocast': mixedPrecision,
  'torch.autocast': mixedPrecision,
  'random.seed': (call) => {
    const seed = call.positional[0]?.value;
    if (seed?.kind === 'number') call.machine.seeds.python = seed.value;
    return none;
  },
  'time.time': () => unknown,
};

let allFunctions: Readonly<Record<string, Handler>> | null = null;

/** Put together on first use: the tables and the interpreter need each other. */
function functionTable(): Readonly<Record<string, Handler>> {
  allFunctions ??= {
    ...shared(),
    ...numpyTable,
    ...pythonTable,
    ...standardTable,
    ...pathTable,
    ...acceleratorTable,
    ...containersTable,
    ...argparseTable,
    ...commandLineTable,
    ...settingsTable,
    ...layerTable,
    ...attentionTable,
    ...mathematicalFunctions,
    ...selectionFunctions,
    ...recurrentTable,
    ...windowTable,
    ...containerTable,
    ...initTable,
    ...optimizerTable,
    ...scheduleTable,
    ...torchTensors,
    ...torchDataTable,
    ...estimatorTable,
    ...kerasTable,
    ...kerasTables(),
    ...imageTable,
    ...torchvisionModelTable,
    ...catalogueTable,
    ...pandasTable,
    ...sklearnTable,
    ...syntheticTable,
    ...trainingTable,
    ...lightningTable,
    ...surroundings,
  };
  return allFunctions;
}

const prefixes: readonly (readonly [string, string])[] = [
  ['tensorflow.keras.', 'keras.'],
  ['tensorflow.python.keras.', 'keras.'],
  ['tf_keras.', 'keras.'],
  ...'adam_v2 gradient_descent_v2 rmsprop_v2 adam gradient_descent rmsprop adagrad adadelta adamax nadam'
    .split(' ')
    .flatMap((part): [string, string][] => [
      [`keras.optimizers.${part}.`, 'keras.optimizers.'],
      [`keras.optimizer_v2.${part}.`, 'keras.optimizers.'],
      [`keras.optimizers.optimizer_v2.${part}.`, 'keras.optimizers.'],
    ]),
  ...'core convolutional pooling normalization merge embeddings advanced_activations'
    .split(' ')
    .map((part): [string, string] => [`keras.layers.${part}.`, 'keras.layers.']),
  ['torch.nn.modules.', 'torch.nn.'],
  ['torch.functional.', 'torch.'],
  ['torch.utils.data.dataset.', 'torch.utils.data.'],
  ['torch.distributions.', 'torch.distributions.'],
  ['scipy.special.', 'numpy.'],
];

/** What a library's function does; null when it is not in the tables. */
export function libraryFunction(path: string): Handler | null {
  const functions = functionTable();
  const direct = Object.hasOwn(functions, path) ? functions[path] : undefined;
  if (direct) return direct;
  for (const [from, to] of prefixes) {
    if (!path.startsWith(from)) continue;
    const rest = path.slice(from.length);
    const handler = functions[to + rest] ?? functions[to + (rest.split('.').pop() ?? '')];
    if (handler) return handler;
  }
  return null;
}

/** The names below a module of a library, as `import *` brings them; its submodules too. */
export function libraryNames(module: string): readonly string[] {
  const own = module.replace(/^tensorflow\.(python\.)?keras/, 'keras');
  const below = Object.keys(functionTable()).flatMap((path) =>
    path.startsWith(`${own}.`) ? [path.slice(own.length + 1).split('.')[0] ?? ''] : [],
  );
  return [...new Set([...below, ...(own === 'torch.nn' ? ['Module', 'Parameter'] : own === 'keras.layers' ? ['Layer'] : [])])];
}

type Table = Readonly<Record<string, Method<never>>>;

const methodTables = (): { readonly [K in Value['kind']]?: Table } => ({
  list: listMethods,
  dict: dictMethods,
  string: { ...stringMethods, ...pathMethods },
  file: fileMethods,
  namespace: namespaceMethods,
  parser: parserMethods,
  layer: moduleMethods,
  container: moduleMethods,
  optimizer: optimizerMethods,
  schedule: scheduleMethods,
  scaler: scalerMethods,
  encoder: encoderMethods,
  dataset: datasetMethods,
  gradient: gradientMethods,
  kerasModel: kerasModelMethods,
  kerasLayer: kerasLayerMethods,
  loader: batchStreamMethods,
  estimator: estimatorMethods,
  trainer: trainerMethods,
});

const own = (table: Table | undefined, name: string): Method | null =>
  table && Object.hasOwn(table, name) ? (table[name] as Method) : null;

const tensorMethods: Readonly<Record<string, Method>> = {
  backward: (x, call) => backward(x, call),
  to: convert,
  type: convert,
  astype: convert,
  type_as: (x) => x,
  item: (x) => (x.kind === 'array' && x.shape?.length === 0 ? x : unknown),
  tolist: (x) => (x.kind === 'array' ? x : unknown),
  nelement: () => unknown,
  numel: () => unknown,
  dim: (x) => (x.kind === 'tensor' && x.node.shape ? numberValue(x.node.shape.length, true) : unknown),
  retain_grad: () => none,
  requires_grad_: (x, call) => {
    const cell = parameterOf(x);
    const flag = call.positional[0]?.value;
    if (cell) cell.trainable = flag?.kind === 'boolean' ? flag.value : true;
    return x.kind === 'array' ? rawParameter(x, call) : x;
  },
};

/** Ways to cut the rows of data into batches. */
const cuttingMethods: Readonly<Record<string, (array: DataArray, size: Argument, call: Call) => Value>> = {
  split: (array, size, call) => splitRows(call.machine, array, size, call.range),
  chunk: (array, parts, call) => chunkRows(call.machine, array, parts, call.range),
};

const cutting = (receiver: Value, name: string): Method | null => {
  const cut = receiver.kind === 'array' && receiver.flavour === 'torch' ? cuttingMethods[name] : undefined;
  if (!cut || receiver.kind !== 'array') return null;
  return (_, call) => {
    const size = call.positional[0] ?? call.keywords.get('split_size') ?? call.keywords.get('chunks');
    const axis = call.positional[1]?.value ?? call.keywords.get('dim')?.value;
    if (!size || (axis && !(axis.kind === 'number' && axis.value === 0))) return unknown;
    return cut(receiver, size, call);
  };
};

/** The method `name` of a library value; null when it is not in the tables. */
export function libraryMethod(receiver: Value, name: string): Method | null {
  if (receiver.kind === 'namespace' && receiver.entries.has('__kerasOptimizer')) return own(kerasOptimizerMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__kerasPictures'))
    return own(pictureGeneratorMethods as Table, name);
  const streamed = receiver.kind === 'dataset' && receiver.streamed ? own(streamMethods as Table, name) : null;
  const direct = streamed ?? cutting(receiver, name) ?? own(methodTables()[receiver.kind], name);
  if (direct) return direct;
  const lightning = receiver.kind === 'instance' && isLightning(receiver) ? own(lightningMethods as Table, name) : null;
  if (lightning) return lightning;
  if (receiver.kind === 'instance' && isModule(receiver)) return own(moduleMethods as Table, name);
  if (receiver.kind === 'instance' && isKerasInstance(receiver)) {
    const method = own(kerasModelMethods as Table, name);
    return method ? (_instance, call) => method(modelOf(receiver, call), call) : null;
  }
  if (receiver.kind === 'inert') return inertMethod(receiver.path, name);
  if (receiver.kind === 'array' && (receiver.flavour === 'frame' || receiver.flavour === 'series')) {
    const table = own(tableMethods as Table, name);
    if (table) return table;
  }
  if (receiver.kind !== 'tensor' && receiver.kind !== 'array') return null;
  const cell = parameterOf(receiver);
  const initial = cell ? (own(parameterMethods as Table, name) ?? own(updateMethods as Table, name)) : null;
  if (initial) return initial;
  if (Object.hasOwn(tensorMethods, name)) return tensorMethods[name] ?? null;
  const operation = Object.hasOwn(tensorOperations, name) ? tensorOperations[name] : undefined;
  if (operation) return (x, call) => runOperation(operation, x, new Arguments(call, operation.names));
  return null;
}

function inertMethod(path: string, name: string): Method | null {
  if (path === 'accelerate.Accelerator') return own(acceleratorMethods as Table, name);
  if (path === 'numpy.random')
    return own(
      Object.fromEntries(
        Object.entries({ ...randomFunctions, integers: randomFunctions['randint'] as Handler }).map(([n, f]) => [
          n,
          (_: Value, call: Call) => f(call),
        ]),
      ),
      name,
    );
  if (path === 'torch.GradScaler') {
    if (name === 'scale') return (_x, call) => call.positional[0]?.value ?? unknown;
    if (name === 'step') return (_x, call) => call.machine.invokeMethod(call.positional[0]?.value ?? unknown, 'step', call);
  }
  return null;
}

/** The attribute `name` of a library value; null when it is a method or not in the tables. */
export function libraryAttribute(m: Machine, value: Value, name: string, range: SourceRange): Value | null {
  const call = { machine: m, range };
  switch (value.kind) {
    case 'layer':
    case 'container':
      return (
        (Object.hasOwn(moduleAttributes, name) ? moduleAttributes[name]?.(value, m, range) : null) ??
        layerAttribute(value, name, call)
      );
    case 'instance':
      return isModule(value) && Object.hasOwn(moduleAttributes, name)
        ? (moduleAttributes[name]?.(value, m, range) ?? null)
        : name === '__class__'
          ? value.type
          : null;
    case 'kerasModel':
      return kerasModelAttribute(value, name);
    case 'kerasLayer':
      return kerasLayerAttribute(value, name);
    case 'kerasTensor':
      return name === 'shape' || name === '_keras_shape' ? symbolicShape(value, bareCall(m, range)) : null;
    case 'optimizer':
      return optimizerAttributes[name]?.(value, m, range) ?? null;
    case 'array':
      if (name === 'shape') return shapeValue(value, m);
      if (Object.hasOwn(tableAttributes, name)) return tableAttributes[name]?.(value, m, range) ?? null;
      return value.flavour === 'frame' && !isTableMethod(name) ? columnAttribute(value, name, call) : null;
    case 'tensor':
      return tensorAttribute(m, value, name, range);
    case 'encoder':
      return name === 'classes_'
        ? value.fitted
          ? { kind: 'iterator', of: value.fitted, wrap: 'plain', others: [], start: 0 }
          : unknown
        : null;
    case 'iterator':
      return name === 'shape' && value.of.kind === 'array'
        ? listValue([{ kind: 'size', size: m.program.symbol(value.of.step, { kind: 'unique' }) }], 'tuple')
        : name === 'size' && value.of.kind === 'array'
          ? { kind: 'size', size: m.program.symbol(value.of.step, { kind: 'unique' }) }
          : null;
    case 'gradient':
      return name === 'data' ? value : null;
    case 'function':
      return name === '__name__' ? stringValue(value.name) : null;
    case 'string':
      return name === 'value' ? value : pathAttribute(value, name);
    // The value of an Enum's member.
    case 'number':
      return name === 'value' ? value : null;
    case 'module':
      return name === '__name__' ? stringValue(value.path) : null;
    case 'dataset':
      return (
        value.attributes.get(name) ??
        (name === 'tensors' ? listValue([...value.components], 'tuple') : name === 'dataset' ? value : null)
      );
    case 'loader':
      return (
        value.dataset.attributes.get(name) ??
        (name === 'dataset' ? value.dataset : name === 'batch_size' ? numberValue(value.batchSize.value, true) : null)
      );
    default:
      return null;
  }
}

const isTableMethod = (name: string): boolean =>
  Object.hasOwn(tableMethods, name) ||
  Object.hasOwn(tensorOperations, name) ||
  Object.hasOwn(tensorMethods, name) ||
  name.startsWith('_') ||
  [
    'isnull',
    'isna',
    'any',
    'corr',
    'plot',
    'hist',
    'value_counts',
    'index',
    'dtypes',
    'groupby',
    'merge',
    'sort_values',
    'apply',
  ].includes(name);

const bareCall = (machine: Machine, range: SourceRange): Call => ({
  machine,
  range,
  name: range,
  positional: [],
  keywords: new Map(),
  unclear: null,
  scope: new Scope(null, range.path),
});

function tensorAttribute(m: Machine, value: Value & { readonly kind: 'tensor' }, name: string, range: SourceRange): Value | null {
  switch (name) {
    case 'shape':
      return shapeValue(value, m);
    case 'data':
      return tensorOperations['detach']?.run(value, new Arguments(bareCall(m, range), '')) ?? value;
    case 'T':
      return tensorOperations['t']?.run(value, new Arguments(bareCall(m, range), '')) ?? null;
    case 'requires_grad':
      return booleanValue(parameterOf(value)?.trainable ?? true);
    case 'grad': {
      const cell = parameterOf(value);
      return cell ? { kind: 'gradient', cell, rate: null, factor: 1, known: true } : unknown;
    }
    case 'device':
      return { kind: 'inert', path: 'torch.device' };
    case 'dtype':
      return unknown;
    case 'ndim':
      return value.node.shape ? numberValue(value.node.shape.length, true) : unknown;
    case 'is_cuda':
      return booleanValue(false);
    default:
      return null;
  }
}

/** An operation that is only named. */
export const namedOperation = (call: Call, name: string, inputs: readonly Value[]): Value =>
  opaqueOperation(call.machine, name, inputs, call.range);
