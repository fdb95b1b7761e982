import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import { cancelled, fault, type Outcome } from '../fault';
import { fileName } from '../values';

const chunkBytes = 1 << 20;

/**
 * Reads a file from its start and gives each piece to `take` until that answers false; `.gz` files
 * are unpacked on the way. A piece is only valid during the call.
 */
export async function readChunks(path: string, cancel: CancelToken, take: (chunk: Buffer) => boolean): Promise<Outcome<void>> {
  const file = createReadStream(path, { highWaterMark: chunkBytes });
  const packed = /\.gz$/i.test(path);
  const stream: Readable = packed ? file.pipe(createGunzip({ chunkSize: chunkBytes })) : file;
  // `pipe` does not carry errors over: an unreadable file must end the unpacking too.
  if (packed) file.on('error', (error) => stream.destroy(error));
  try {
    for await (const chunk of stream) {
      if (cancel.cancelled) return cancelled();
      if (!take(chunk as Buffer)) break;
    }
    return ok(undefined);
  } catch (error) {
    return unreadable(path, error);
  } finally {
    stream.destroy();
    file.destroy();
  }
}

/** The fault for a file that the system or the unpacker refuses. */
export function unreadable(path: string, error: unknown): Outcome<never> {
  if (error instanceof Error && 'code' in error && error.code === 'EISDIR')
    return fault(`${fileName(path)} is a folder where a file is needed; name the file in it.`, { file: { path } });
  // A parser that was led astray by a broken file says what it stumbled over, which tells a person nothing.
  const stumbled = error instanceof TypeError || error instanceof RangeError;
  const reason = stumbled ? 'its content is broken or cut off' : error instanceof Error ? error.message : String(error);
  return fault(`${fileName(path)} could not be read (${reason}); check the file and its permissions.`, { file: { path } });
}
