import type { PictureChange } from '../../../records/dataSources';
import { Arguments, numbersOf, type Call, type Handler } from '../../interpret/call';
import { axisSize, dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { randomPicture } from './noise';

/** Where a part of an axis begins, and its length; before the axis and behind it are zeros. */
interface Part {
  readonly from: number;
  readonly length: number;
}

/** Pictures that a frame of zeros was put around: with the frame cut off again they are what they were. */
const framed = new WeakMap<DataArray, { readonly of: DataArray; readonly margins: readonly [number, number] }>();

/** The pictures [n, height, width, channels] that a call is about, with their known height and width. */
function picturesOf(a: Arguments, name: string): { readonly x: DataArray; readonly size: readonly [number, number] } | Value {
  const x = a.value(name) ?? none;
  if (x.kind !== 'array') return x.kind === 'unknown' ? x : unreadable('These pictures could not be read', a.call.range);
  const [, height, width] = x.shape ?? [];
  if (x.shape?.length !== 4 || typeof height !== 'number' || typeof width !== 'number')
    return unreadable('Height and width of these pictures are not known here', a.call.range);
  return { x, size: [height, width] };
}

/** One axis of the pictures cut or widened. */
function along(x: DataArray, axis: 1 | 2, { from, length }: Part, call: Call): DataArray {
  const m = call.machine;
  // These axes are within each row.
  const { fault } = x;
  const shape = x.shape ?? [];
  const size = shape[axis] as number;
  const resized = (to: number): DataArray['shape'] => shape.map((s, i) => (i === axis ? to : s));
  const [start, end] = [Math.max(0, from), Math.min(size, from + length)];
  const settings = { axis, start, end, step: 1 };
  const inner =
    end - start === size ? x : dataStep(m, 'slice', settings, [x], call.range, { shape: resized(end - start), fault });
  if (inner.shape?.[axis] === length) return inner;
  const zeros = (count: number): DataArray[] => {
    const sizes = shape.map((_, i) => (i === axis ? count : axisSize(m, x, i)));
    return count > 0
      ? [dataStep(m, 'filled', { shape: sizes, value: 0 }, [], call.range, { shape: sizes, row: x.row, fault })]
      : [];
  };
  const parts = [...zeros(start - from), inner, ...zeros(from + length - end)];
  return dataStep(m, 'concatenate', { axis }, parts, call.range, { shape: resized(length), integer: x.integer, fault });
}

/** Height and width cut or widened. */
function framedTo(x: DataArray, [down, across]: readonly [Part, Part], call: Call): DataArray {
  const before = framed.get(x);
  const [, height, width] = before?.of.shape ?? [];
  if (before && down.from === before.margins[0] && across.from === before.margins[1])
    if (down.length === height && across.length === width) return before.of;
  const made = along(along(x, 1, down, call), 2, across, call);
  if (down.from <= 0 && across.from <= 0) framed.set(made, { of: x, margins: [-down.from, -across.from] });
  return made;
}

/** The middle part of `length` entries of an axis of `size`, as TensorFlow rounds it. */
const middle = (size: number, length: number): Part => ({
  from: length > size ? -Math.floor((length - size) / 2) : Math.floor((size - length) / 2),
  length,
});

/** `tf.image.resize_with_crop_or_pad(image, height, width)`: the middle, with zeros around where that is larger. */
const cropOrPad: Handler = (call) => {
  const a = new Arguments(call, 'image target_height target_width');
  const pictures = picturesOf(a, 'image');
  const [height, width] = [a.number('target_height'), a.number('target_width')];
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (!('x' in pictures)) return pictures;
  return framedTo(pictures.x, [middle(pictures.size[0], height), middle(pictures.size[1], width)], call);
};

/** `tf.image.pad_to_bounding_box` and `crop_to_bounding_box`. */
const boundingBox =
  (sign: 1 | -1): Handler =>
  (call) => {
    const a = new Arguments(call, 'image offset_height offset_width target_height target_width');
    const pictures = picturesOf(a, 'image');
    const numbers = ['offset_height', 'offset_width', 'target_height', 'target_width'].map((name) => a.number(name));
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    if (!('x' in pictures)) return pictures;
    const [down = 0, across = 0, height = 0, width = 0] = numbers;
    return framedTo(
      pictures.x,
      [
        { from: sign * down, length: height },
        { from: sign * across, length: width },
      ],
      call,
    );
  };

/** `tf.image.random_crop(image, size)`: the middle one, each time. */
const randomCrop: Handler = (call) => {
  const a = new Arguments(call, 'value size seed');
  const pictures = picturesOf(a, 'value');
  const size = numbersOf(a.value('size') ?? none);
  const [height, width] = (size?.length === 4 ? size.slice(1) : size) ?? [];
  if (!('x' in pictures)) return pictures;
  if (height === undefined || width === undefined) return unreadable('The size of these crops could not be read', call.range);
  const cut = framedTo(pictures.x, [middle(pictures.size[0], height), middle(pictures.size[1], width)], call);
  const [value] = call.positional;
  return randomPicture(value ? { ...call, positional: [{ ...value, value: cut }] } : call);
};

/** `tf.image.resize(images, size)` of pictures of bytes, bilinear. */
const resize: Handler = (call) => {
  const a = new Arguments(call, 'images size method preserve_aspect_ratio antialias');
  const pictures = picturesOf(a, 'images');
  const size = numbersOf(a.value('size') ?? none);
  if (!('x' in pictures)) return pictures;
  if (size?.length !== 2) return unreadable('The size of these pictures could not be read', call.range);
  if (a.given('method') || a.given('preserve_aspect_ratio')) return unreadable('This way to resize is not followed', call.range);
  if (pictures.x.integer !== true) return unreadable('Pictures of fractions that are resized are not read', call.range);
  const m = call.machine;
  m.assume('Pictures are resized with Pillow’s bilinear filter, which differs a little from TensorFlow’s own', call.range);
  const changes: PictureChange[] = [{ kind: 'resize', size }];
  const [rows = null, , , channels = null] = pictures.x.shape ?? [];
  const shape = [rows, ...size, channels];
  const made = dataStep(m, 'changePictures', { changes }, [pictures.x], call.range, {
    shape,
    integer: true,
    fault: pictures.x.fault,
  });
  return dataStep(m, 'cast', { to: 'float' }, [made], call.range, { integer: false, fault: made.fault });
};

/** Functions of `tf.image` that change the size of pictures. */
export const kerasPictureSizes: FunctionTable = {
  'tensorflow.image.resize_with_crop_or_pad': cropOrPad,
  'tensorflow.image.resize_image_with_crop_or_pad': cropOrPad,
  'tensorflow.image.pad_to_bounding_box': boundingBox(-1),
  'tensorflow.image.crop_to_bounding_box': boundingBox(1),
  'tensorflow.image.random_crop': randomCrop,
  'tensorflow.image.resize': resize,
};
