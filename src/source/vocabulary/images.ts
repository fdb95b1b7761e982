import { Arguments, numbersOf, plainCall, type Call, type Handler } from '../interpret/call';
import { callValue } from '../interpret/calls';
import { dataStep, partOf } from '../interpret/tensors';
import type { Array as DataArray, Dataset } from '../values/dataValues';
import { listValue, none, stringValue, unknown, unreadable, type Value } from '../values/value';
import type { FunctionTable, MethodTable } from './functionTable';

/** A transform as a value: its name and what it was made with. */
const transform =
  (name: string, names: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const kept = names.split(' ').map((n): [string, Value] => [n, a.value(n) ?? none]);
    return {
      kind: 'namespace',
      entries: new Map<string, Value>([['__transform', stringValue(name)], ...kept]),
      missing: '`%` of a transform is not read',
    };
  };

/** What a data set's `transform` makes of its images; null when a part of it is not known. */
function transformed(images: DataArray, value: Value, call: Call): Value {
  if (value.kind === 'function') return callValue(call.machine, value, plainCall(call, [images]));
  if (value.kind === 'container')
    return value.items.reduce<Value>((x, item) => (x.kind === 'array' ? transformed(x, item.value, call) : x), images);
  const name = value.kind === 'namespace' ? value.entries.get('__transform') : null;
  if (value.kind !== 'namespace' || name?.kind !== 'string') return unreadable('This transform is not read', call.range);
  const m = call.machine;
  const scalar = (number: number): DataArray =>
    dataStep(m, 'literal', { shape: [], values: [number], integer: false }, [], call.range, { shape: [], row: false });
  switch (name.value) {
    case 'Compose': {
      const list = value.entries.get('transforms');
      if (list?.kind !== 'list') return unreadable('These transforms could not be read', call.range);
      return list.items.reduce<Value>((x, item) => (x.kind === 'array' ? transformed(x, item, call) : x), images);
    }
    case 'ToTensor': {
      const scaled = dataStep(m, 'divide', {}, [images, scalar(255)], call.range, { integer: false, flavour: 'torch' });
      const [rows, ...rest] = images.shape ?? [null, 28, 28];
      return dataStep(m, 'unsqueeze', { axis: 1 }, [scaled], call.range, { shape: [rows ?? null, 1, ...rest] });
    }
    case 'Normalize': {
      const [mean] = numbersOf(value.entries.get('mean') ?? none) ?? [];
      const [deviation] = numbersOf(value.entries.get('std') ?? none) ?? [];
      if (mean === undefined || deviation === undefined)
        return unreadable('The numbers of this normalisation could not be read', call.range);
      const centred = dataStep(m, 'subtract', {}, [images, scalar(mean)], call.range);
      return dataStep(m, 'divide', {}, [centred, scalar(deviation)], call.range);
    }
    case 'Lambda': {
      const callee = value.entries.get('lambd') ?? unknown;
      return callValue(m, callee, plainCall(call, [images]));
    }
    case 'ConvertImageDtype':
    case 'ToDtype':
      return images;
    default:
      return unreadable(`The transform ${name.value} is not read`, call.range);
  }
}

const idx =
  (dataset: 'MNIST' | 'FashionMNIST' | 'KMNIST'): Handler =>
  (call) => {
    const a = new Arguments(call, 'root train transform target_transform download');
    const root = a.value('root');
    if (root?.kind !== 'string')
      return root?.kind === 'unknown' && root.reason
        ? root
        : unreadable('The folder of this data set could not be read', call.range);
    const train = a.boolean('train', true);
    if (a.given('target_transform')) return unreadable('A transform of the targets is not read', call.range);
    const m = call.machine;
    const whole = dataStep(m, 'readIdx', { root: root.value, dataset, train }, [], call.range, { flavour: 'torch' });
    const images = partOf(m, whole, 0, call.range, { flavour: 'torch', shape: [null, 28, 28], integer: true });
    const labels = partOf(m, whole, 1, call.range, { flavour: 'torch', shape: [null], integer: true });
    const given = a.value('transform');
    const inputs = given && given.kind !== 'none' ? transformed({ ...images, row: true }, given, call) : null;
    const attributes = new Map<string, Value>([
      ['data', images],
      ['targets', labels],
      ['train_data', images],
      ['train_labels', labels],
      ['test_data', images],
      ['test_labels', labels],
      ['classes', listValue(Array.from({ length: 10 }, (): Value => unknown))],
    ]);
    const fault = { text: 'Images without ToTensor cannot be put into batches', range: call.range };
    const rows =
      inputs === null
        ? { ...images, fault }
        : inputs.kind === 'array'
          ? { ...inputs, row: false }
          : { ...images, fault: inputs.kind === 'unknown' && inputs.reason ? inputs.reason : fault };
    const made: Dataset = { kind: 'dataset', components: [rows, labels], range: call.range, bare: false, attributes };
    return made;
  };

const refused =
  (name: string): Handler =>
  (call) =>
    unreadable(`The data set ${name} is not read`, call.range);

const transforms: Readonly<Record<string, string>> = {
  Compose: 'transforms',
  ToTensor: '',
  Normalize: 'mean std',
  Lambda: 'lambd',
  ConvertImageDtype: 'dtype',
  ToDtype: 'dtype',
  Resize: 'size',
  Grayscale: 'num_output_channels',
  CenterCrop: 'size',
  RandomCrop: 'size',
  RandomHorizontalFlip: 'p',
  RandomRotation: 'degrees',
  RandomAffine: 'degrees',
  RandomResizedCrop: 'size',
  ColorJitter: 'brightness',
};

/** torchvision's data sets in idx form, and its transforms. */
export const imageTable: FunctionTable = {
  ...Object.fromEntries(
    (['MNIST', 'FashionMNIST', 'KMNIST'] as const).map((name) => [`torchvision.datasets.${name}`, idx(name)]),
  ),
  ...Object.fromEntries(
    ['CIFAR10', 'CIFAR100', 'SVHN', 'EMNIST', 'ImageFolder', 'ImageNet', 'STL10', 'FakeData'].map((name) => [
      `torchvision.datasets.${name}`,
      refused(name),
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(transforms).flatMap(([name, names]): [string, Handler][] => [
      [`torchvision.transforms.${name}`, transform(name, names)],
      [`torchvision.transforms.v2.${name}`, transform(name, names)],
      [`torchvision.transforms.transforms.${name}`, transform(name, names)],
    ]),
  ),
};

/** Methods of datasets. */
export const datasetMethods: MethodTable<Dataset> = { __len__: () => unknown };
