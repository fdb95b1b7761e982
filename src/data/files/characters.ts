import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import { fault, type Outcome } from '../fault';
import { fileName } from '../values';
import { readChunks } from './bytes';
import type { ParsedNumbers } from './text';

/** What of the surroundings reading a text takes. */
interface Limits {
  readonly maximumBytes: number;
  readonly cancel: CancelToken;
}

/** The code points of a UTF-8 text, line ends as `\n`; `lower`: of its small letters. A text is read whole or not at all. */
export async function readCharacters(
  path: string,
  lower: boolean,
  { maximumBytes, cancel }: Limits,
): Promise<Outcome<ParsedNumbers>> {
  const decoder = new TextDecoder('utf-8');
  const pieces: string[] = [];
  let bytes = 0;
  const read = await readChunks(path, cancel, (chunk) => {
    bytes += chunk.length;
    pieces.push(decoder.decode(chunk, { stream: true }));
    return bytes * 4 <= maximumBytes;
  });
  if (!read.ok) return read;
  if (bytes * 4 > maximumBytes) return fault(`${fileName(path)} is a text too large to be kept in memory.`, { file: { path } });
  const text = (pieces.join('') + decoder.decode()).replace(/\r\n?/g, '\n');
  const points = Array.from(lower ? text.toLowerCase() : text, (character) => character.codePointAt(0) ?? 0);
  const values = Int32Array.from(points);
  const rows = Int32Array.from({ length: points.length }, (_, i) => i);
  return ok({ shape: [points.length], values, rows, ofRows: points.length, kept: 1, notes: [], bytes: values.byteLength });
}
