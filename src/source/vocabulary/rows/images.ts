import type { DataKind, DataSteps } from '../../../records/dataSteps';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray, Dataset } from '../../values/dataValues';
import { listValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { changedShape, pictureTransforms, transformed, transformedBy, transformTable } from './transforms';

/** The folder that a data set is read from; a value that says why when it is not known. */
function rootOf(a: Arguments): string | Value {
  const root = a.value('root');
  if (root?.kind === 'string') return root.value;
  if (root?.kind === 'unknown' && root.reason) return root;
  return unreadable('The folder of this data set could not be read', a.call.range);
}

/** Pictures and labels of a step with these two parts. */
function picturesOf<K extends DataKind>(
  call: Call,
  kind: K,
  settings: DataSteps[K],
  shape: DataArray['shape'],
  flavour: 'numpy' | 'torch',
): [DataArray, DataArray] {
  const m = call.machine;
  const whole = dataStep(m, kind, settings, [], call.range, { flavour });
  return [
    partOf(m, whole, 0, call.range, { flavour, shape, integer: true }),
    partOf(m, whole, 1, call.range, { flavour, shape: [null], integer: true }),
  ];
}

/** A data set whose rows are pictures after their transforms. */
function pictureDataset(
  call: Call,
  pictures: DataArray,
  labels: DataArray,
  inputs: Value | null,
  attributes: Map<string, Value>,
): Dataset {
  const fault = { text: 'Images without ToTensor cannot be put into batches', range: call.range };
  const rows =
    inputs === null
      ? { ...pictures, fault }
      : inputs.kind === 'array'
        ? { ...inputs, row: false }
        : { ...pictures, fault: inputs.kind === 'unknown' && inputs.reason ? inputs.reason : fault };
  return { kind: 'dataset', components: [rows, labels], range: call.range, bare: false, attributes };
}

const refusedTarget = (a: Arguments): Value | null =>
  a.given('target_transform') ? unreadable('A transform of the targets is not read', a.call.range) : null;

/** A data set of known size whose files torchvision lays out below `root`. */
function stored<K extends DataKind>(
  kind: K,
  settings: (root: string, train: boolean) => DataSteps[K],
  shape: DataArray['shape'],
  classes: number,
): Handler {
  const flavour = shape?.length === 3 ? 'torch' : 'numpy';
  return (call) => {
    const a = new Arguments(call, 'root train transform target_transform download');
    const root = rootOf(a);
    if (typeof root !== 'string') return root;
    const train = a.boolean('train', true);
    const refused = refusedTarget(a) ?? (a.problems[0] ? { kind: 'unknown' as const, reason: a.problems[0] } : null);
    if (refused) return refused;
    const [pictures, labels] = picturesOf(call, kind, settings(root, train), shape, flavour);
    const given = a.value('transform');
    const inputs = given && given.kind !== 'none' ? transformed({ ...pictures, row: true }, given, call) : null;
    const names = ['data', 'train_data', 'test_data'].map((name): [string, Value] => [name, pictures]);
    const targets = ['targets', 'train_labels', 'test_labels'].map((name): [string, Value] => [name, labels]);
    const list = listValue(Array.from({ length: classes }, (): Value => unknown));
    return pictureDataset(call, pictures, labels, inputs, new Map([...names, ...targets, ['classes', list]]));
  };
}

const idx = (dataset: 'MNIST' | 'FashionMNIST' | 'KMNIST'): Handler =>
  stored('readIdx', (root, train) => ({ root, dataset, train }), [null, 28, 28], 10);

const cifar = (classes: 10 | 100): Handler =>
  stored('readCifar', (root, train) => ({ root, classes, train }), [null, 32, 32, 3], classes);

/** A folder of pictures for each class. */
const imageFolder: Handler = (call) => {
  const a = new Arguments(call, 'root transform target_transform');
  const root = rootOf(a);
  if (typeof root !== 'string') return root;
  const refused = refusedTarget(a);
  if (refused) return refused;
  const given = a.value('transform');
  const read = given ? pictureTransforms(given, call) : { changes: [], rest: [] };
  const unclear = 'kind' in read ? read : null;
  const parts = 'kind' in read ? { changes: [], rest: [] } : read;
  const shape = [null, ...changedShape([null, null, 3], parts.changes)];
  const [pictures, labels] = picturesOf(call, 'readPictures', { root, changes: parts.changes }, shape, 'numpy');
  const inputs = unclear ?? (parts.rest.length > 0 ? transformedBy({ ...pictures, row: true }, parts.rest, call) : null);
  const classes: Value = { kind: 'iterator', of: labels, wrap: 'plain', others: [], start: 0 };
  const attributes = new Map<string, Value>([
    ['targets', labels],
    ['classes', classes],
    ['class_to_idx', classes],
  ]);
  return pictureDataset(call, pictures, labels, inputs, attributes);
};

const refused =
  (name: string): Handler =>
  (call) =>
    unreadable(`The data set ${name} is not read`, call.range);

/** torchvision's data sets of pictures, and its transforms. */
export const imageTable: FunctionTable = {
  ...transformTable,
  'torchvision.datasets.MNIST': idx('MNIST'),
  'torchvision.datasets.FashionMNIST': idx('FashionMNIST'),
  'torchvision.datasets.KMNIST': idx('KMNIST'),
  'torchvision.datasets.CIFAR10': cifar(10),
  'torchvision.datasets.CIFAR100': cifar(100),
  'torchvision.datasets.ImageFolder': imageFolder,
  ...Object.fromEntries(
    ['SVHN', 'EMNIST', 'ImageNet', 'STL10', 'FakeData', 'CelebA', 'Flowers102', 'OxfordIIITPet', 'Caltech101'].map((name) => [
      `torchvision.datasets.${name}`,
      refused(name),
    ]),
  ),
};

/** Methods of datasets. */
export const datasetMethods: MethodTable<Dataset> = { __len__: () => unknown };
