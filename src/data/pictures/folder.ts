import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import type { PictureChange } from '../../records/dataSources';
import type { Bound } from '../files/csv';
import type { Parsed } from '../files/access';
import { cancelled, fault, listNames, type Outcome } from '../fault';
import { fittingRate, sampleRows } from '../sampling';
import { fileName } from '../values';
import { changedPicture } from './changes';
import { decodePicture, pictureEndings } from './decode';
import { pictureShape, type Picture } from './picture';

/** A folder of pictures with one folder for each class. */
export interface PictureList {
  /** Names of the classes, sorted. */
  readonly classes: readonly string[];
  readonly files: readonly { readonly path: string; readonly label: number }[];
}

/** The pictures of a folder, decoded to one size. */
export interface ParsedPictures extends Parsed {
  /** [pictures, height, width, channels], or without channels when there is one. */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly labels: Int32Array;
  readonly rows: Int32Array;
  readonly notes: readonly string[];
}

/** Lists the pictures under `root`: classes by name, in each class the files by name, deeper folders included. */
export async function listPictures(root: string): Promise<Outcome<PictureList>> {
  const entries = await readdir(root, { withFileTypes: true });
  const classes = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort(byCodePoint);
  if (classes.length === 0)
    return fault(`${fileName(root)} has no folder for each class. Put the pictures of each class into a folder of its own.`, {
      file: { path: root },
    });
  const files: { path: string; label: number }[] = [];
  for (const [label, name] of classes.entries()) {
    const paths = await picturesUnder(join(root, name));
    if (paths.length === 0)
      return fault(`The folder ${name} has no pictures; remove it or fill it.`, { file: { path: join(root, name) } });
    files.push(...paths.map((path) => ({ path, label })));
  }
  return ok({ classes, files });
}

/** Reads the listed pictures; beyond the bound on memory some are left out at random. */
export async function readPictures(
  list: PictureList,
  changes: readonly PictureChange[],
  bound: Bound,
  cancel: CancelToken,
): Promise<Outcome<ParsedPictures>> {
  const first = await changedFile(list.files[0]?.path ?? '', changes);
  if (!first.ok) return first;
  const shape = pictureShape(first.value);
  const width = first.value.values.length;
  const count = list.files.length;
  const rate = Math.min(bound.rate, fittingRate(count, width * 4, bound.maximumBytes));
  const rows = sampleRows(count, rate, bound.seed);
  const values = new Float32Array(rows.length * width);
  const labels = new Int32Array(rows.length);
  for (const [at, row] of rows.entries()) {
    if (cancel.cancelled) return cancelled();
    const file = list.files[row] as PictureList['files'][number];
    const picture = row === 0 ? first : await changedFile(file.path, changes);
    if (!picture.ok) return picture;
    if (pictureShape(picture.value).join() !== shape.join()) return differs(file.path, picture.value, first.value);
    values.set(picture.value.values, at * width);
    labels[at] = file.label;
  }
  const notes = [`The pictures' classes are ${listNames(list.classes)}`];
  const kept = rows.length === count ? 1 : rate;
  return ok({ shape: [rows.length, ...shape], values, labels, rows, ofRows: count, kept, notes, bytes: values.byteLength });
}

async function changedFile(path: string, changes: readonly PictureChange[]): Promise<Outcome<Picture>> {
  const picture = await decodePicture(path);
  return picture.ok ? ok(changedPicture(picture.value, changes)) : picture;
}

function differs(path: string, picture: Picture, first: Picture): Outcome<never> {
  const sizes = `${picture.width} x ${picture.height}, the first is ${first.width} x ${first.height}`;
  return fault(`${fileName(path)} is ${sizes}; pictures of one batch need one size. Resize them in the transform.`, {
    file: { path },
  });
}

async function picturesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile() && pictureEndings.has(extname(entry.name).toLowerCase()));
  const paths = names.map(({ name }) => name).sort(byCodePoint);
  const deeper = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  const found = paths.map((name) => join(folder, name));
  for (const name of deeper.sort(byCodePoint)) found.push(...(await picturesUnder(join(folder, name))));
  return found;
}

/** Python sorts text by code points, whatever the language of the machine. */
const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
