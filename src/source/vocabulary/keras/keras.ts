import { Arguments, type Call, type Handler } from '../../interpret/call';
import { sourced } from '../../values/origin';
import type { KerasLayer, KerasModel, KerasPart, KerasTensor } from '../../values/estimators';
import type { Machine } from '../../interpret/machine';
import type { SourceRange } from '../../../records/source';
import { addLossOfModel } from './addedLosses';
import { noteEarlyWords } from './version';
import { weightsOf } from './variables';
import type { ParameterCell } from '../../values/trace';
import {
  booleanValue,
  listValue,
  none,
  stringValue,
  unknown,
  unreadable,
  type InstanceValue,
  type Value,
} from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { builtNetworks } from './applications/catalogue';
import { trainOnBatch } from './batches';
import { fitKeras } from './fit';
import { endOfPart, endsOf, frozenLayers, isKerasPart, layersOf, noteEnds } from './graph';
import { tensorsIn } from './functional';
import { layersInOrder } from './layerOrder';
import { textsOf } from './text';
import { inputShapeOf } from './weights';

const newModel = (call: Call, form: Partial<Pick<KerasModel, 'parts' | 'inputs' | 'outputs' | 'instance'>>): KerasModel => ({
  kind: 'kerasModel',
  parts: [],
  inputs: [],
  outputs: [],
  instance: null,
  range: call.range,
  compiled: null,
  ...form,
});

const sequential: Handler = (call) => {
  const list = call.positional[0]?.value ?? call.keywords.get('layers')?.value;
  if (list && list.kind !== 'list' && list.kind !== 'none')
    return unreadModel(list, 'The layers of this model could not be read', call);
  const model = newModel(call, { parts: [] });
  for (const item of list?.kind === 'list' ? list.items : []) append(model, item, call);
  return model;
};

/** Puts a part at the end; what is not read stands in its place and says so when the model is run. */
function append(model: KerasModel, item: Value, call: Call): void {
  if (item.kind === 'kerasTensor' && item.part === null) {
    if (model.parts.length === 0) model.entrance ??= item;
    return;
  }
  const reason =
    item.kind === 'unknown' && item.reason ? item.reason : { text: 'A layer of this model could not be read', range: call.range };
  model.parts.push(isKerasPart(item) ? item : unreadPart(reason));
}

const unreadPart = (reason: { readonly text: string; readonly range: Call['range'] }): KerasLayer => ({
  kind: 'kerasLayer',
  name: 'layer',
  ordinal: 0,
  range: reason.range,
  apply: () => ({ kind: 'unknown', reason }),
  cells: {},
  inputShape: null,
  penalties: [],
  label: null,
  trainable: true,
  adapted: null,
});

/** Why a part stands for a model that is not read; null for other parts. */
function reasonOf(m: Machine, part: KerasPart | undefined): Value | null {
  if (part?.kind !== 'kerasLayer' || part.name !== 'layer') return null;
  const made = part.apply(m, part, []);
  return 'id' in made ? null : made;
}

/** A model that could not be read: it may be compiled and trained, and its training says why. */
function unreadModel(value: Value | null | undefined, text: string, call: Call): KerasModel {
  const reason = value?.kind === 'unknown' && value.reason ? value.reason : { text, range: call.range };
  return newModel(call, { parts: [unreadPart(reason)] });
}

const catalogued = (name: string): Handler => builtNetworks[name] ?? named(name);

/** A network of which no more than the name is known. */
const named =
  (name: string): Handler =>
  (call) => {
    const fresh = (call.keywords.get('weights') ?? call.positional[1])?.value.kind === 'none';
    const text = fresh ? `What ${name} is made of is not read` : `The weights of ${name} are downloaded and are not read`;
    return unreadModel(null, text, call);
  };

/** Modules of keras.applications in which a network stands, beside the package itself. */
const moduleOf = (name: string): string =>
  name
    .replace(/^(ResNet\d+)V2$/, 'resnet_v2')
    .replace(/^ResNet\d+$/, 'resnet')
    .replace(/^(DenseNet|EfficientNet|NASNet|MobileNetV3).*$/, (_, family: string) => family)
    .replace(/([a-z])(V[23])$/, '$1_$2')
    .replace(/([a-z])(ResNet)/, '$1_$2')
    .replace('MobileNetV3', 'mobilenet_v3')
    .toLowerCase();

const catalogue =
  'VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 InceptionV3 InceptionResNetV2 Xception MobileNet MobileNetV2 MobileNetV3Small MobileNetV3Large DenseNet121 DenseNet169 DenseNet201 NASNetMobile EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3 EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7';

const functional: Handler = (call) => {
  const a = new Arguments(call, 'inputs outputs');
  // Keras 1 and early 2 name them in the singular.
  const output = a.value('outputs') ?? a.value('output');
  const [inputs, outputs] = [tensorsIn(a.value('inputs') ?? a.value('input')), tensorsIn(output)];
  const unread = output?.kind === 'list' ? output.items.find((item) => item.kind === 'unknown') : output;
  if (inputs.length === 0 || outputs.length === 0 || unread?.kind === 'unknown')
    return unreadModel(unread, 'The ends of this model could not be read', call);
  return newModel(call, { inputs, outputs });
};

const inputTensor: Handler = (call) => {
  const label = call.keywords.get('name')?.value;
  const tensor: KerasTensor = {
    kind: 'kerasTensor',
    part: null,
    inputs: [],
    range: call.range,
    shape: inputShapeOf(call, call.positional[0]?.value ?? null),
    label: label?.kind === 'string' ? label.value : null,
  };
  return tensor;
};

/** Fields in which an instance of a model class of the script keeps how it was compiled. */
const models = new WeakMap<InstanceValue, KerasModel>();

/** The model that an instance of a class of the script is. */
export function modelOf(instance: InstanceValue, call: Call): KerasModel {
  const known = models.get(instance);
  if (known) return known;
  const made = newModel({ ...call, range: instance.range }, { instance, ...(endsOf(instance) ?? {}) });
  models.set(instance, made);
  return made;
}

function compile(model: KerasModel, call: Call): Value {
  const a = new Arguments(call, 'optimizer loss metrics loss_weights');
  model.compiled = {
    range: call.range,
    name: call.name,
    call,
    optimizer: a.argument('optimizer'),
    loss: a.argument('loss'),
    lossWeights: a.argument('loss_weights'),
    frozen: frozenLayers(model),
    loops: [...call.machine.loops],
  };
  return none;
}

/** `fit_generator` of old Keras as the call of `fit` that it became. */
function fromGenerator(call: Call): Call {
  if (call.keywords.has('samples_per_epoch') || call.keywords.has('nb_epoch')) noteEarlyWords(call.machine);
  const names = 'x steps_per_epoch epochs verbose callbacks validation_data validation_steps class_weight'.split(' ');
  const renamed: Readonly<Record<string, string>> = { generator: 'x', samples_per_epoch: 'steps_per_epoch', nb_epoch: 'epochs' };
  const keywords = new Map([...call.keywords].map(([name, argument]) => [renamed[name] ?? name, argument] as const));
  call.positional.forEach((argument, i) => keywords.set(names[i] ?? '', argument));
  return { ...call, positional: [], keywords };
}

/** Methods of Keras models. */
export const kerasModelMethods: MethodTable<KerasModel> = {
  __init__: (model, call) => {
    if (model.instance) noteEnds(model.instance, call);
    return none;
  },
  add: (model, call) => {
    append(model, call.positional[0]?.value ?? call.keywords.get('layer')?.value ?? unknown, call);
    return none;
  },
  pop: (model) => model.parts.pop() ?? unknown,
  compile,
  fit: fitKeras,
  fit_generator: (model, call) => fitKeras(model, fromGenerator(call)),
  train_on_batch: trainOnBatch,
  add_loss: (model, call) => addLossOfModel(model, call),
  build: () => none,
  summary: () => none,
  evaluate: () => unknown,
  predict: () => unknown,
  predict_classes: () => unknown,
  test_on_batch: () => unknown,
  save: () => none,
  save_weights: () => none,
  get_weights: () => unknown,
  count_params: () => unknown,
  reset_states: () => none,
  get_layer: (model, call) => layerOf(model, call),
  load_weights: (model, call) => {
    call.machine.assume('Weights that are loaded from a file are not read: the run starts from the initialisation', call.range);
    return model;
  },
};

function layerOf(model: KerasModel, call: Call): Value {
  const a = new Arguments(call, 'name index');
  const index = a.value('index');
  if (index?.kind === 'number') return listedLayers(model).at(index.value) ?? unknown;
  const name = a.string('name', '');
  return layersOf(model).find((layer) => layer.label === name) ?? unreadable(`There is no layer called ${name}`, call.range);
}

const isInput = (part: KerasPart): boolean => part.kind === 'kerasLayer' && part.name === 'InputLayer';

/** `model.layers`: a Sequential lists no Input. */
const listedLayers = (model: KerasModel): KerasPart[] =>
  model.outputs.length > 0 ? layersInOrder(model.outputs) : model.parts.filter((part) => !isInput(part));

/** Attributes of Keras models. */
export function kerasModelAttribute(m: Machine, model: KerasModel, name: string, range: SourceRange): Value | null {
  switch (name) {
    case 'trainable_variables':
    case 'trainable_weights':
      return weightsOf(m, model, range, true);
    case 'variables':
    case 'weights':
      return weightsOf(m, model, range, false);
    case 'layers':
      return listValue(listedLayers(model));
    case 'inputs':
      return listValue([...model.inputs]);
    case 'outputs':
      return listValue([...model.outputs]);
    case 'input':
      return model.inputs.length === 1 ? (model.inputs[0] ?? null) : listValue([...model.inputs]);
    case 'output':
      if (model.outputs.length === 0) return reasonOf(m, model.parts[0]);
      return model.outputs.length === 1 ? (model.outputs[0] ?? null) : listValue([...model.outputs]);
    case 'stop_training':
      return booleanValue(false);
    case 'optimizer':
      return optimizerOf(model);
    default:
      return null;
  }
}

/** The optimizer that the model was compiled with, as an object also where only its name was given. */
function optimizerOf(model: KerasModel): Value {
  const { compiled } = model;
  const value = compiled?.optimizer?.value;
  if (!compiled || value?.kind !== 'string') return value ?? unknown;
  const range = compiled.optimizer?.range ?? compiled.range;
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([['__kerasOptimizer', value]]),
    missing: '`%` of an optimizer is not read',
    call: { ...compiled.call, range: compiled.range, name: value.origin?.place ?? range, positional: [], keywords: new Map() },
  };
}

/** Methods and attributes of single layers. */
export const kerasLayerMethods: MethodTable<KerasLayer> = {
  adapt: (layer, call) => {
    const rows = call.positional[0]?.value ?? call.keywords.get('data')?.value;
    const set = rows?.kind === 'loader' ? rows.dataset : rows;
    const [first, ...others] = set?.kind === 'dataset' ? set.components : [];
    const texts = set?.kind === 'list' ? textsOf(set, call) : null;
    if (set?.kind === 'array') layer.adapted = set;
    else if (first && others.length === 0) layer.adapted = first;
    else if (texts) layer.adapted = texts;
    return none;
  },
  get_weights: () => unknown,
  set_weights: (layer, call) => {
    const reason = { text: 'Weights that are set by hand are not read', range: call.range };
    for (const cell of Object.values(layer.cells) as ParameterCell[]) cell.unread = reason;
    return none;
  },
  count_params: () => unknown,
};

export function kerasLayerAttribute(m: Machine, layer: KerasLayer, name: string, range: SourceRange): Value | null {
  if (name === 'output' || name === 'input') return endOfPart(layer, name) ?? reasonOf(m, layer);
  if (/^(trainable_)?(variables|weights)$/.test(name)) return weightsOf(m, layer, range, name.startsWith('trainable'));
  if (name === 'name') return stringValue(layer.label ?? layer.name);
  return name === 'trainable' ? booleanValue(layer.trainable) : null;
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

const nothing: Handler = () => none;

/** Keras, as `keras` and as `tensorflow.keras`: models, inputs and seeds. */
export const kerasTable: FunctionTable = {
  'keras.Sequential': sequential,
  'keras.models.Sequential': sequential,
  'keras.Model': functional,
  'keras.models.Model': functional,
  'keras.engine.training.Model': functional,
  ...Object.fromEntries(
    catalogue.split(' ').flatMap((name): [string, Handler][] => [
      [`keras.applications.${name}`, catalogued(name)],
      [`keras.applications.${moduleOf(name)}.${name}`, catalogued(name)],
    ]),
  ),
  'keras.applications.resnet50.ResNet50': catalogued('ResNet50'),
  'keras.layers.InputLayer': inputTensor,
  'keras.layers.Input': inputTensor,
  'keras.Input': inputTensor,
  'keras.engine.input_layer.Input': inputTensor,
  'keras.utils.set_random_seed': seed,
  'keras.backend.clear_session': nothing,
  'keras.mixed_precision.set_global_policy': nothing,
  'keras.utils.plot_model': nothing,
  'tensorflow.random.set_seed': seed,
  'tensorflow.set_random_seed': seed,
  'tensorflow.compat.v1.set_random_seed': seed,
  'tensorflow.config.list_physical_devices': () => listValue([]),
  'tensorflow.config.experimental.list_physical_devices': () => listValue([]),
  'tensorflow.executing_eagerly': () => booleanValue(true),
  'tensorflow.test.is_gpu_available': () => booleanValue(false),
};
