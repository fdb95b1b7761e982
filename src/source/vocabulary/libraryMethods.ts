import { Arguments, type Call, type Handler, type Method } from '../interpret/call';
import { callValue } from '../interpret/calls';
import { setTrained } from '../interpret/trainability';
import { isModule } from '../interpret/classes';
import { scatter } from '../interpret/entries';
import { lineMethod } from '../interpret/fileRecords';
import { dataStep } from '../interpret/tensors';
import { none, numberValue, parameterOf, unknown, unreadable, type Value } from '../values/value';
import { acceleratorMethods } from './training/accelerator';
import type { ScheduleValue } from '../values/training';
import { scheduleOf } from './training/ownSchedules';
import { parserMethods } from './python/argparse';
import { drawn } from './python/builtins';
import { fileMethods } from './python/plainMethods';
import { pathMethods } from './python/paths';
import { randomFunctions } from './tables/randomArrays';
import { datasetMethods } from './rows/images';
import { estimatorMethods } from './sklearn/estimators';
import { isSplitter, splitterMethods } from './sklearn/folds';
import { gradientMethods, updateMethods } from './training/handUpdates';
import { parameterMethods } from './layers/initializers';
import { inPlaceMethod } from './tensors/inPlace';
import { kerasLayerMethods, kerasModelMethods, modelOf } from './keras/keras';
import { kerasOptimizerMethods, tapeMethods } from './keras/tape';
import { tokenizerMethods } from './keras/text';
import { ownPartMethods } from './keras/variables';
import { batchStreamMethods, streamMethods } from './keras/data';
import { isKerasInstance } from './keras/graph';
import { isLightning, lightningMethods, trainerMethods } from './training/lightning';
import { moduleMethods } from './layers/moduleMethods';
import { dictMethods, listMethods, namespaceMethods, stringMethods } from './python/plainMethods';
import { logProbability, sampleOf } from './tables/randomDraws';
import { describedMethods } from './tables/described';
import { transformerMethods } from './sklearn/rows';
import { encoderMethods, scalerMethods } from './sklearn/sklearn';
import { isTextVectorizer, vectorizerMethods } from './sklearn/textVectorizers';
import { textMethods } from './tables/tableChanges';
import { columnListMethods, nameTextMethods } from './tables/tableColumns';
import { pieceMethods } from './tables/textParts';
import { groupMethods } from './tables/tableGroups';
import { dateMethods, rollingMethods } from './tables/tableSeries';
import { tableMethods } from './tables/tables';
import { convert, runOperation, tensorOperations } from './tensors/tensorOperations';
import { rawParameter } from './tensors/torchTensors';
import { backward, optimizerMethods, scheduleMethods } from './training/trainingCalls';
import { pictureGeneratorMethods } from './keras/pictures';
import { averageMethods, weightAverageOf } from './training/weightAverages';
import { cutting } from './tables/cutting';
import { beginOwnLoader, isOwnLoader } from './rows/ownLoaders';

type Table = Readonly<Record<string, Method<never>>>;

const methodTables = (): { readonly [K in Value['kind']]?: Table } => ({
  list: { ...columnListMethods, ...listMethods },
  dict: dictMethods,
  string: { ...stringMethods, ...pathMethods },
  file: fileMethods,
  namespace: namespaceMethods,
  parser: parserMethods,
  layer: moduleMethods,
  container: moduleMethods,
  optimizer: optimizerMethods,
  schedule: scheduleMethods,
  number: { numpy: (number: Value) => number, item: (number: Value) => number },
  scaler: scalerMethods,
  encoder: encoderMethods,
  dataset: datasetMethods,
  gradient: gradientMethods,
  kerasModel: kerasModelMethods,
  kerasLayer: kerasLayerMethods,
  loader: batchStreamMethods,
  estimator: estimatorMethods,
  trainer: trainerMethods,
  iterator: {
    tolist: (values: Value) => values,
    __next__: (batches: Value, call: Call) => drawn({ ...call, positional: [{ value: batches, range: call.range }] }),
  },
});

const own = (table: Table | undefined, name: string): Method | null =>
  table && Object.hasOwn(table, name) ? (table[name] as Method) : null;

/** `x.item()` of data that are one number. */
function oneNumber(x: Value, call: Call): Value {
  if (x.kind === 'tensor') return { ...unknown, itemOf: x.node };
  if (x.kind !== 'array' || !x.shape?.every((size) => size === 1)) return unknown;
  return x.shape.length === 0 ? x : dataStep(call.machine, 'reshape', { shape: [] }, [x], call.range, { shape: [] });
}

const ofTorch = (name: string, call: Call): Value => callValue(call.machine, { kind: 'external', path: `torch.${name}` }, call);

/** Methods of tensors that are no operation. */
export const tensorMethods: Readonly<Record<string, Method>> = {
  backward: (x, call) => backward(x, call),
  to: convert,
  type: convert,
  astype: convert,
  type_as: (x) => x,
  item: oneNumber,
  tolist: (x) => (x.kind === 'array' ? x : unknown),
  toarray: (x) => (x.kind === 'array' ? x : unknown),
  todense: (x) => (x.kind === 'array' ? x : unknown),
  nelement: () => unknown,
  numel: () => unknown,
  dim: (x) => (x.kind === 'tensor' && x.node.shape ? numberValue(x.node.shape.length, true) : unknown),
  retain_grad: () => none,
  scatter_: (x, call) => {
    const a = new Arguments(call, 'dim index value');
    const value = a.value('value') ?? a.value('src');
    if (x.kind === 'array' && scatter(call.machine, x, a.value('dim'), a.value('index'), value, call.range)) return x;
    const fault = { text: '`.scatter_()` is not read', range: call.range };
    if (x.kind === 'array') x.fault = fault;
    if (x.kind === 'tensor') x.node.fault = fault;
    return x;
  },
  new: (_x, call) => ofTorch('zeros', call),
  new_zeros: (_x, call) => ofTorch('zeros', call),
  new_empty: (_x, call) => ofTorch('zeros', call),
  new_ones: (_x, call) => ofTorch('ones', call),
  new_full: (_x, call) => ofTorch('full', call),
  new_tensor: (_x, call) => ofTorch('tensor', call),
  requires_grad_: (x, call) => {
    const cell = parameterOf(x);
    const flag = call.positional[0]?.value;
    if (cell) setTrained(call.machine, cell, flag?.kind === 'boolean' ? flag.value : true);
    return x.kind === 'array' ? rawParameter(x, call) : x;
  },
};

/** The method `name` of a library value; null when it is not in the tables. */
export function libraryMethod(receiver: Value, name: string): Method | null {
  if (name === '__init__' && isOwnLoader(receiver)) return beginOwnLoader(receiver);
  if (receiver.kind === 'namespace' && receiver.entries.has('__kerasOptimizer')) return own(kerasOptimizerMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__kerasTokenizer')) return own(tokenizerMethods as Table, name);
  if (receiver.kind === 'namespace' && isTextVectorizer(receiver)) return own(vectorizerMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__transformer')) return own(transformerMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__described')) return own(describedMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__kerasTape')) return own(tapeMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__kerasPictures'))
    return own(pictureGeneratorMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__distribution') && (name === 'sample' || name === 'rsample'))
    return (_, call) => sampleOf(receiver, call, name === 'rsample') ?? unknown;
  if (weightAverageOf(receiver) && Object.hasOwn(averageMethods, name)) return own(averageMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__text')) return own(textMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__pieces')) return own(pieceMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__record'))
    return (_, call) =>
      lineMethod(call.machine, receiver, name, call.positional[0]?.value ?? null) ??
      unreadable(`\`.${name}()\` of a line of a file is not read`, call.range);
  if (receiver.kind === 'namespace' && receiver.entries.has('__groups')) return own(groupMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__week')) return own(dateMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__rolling')) return own(rollingMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__names')) return own(nameTextMethods as Table, name);
  if (isSplitter(receiver)) return own(splitterMethods as Table, name);
  if (receiver.kind === 'namespace' && receiver.entries.has('__distribution') && name === 'log_prob')
    return (_, call) => logProbability(receiver, call) ?? unreadable('This probability is not read', call.range);
  const streamed = receiver.kind === 'dataset' && receiver.streamed ? own(streamMethods as Table, name) : null;
  const direct = streamed ?? cutting(receiver, name) ?? own(methodTables()[receiver.kind], name);
  if (direct) return direct;
  const schedule = receiver.kind === 'instance' ? scheduleOf(receiver) : null;
  if (schedule) return scheduleMethod(schedule, name);
  const lightning = receiver.kind === 'instance' && isLightning(receiver) ? own(lightningMethods as Table, name) : null;
  if (lightning) return lightning;
  if (receiver.kind === 'instance' && isModule(receiver)) return own(moduleMethods as Table, name);
  if (receiver.kind === 'instance' && isKerasInstance(receiver)) {
    const part = own(ownPartMethods as Table, name);
    if (part) return part;
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
  const changed = initial ?? inPlaceMethod(receiver, name);
  if (changed) return changed;
  if (Object.hasOwn(tensorMethods, name)) return tensorMethods[name] ?? null;
  const operation = Object.hasOwn(tensorOperations, name) ? tensorOperations[name] : undefined;
  if (operation) return (x, call) => runOperation(operation, x, new Arguments(call, operation.names));
  return null;
}

/** A method of torch's schedules on an object of the script's own class. */
function scheduleMethod(schedule: ScheduleValue, name: string): Method | null {
  const method = own(scheduleMethods as Table, name) as Method<ScheduleValue> | null;
  return method ? (_, call) => method(schedule, call) : null;
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
