import { join } from 'node:path';
import { fail, ok } from '../../base/result';
import type { Execute, StepContext } from '../context';
import { fault, type Outcome } from '../fault';
import type { Located } from '../files/locate';
import { examine } from '../files/locate';
import { arrayInput } from '../inputs';
import { changedPicture } from '../pictures/changes';
import { readCifar } from '../pictures/cifar';
import { listPictures, readPictures, type ParsedPictures } from '../pictures/folder';
import { pictureShape, type Picture } from '../pictures/picture';
import { arrayOf, lineageOf, showShape, sizeOf, type Value } from '../values';
import { parse } from './sources';

/** torchvision's CIFAR10 and CIFAR100. */
export const executeReadCifar: Execute<'readCifar'> = async (settings, _inputs, context) => {
  const ten = settings.classes === 10;
  const folder = ten ? 'cifar-10-batches-py' : 'cifar-100-python';
  const names = ten ? (settings.train ? [1, 2, 3, 4, 5].map((n) => `data_batch_${n}`) : ['test_batch']) : [];
  const files: Located[] = [];
  for (const name of ten ? names : [settings.train ? 'train' : 'test']) {
    const wanted = join(settings.root, folder, name);
    const file = await context.files.findFirst([wanted], files.length === 0 ? context.assume : () => undefined);
    if (!file) return notThere(`${settings.root}/${folder}/${name}`, context);
    files.push(file);
  }
  const [first] = files;
  if (!first) return notThere(`${settings.root}/${folder}`, context);
  for (const file of files) context.files.note(file);
  const paths = files.map(({ path }) => path);
  const versions = files.map(({ size, modified }) => [size, modified]);
  const parsed = await parse(first, ['cifar', paths, versions], context, (bound) =>
    readCifar(paths, ten ? 'labels' : 'fine_labels', bound, context.cancel),
  );
  return parsed.ok ? ok(partsOf(parsed.value)) : parsed;
};

/** torchvision's ImageFolder and Keras's image_dataset_from_directory: a folder for each class. */
export const executeReadPictures: Execute<'readPictures'> = async (settings, _inputs, context) => {
  const root = await context.files.find(settings.root, context.assume);
  if (!root.ok) return root;
  const { path, isFolder } = root.value;
  if (!isFolder) return fault(`'${settings.root}' is a file; a folder with one folder for each class is needed.`);
  const list = await listPictures(path);
  if (!list.ok) return fail(list.error);
  // A picture that comes or goes changes its folder's time.
  for (const name of list.value.classes) {
    const folder = await examine(join(path, name), null);
    if (folder) context.files.note(folder);
  }
  const { changes } = settings;
  const names = list.value.files.map((file) => file.path);
  const parsed = await parse(root.value, ['pictures', names, changes], context, (bound) =>
    readPictures(list.value, changes, bound, context.cancel),
  );
  return parsed.ok ? ok(partsOf(parsed.value)) : parsed;
};

/** Resizes, crops or greys each picture of an array of bytes. */
export const executeChangePictures: Execute<'changePictures'> = ({ changes }, inputs, context) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const [count = 0, height = 0, width = 0, channels = 1] = value.value.tensor.shape;
  const rank = value.value.tensor.shape.length;
  if (rank !== 3 && rank !== 4)
    return fault(`Pictures have three or four axes; this has the shape ${showShape(value.value.tensor.shape)}.`);
  const size = height * width * channels;
  const change = (row: number): Picture =>
    changedPicture(
      { height, width, channels, values: Uint8Array.from(value.value.tensor.values.subarray(row * size, (row + 1) * size)) },
      changes,
    );
  if (count === 0) return ok(value.value);
  const plain = pictureShape(change(0));
  // An axis of one channel stays where nothing makes the picture grey.
  const keepsAxis = rank === 4 && channels === 1 && changes.every(({ kind }) => kind !== 'grayscale');
  const shape = keepsAxis && plain.length === 2 ? [...plain, 1] : plain;
  const out = new Float32Array(count * sizeOf(shape));
  for (let row = 0; row < count; row++) {
    if (context.cancel.cancelled) return fault('Loading the data was cancelled.');
    out.set(change(row).values, row * sizeOf(shape));
  }
  return ok(arrayOf([count, ...shape], out, lineageOf(value.value)));
};

function partsOf({ shape, values, labels, rows, ofRows, kept }: ParsedPictures): Value {
  const lineage = { rows, ofRows, kept };
  return {
    kind: 'parts',
    parts: [
      arrayOf(shape, values, { ...lineage, pixels: true }),
      arrayOf([labels.length], labels, { ...lineage, pixels: false }),
    ],
  };
}

function notThere(wanted: string, { files }: StepContext): Outcome<never> {
  return fault(
    `'${wanted}' is not there. Looked in ${files.searched}. Download it once with torchvision (download=True), or pick its folder.`,
    { notFound: true, file: { path: wanted } },
  );
}
