import type { PictureChange } from '../../../records/dataSources';
import type { SourceRange } from '../../../records/source';
import { Arguments, numbersOf, plainCall, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, stringValue, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Parameters of torchvision's transforms, in positional order. */
const parameters: Readonly<Record<string, string>> = {
  Compose: 'transforms',
  ToTensor: '',
  PILToTensor: '',
  ToImage: '',
  ToPureTensor: '',
  ToDtype: 'dtype scale',
  ConvertImageDtype: 'dtype',
  Normalize: 'mean std',
  Lambda: 'lambd',
  Resize: 'size interpolation max_size antialias',
  CenterCrop: 'size',
  Grayscale: 'num_output_channels',
  Pad: 'padding fill padding_mode',
  RandomCrop: 'size padding',
  RandomResizedCrop: 'size scale ratio',
};

/** Changes by chance that make more of the same pictures: the run goes without them, and says so. */
const augmentations: readonly string[] = [
  'RandomHorizontalFlip',
  'RandomVerticalFlip',
  'RandomRotation',
  'RandomAffine',
  'RandomPerspective',
  'RandomErasing',
  'RandomGrayscale',
  'RandomApply',
  'RandomInvert',
  'RandomAutocontrast',
  'RandomAdjustSharpness',
  'RandomEqualize',
  'RandomPosterize',
  'RandomSolarize',
  'ColorJitter',
  'GaussianBlur',
  'ElasticTransform',
  'AutoAugment',
  'RandAugment',
  'TrivialAugmentWide',
  'AugMix',
];

/** A transform as a value: its name and what it was made with. */
const transform =
  (name: string): Handler =>
  (call) => {
    const names = parameters[name] ?? '';
    const a = new Arguments(call, names);
    const kept = names.split(' ').map((n): [string, Value] => [n, a.value(n) ?? none]);
    return {
      kind: 'namespace',
      entries: new Map<string, Value>([['__transform', stringValue(name)], ...kept]),
      missing: '`%` of a transform is not read',
    };
  };

const nameOf = (value: Value): string | null => {
  const name = value.kind === 'namespace' ? value.entries.get('__transform') : null;
  return name?.kind === 'string' ? name.value : null;
};

const partOf = (value: Value, name: string): Value => (value.kind === 'namespace' ? value.entries.get(name) : null) ?? none;

/** The single transforms that a `transform=` argument is made of; null when one list could not be read. */
function flattened(value: Value): Value[] | null {
  if (value.kind === 'none') return [];
  if (value.kind === 'container') return flattenedList(value.items.map((item) => item.value));
  if (nameOf(value) !== 'Compose') return [value];
  const list = partOf(value, 'transforms');
  return list.kind === 'list' ? flattenedList(list.items) : null;
}

function flattenedList(values: readonly Value[]): Value[] | null {
  const parts = values.map(flattened);
  return parts.includes(null) ? null : parts.flatMap((part) => part ?? []);
}

/** A `transform=` argument, parted into what happens to the picture itself and what follows. */
export interface PictureTransforms {
  /** Leading changes of the picture's size and colours. */
  readonly changes: readonly PictureChange[];
  readonly rest: readonly Value[];
}

/** Parts the transforms of pictures of unknown size, which must be resized while they are read. */
export function pictureTransforms(value: Value, call: Call): PictureTransforms | Value {
  const all = flattened(value);
  if (!all) return unreadable('These transforms could not be read', call.range);
  const changes: PictureChange[] = [];
  for (const [at, item] of all.entries()) {
    const change = pictureChange(item, call);
    if (change === null) return { changes, rest: all.slice(at) };
    if ('kind' in change) return change;
    changes.push(...change.changes);
  }
  return { changes, rest: [] };
}

/** What a transform does to the picture; null when it is of another sort; a value when it cannot be read. */
function pictureChange(value: Value, call: Call): { readonly changes: readonly PictureChange[] } | Value | null {
  const name = nameOf(value);
  if (name === null) return null;
  if (augmentations.includes(name)) return leftOut(name, [], call);
  const size = numbersOf(partOf(value, 'size'));
  const unclear = (): Value => unreadable(`The size of ${name} could not be read`, call.range);
  switch (name) {
    case 'Resize': {
      const way = partOf(value, 'interpolation');
      if (way.kind !== 'none' && !(way.kind === 'number' && way.value === 2))
        return unreadable('Only bilinear resizing is read', call.range);
      return size ? { changes: [{ kind: 'resize', size }] } : unclear();
    }
    case 'CenterCrop':
      return size ? { changes: [{ kind: 'centerCrop', size }] } : unclear();
    case 'RandomCrop':
      return size ? leftOut(name, [{ kind: 'centerCrop', size }], call) : unclear();
    case 'RandomResizedCrop': {
      const [height = 0, width = height] = size ?? [];
      return size ? leftOut(name, [{ kind: 'resize', size: [height, width] }], call) : unclear();
    }
    case 'Grayscale': {
      const channels = partOf(value, 'num_output_channels');
      return { changes: [{ kind: 'grayscale', channels: channels.kind === 'number' && channels.value === 3 ? 3 : 1 }] };
    }
    default:
      return null;
  }
}

function leftOut(name: string, changes: readonly PictureChange[], call: Call): { readonly changes: readonly PictureChange[] } {
  call.machine.assume(`${name} is left out: the run sees the pictures without changes by chance`, call.range);
  return { changes };
}

/** What a `transform=` argument makes of pictures; not an array when a part of it is not known. */
export function transformed(pictures: DataArray, value: Value, call: Call): Value {
  const all = flattened(value);
  if (!all) return unreadable('These transforms could not be read', call.range);
  return all.reduce<Value>((x, item) => (x.kind === 'array' ? transformedOnce(x, item, call) : x), pictures);
}

/** Applies the transforms one after the other. */
export const transformedBy = (pictures: DataArray, transforms: readonly Value[], call: Call): Value =>
  transforms.reduce<Value>((x, item) => (x.kind === 'array' ? transformed(x, item, call) : x), pictures);

function transformedOnce(images: DataArray, value: Value, call: Call): Value {
  const m = call.machine;
  if (value.kind === 'function') return callValue(m, value, plainCall(call, [images]));
  const name = nameOf(value);
  if (name === null) return unreadable('This transform is not read', call.range);
  if (name === 'Pad') return padded(images, value, call);
  const change = pictureChange(value, call);
  if (change && 'kind' in change) return change;
  if (change) return changedPictures(images, change.changes, call);
  switch (name) {
    case 'ToTensor':
      return scaledToOne(channelsFirst(images, call), call.range, call);
    case 'PILToTensor':
    case 'ToImage':
      return channelsFirst(images, call);
    case 'ToPureTensor':
      return images;
    case 'ConvertImageDtype':
      return scaledToOne(images, call.range, call);
    case 'ToDtype': {
      const scale = partOf(value, 'scale');
      if (scale.kind === 'boolean' && scale.value) return scaledToOne(images, call.range, call);
      return dataStep(m, 'cast', { to: 'float' }, [images], call.range, { integer: false });
    }
    case 'Normalize':
      return normalised(images, value, call);
    case 'Lambda':
      return callValue(m, partOf(value, 'lambd'), plainCall(call, [images]));
    default:
      return unreadable(`The transform ${name} is not read`, call.range);
  }
}

/** A transform that is called as a function: on a picture, or on a sample when the script's own transforms take one. */
export function calledTransform(value: Value, call: Call): Value | null {
  if (nameOf(value) === null) return null;
  const given = call.positional[0]?.value ?? none;
  const all = flattened(value);
  if (!all) return unreadable('These transforms could not be read', call.range);
  return all.reduce<Value>((x, item) => {
    if (item.kind === 'instance' || item.kind === 'function') return callValue(call.machine, item, plainCall(call, [x]));
    return x.kind === 'array' ? transformedOnce(x, item, call) : unreadable('This transform is not read', call.range);
  }, given);
}

/** Black around each picture, alike on opposite sides: the middle part of a larger size. */
function padded(images: DataArray, value: Value, call: Call): Value {
  const padding = partOf(value, 'padding');
  const given = padding.kind === 'number' ? [padding.value] : numbersOf(padding);
  const [fill, mode] = [partOf(value, 'fill'), partOf(value, 'padding_mode')];
  const black = (fill.kind === 'none' || (fill.kind === 'number' && fill.value === 0)) && mode.kind === 'none';
  const [, height, width] = images.shape ?? [];
  if (!given || given.length === 0 || given.length > 2 || !black || typeof height !== 'number' || typeof width !== 'number')
    return unreadable('This padding of pictures is not read', call.range);
  const [across = 0, down = across] = given;
  return changedPictures(images, [{ kind: 'centerCrop', size: [height + 2 * down, width + 2 * across] }], call);
}

function changedPictures(images: DataArray, changes: readonly PictureChange[], call: Call): Value {
  if (changes.length === 0) return images;
  if (images.integer === false) return unreadable('Changes of the picture after ToTensor are not read', call.range);
  const [rows = null] = images.shape ?? [];
  const shape = [rows, ...changedShape(images.shape?.slice(1) ?? [null, null], changes)];
  return dataStep(call.machine, 'changePictures', { changes }, [images], call.range, { shape, fault: images.fault });
}

type Sizes = readonly (DataArray['shape'] extends readonly (infer S)[] | null ? S : never)[];

/** The shape of one picture, [height, width] or [height, width, channels], after the changes. */
export function changedShape(shape: Sizes, changes: readonly PictureChange[]): Sizes {
  return changes.reduce<Sizes>((sizes, change) => {
    const [height = null, width = null, ...channels] = sizes;
    if (change.kind === 'grayscale') return change.channels === 1 ? [height, width] : [height, width, 3];
    const [first = null, second] = change.size;
    if (second !== undefined) return [first, second, ...channels];
    if (change.kind === 'centerCrop' || (height !== null && height === width)) return [first, first, ...channels];
    return [null, null, ...channels];
  }, shape);
}

/** Channels before height and width, as tensors have them. */
function channelsFirst(images: DataArray, call: Call): DataArray {
  const [rows = null, height = null, width = null, channels] = images.shape ?? [null, 28, 28];
  const { fault } = images;
  if (channels === undefined)
    return dataStep(call.machine, 'unsqueeze', { axis: 1 }, [images], call.range, {
      shape: [rows, 1, height, width],
      flavour: 'torch',
    });
  const shape = [rows, channels, height, width];
  return dataStep(call.machine, 'transpose', { order: [0, 3, 1, 2] }, [images], call.range, { shape, fault, flavour: 'torch' });
}

/** Bytes become 0…1; floats stay. */
function scaledToOne(images: DataArray, range: SourceRange, call: Call): DataArray {
  if (images.integer === false) return images;
  return dataStep(call.machine, 'divide', {}, [images, numbers([255], [], call)], range, { integer: false, flavour: 'torch' });
}

/** The same change for every channel, or one for each. */
function normalised(images: DataArray, value: Value, call: Call): Value {
  const means = numbersOf(partOf(value, 'mean'));
  const deviations = numbersOf(partOf(value, 'std'));
  if (!means?.length || !deviations?.length) return unreadable('The numbers of this normalisation could not be read', call.range);
  const given = (list: readonly number[]): DataArray => numbers(list, list.length > 1 ? [list.length, 1, 1] : [], call);
  const { shape } = images;
  const channels = shape?.[1];
  for (const list of [means, deviations])
    if (list.length > 1 && typeof channels === 'number' && channels !== 1 && list.length !== channels)
      return unreadable(`Normalize has ${list.length} numbers, the pictures ${channels} channels`, call.range);
  const centred = dataStep(call.machine, 'subtract', {}, [images, given(means)], call.range, { shape });
  return dataStep(call.machine, 'divide', {}, [centred, given(deviations)], call.range, { shape });
}

const numbers = (values: readonly number[], shape: readonly number[], call: Call): DataArray =>
  dataStep(call.machine, 'literal', { shape, values, integer: false }, [], call.range, { shape, row: false });

/** torchvision's transforms, under each of their modules. */
export const transformTable: FunctionTable = Object.fromEntries(
  [...Object.keys(parameters), ...augmentations].flatMap((name): [string, Handler][] =>
    ['', 'v2.', 'transforms.'].map((module) => [`torchvision.transforms.${module}${name}`, transform(name)]),
  ),
);
