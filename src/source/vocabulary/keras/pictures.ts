import type { PictureChange } from '../../../records/dataSources';
import { Arguments, numbersOf, type Call, type Handler } from '../../interpret/call';
import { dataStep, partOf, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray, Dataset, Loader } from '../../values/dataValues';
import { none, numberValue, stringValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { asTensor } from '../tables/tables';
import { changedShape } from '../rows/transforms';

type Namespace = Value & { readonly kind: 'namespace' };

interface Folder {
  readonly root: string;
  /** Height and width. */
  readonly size: readonly number[];
  readonly grey: boolean;
  /** How targets are made of class numbers. */
  readonly labels: string;
}

/** Pictures [n, height, width, channels] as 0…255, and their targets. */
function folderRows(
  call: Call,
  folder: Folder,
): { readonly pictures: DataArray; readonly targets: Value; readonly labels: DataArray } {
  const m = call.machine;
  const changes: PictureChange[] = [
    ...(folder.grey ? [{ kind: 'grayscale', channels: 1 } as const] : []),
    { kind: 'resize', size: folder.size },
  ];
  const whole = dataStep(m, 'readPictures', { root: folder.root, changes }, [], call.range, { flavour: 'numpy' });
  const shape = [null, ...changedShape([null, null, 3], changes)];
  const read = partOf(m, whole, 0, call.range, { shape, integer: true });
  const pictures =
    shape.length === 3 ? dataStep(m, 'unsqueeze', { axis: 3 }, [read], call.range, { shape: [...shape, 1] }) : read;
  const labels = partOf(m, whole, 1, call.range, { shape: [null], integer: true });
  m.assume('Pictures are resized with Pillow’s bilinear filter, which differs a little from Keras’s own', call.range);
  return { pictures, targets: targetsOf(labels, folder.labels, call), labels };
}

function targetsOf(labels: DataArray, form: string, call: Call): Value {
  const m = call.machine;
  switch (form) {
    case 'sparse':
    case 'int':
      return labels;
    case 'binary':
      return dataStep(m, 'cast', { to: 'float' }, [labels], call.range, { integer: false });
    case 'categorical': {
      const classes = m.program.symbol(labels.step, { kind: 'unique' });
      return dataStep(m, 'oneHot', { classes }, [labels], call.range, { shape: [null, classes], integer: false });
    }
    default:
      return unreadable(`Targets of the form ${form} are not read`, call.range);
  }
}

function loaderOf(call: Call, a: Arguments, pictures: DataArray, targets: DataArray, labels: DataArray | null): Loader {
  const classes: Value = labels ? { kind: 'iterator', of: labels, wrap: 'plain', others: [], start: 0 } : unknown;
  const attributes = new Map<string, Value>(['class_names', 'class_indices'].map((name) => [name, classes]));
  const dataset = { kind: 'dataset', components: [pictures, targets], range: call.range, bare: false, attributes } as const;
  return {
    kind: 'loader',
    dataset,
    batchSize: a.sourcedNumber('batch_size', 32),
    full: false,
    shuffle: a.sourcedBoolean('shuffle', true),
    replacement: false,
    dropLast: false,
    range: call.range,
  };
}

const failure = (a: Arguments): Value | null => (a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null);

/** `image_dataset_from_directory`: batches of pictures, mixed anew in each epoch; a share of them with `subset=`. */
const fromDirectory: Handler = (call) => {
  const a = new Arguments(
    call,
    'directory labels label_mode class_names color_mode batch_size image_size shuffle seed validation_split subset',
  );
  const folder: Folder = {
    root: a.string('directory', ''),
    size: numbersOf(a.value('image_size') ?? none) ?? [256, 256],
    grey: a.string('color_mode', 'rgb') === 'grayscale',
    labels: a.string('label_mode', 'int'),
  };
  for (const name of ['class_names', 'crop_to_aspect_ratio', 'interpolation'])
    if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  if (folder.root === '') a.reject('directory', 'The folder of these pictures could not be read');
  const bad = failure(a);
  if (bad) return bad;
  const { pictures, targets, labels } = folderRows(call, folder);
  if (targets.kind !== 'array') return targets;
  if (a.value('label_mode')?.kind === 'none') {
    if (a.given('validation_split')) return unreadable('A share of pictures without labels is not read', call.range);
    const loader = loaderOf(call, a, pictures, targets, labels);
    return { ...loader, dataset: { ...loader.dataset, components: [pictures], bare: true } };
  }
  if (!a.given('validation_split')) return loaderOf(call, a, pictures, targets, labels);
  const args = {
    testSize: a.number('validation_split'),
    trainSize: null,
    seed: a.optionalNumber('seed'),
    shuffle: true,
    stratify: false,
  };
  const side = a.string('subset', 'training') === 'validation' ? 1 : 0;
  const split = dataStep(call.machine, 'trainTestSplit', args, [pictures, targets], call.range);
  const part = (array: DataArray, index: number): DataArray =>
    partOf(call.machine, split, 2 * index + side, call.range, { flavour: 'numpy', shape: array.shape, integer: array.integer });
  return loaderOf(call, a, part(pictures, 0), part(targets, 1), labels);
};

/** Changes of pictures drawn anew for each batch. */
const random =
  'rotation_range width_shift_range height_shift_range brightness_range shear_range zoom_range channel_shift_range horizontal_flip vertical_flip'.split(
    ' ',
  );
const unread =
  'featurewise_center samplewise_center featurewise_std_normalization samplewise_std_normalization zca_whitening preprocessing_function validation_split data_format'.split(
    ' ',
  );

/** Marks data sets whose random changes are left out: what training without them tells of validation would mislead. */
const unchanged = '__unchanged';

/** True for batches of a generator whose random changes are left out. */
export const leavesChangesOut = (loader: Loader): boolean => loader.dataset.attributes.has(unchanged);

/** The data set, noted as one whose random changes are left out. */
export const withoutChanges = (set: Dataset): Dataset => ({
  ...set,
  attributes: new Map([...set.attributes, [unchanged, none] as const]),
});

const isOn = (a: Arguments, name: string): boolean => {
  const value = a.value(name);
  return a.given(name) && !(value?.kind === 'boolean' && !value.value) && !(value?.kind === 'number' && value.value === 0);
};

/** Notes on batches whether the generator would change them at random. */
function marked(generator: Namespace, loader: Loader): Loader {
  const a = generator.call ? new Arguments(generator.call, '') : null;
  if (!a || !random.some((name) => isOn(a, name))) return loader;
  return { ...loader, dataset: withoutChanges(loader.dataset) };
}

/** The pictures as a generator hands them on; a value says why that is not read. */
function generated(generator: Namespace, pictures: Value, call: Call): DataArray | Value {
  if (!generator.call || pictures.kind !== 'array') return pictures;
  const a = new Arguments(generator.call, '');
  const m = call.machine;
  const wanted = (name: string): boolean => isOn(a, name);
  const refused = unread.find(wanted);
  if (refused) return unreadable(`\`${refused}\` of this generator is not read`, a.range(refused));
  if (random.some(wanted))
    m.assume('The random changes of the pictures are left out: each epoch sees them as they are', generator.call.range);
  const scale = wanted('rescale') ? a.number('rescale') : 1;
  const bad = failure(a);
  if (bad) return bad;
  const rows = asTensor(pictures, call);
  return scale === 1 ? rows : tensorBinary(m, '*', rows, numberValue(scale, false), call.range);
}

const flow = (generator: Namespace, call: Call): Value => {
  const a = new Arguments(call, 'x y batch_size shuffle sample_weight');
  const pictures = generated(generator, a.value('x') ?? unknown, call);
  const y = a.value('y') ?? unknown;
  if (a.given('subset')) return unreadable('`subset` is not followed', call.range);
  if (pictures.kind !== 'array') return pictures;
  return y.kind === 'array' ? marked(generator, loaderOf(call, a, pictures, asTensor(y, call), null)) : y;
};

const flowFromDirectory = (generator: Namespace, call: Call): Value => {
  const a = new Arguments(call, 'directory target_size color_mode classes class_mode batch_size shuffle');
  const folder: Folder = {
    root: a.string('directory', ''),
    size: numbersOf(a.value('target_size') ?? none) ?? [256, 256],
    grey: a.string('color_mode', 'rgb') === 'grayscale',
    labels: a.string('class_mode', 'categorical'),
  };
  for (const name of ['classes', 'subset']) if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  if (folder.root === '') a.reject('directory', 'The folder of these pictures could not be read');
  const bad = failure(a);
  if (bad) return bad;
  const { pictures, targets, labels } = folderRows(call, folder);
  const changed = generated(generator, pictures, call);
  if (changed.kind !== 'array') return changed;
  return targets.kind === 'array' ? marked(generator, loaderOf(call, a, changed, targets, labels)) : targets;
};

/** Methods of ImageDataGenerator. */
export const pictureGeneratorMethods: MethodTable<Namespace> = {
  fit: () => none,
  flow,
  flow_from_directory: flowFromDirectory,
  flow_from_dataframe: (_generator, call) => unreadable('Pictures named in a table are not read', call.range),
  standardize: () => unknown,
};

const generator: Handler = (call) => ({
  kind: 'namespace',
  entries: new Map<string, Value>([['__kerasPictures', stringValue('')]]),
  missing: '`%` of this generator is not read',
  call,
});

/** Pictures from folders and generators of batches. */
export const kerasPictureTable: FunctionTable = {
  'keras.utils.image_dataset_from_directory': fromDirectory,
  'keras.preprocessing.image_dataset_from_directory': fromDirectory,
  'keras.preprocessing.image.ImageDataGenerator': generator,
  'keras.src.legacy.preprocessing.image.ImageDataGenerator': generator,
  'keras.legacy.preprocessing.image.ImageDataGenerator': generator,
  'keras_preprocessing.image.ImageDataGenerator': generator,
};
