import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';
import { ok } from '../../base/result';
import { fault, type Outcome } from '../fault';
import { unreadable } from '../files/bytes';
import { fileName } from '../values';
import type { Picture } from './picture';

/** Endings of the files that torchvision and Keras take for pictures. */
export const pictureEndings: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.png',
  '.ppm',
  '.bmp',
  '.pgm',
  '.tif',
  '.tiff',
  '.webp',
  '.gif',
]);

/** Reads a png or jpg file as red, green and blue; transparency is left out, as Pillow's `convert('RGB')` does. */
export async function decodePicture(path: string): Promise<Outcome<Picture>> {
  const kind = extname(path).toLowerCase();
  if (kind !== '.png' && kind !== '.jpg' && kind !== '.jpeg')
    return fault(`${fileName(path)} is a picture in a form that is not read; png and jpg are. Convert it.`, { file: { path } });
  try {
    const bytes = await readFile(path);
    const isPng = bytes[0] === 0x89 && bytes[1] === 0x50;
    const { width, height, data } = isPng
      ? PNG.sync.read(bytes)
      : decodeJpeg(bytes, { useTArray: true, maxMemoryUsageInMB: 512, maxResolutionInMP: 200 });
    return ok({ height, width, channels: 3, values: withoutAlpha(data, width * height) });
  } catch (error) {
    return unreadable(path, error);
  }
}

function withoutAlpha(data: Uint8Array, count: number): Uint8Array {
  const out = new Uint8Array(count * 3);
  for (let at = 0; at < count; at++) out.set(data.subarray(at * 4, at * 4 + 3), at * 3);
  return out;
}
