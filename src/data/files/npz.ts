import { Unzip, UnzipInflate } from 'fflate';
import type { CancelToken } from '../../base/cancel';
import { fault, listNames, type Outcome } from '../fault';
import { fileName } from '../values';
import { readChunks, unreadable } from './bytes';
import type { Bound } from './csv';
import { NpyReader } from './npy';
import type { ParsedNumbers } from './text';

/** Reads the array `key` of an npz archive (a zip of npy files), without unpacking the others. */
export async function readNpz(path: string, key: string, bound: Bound, cancel: CancelToken): Promise<Outcome<ParsedNumbers>> {
  const reader = new NpyReader(path, bound);
  const names: string[] = [];
  const state: { found: boolean; done: boolean; failed: Error | null } = { found: false, done: false, failed: null };
  const archive = new Unzip((entry) => {
    const name = entry.name.replace(/\.npy$/, '');
    names.push(name);
    if (name !== key) return;
    state.found = true;
    entry.ondata = (error, chunk, final) => {
      if (error) state.failed = error;
      else if (!reader.push(chunk) || final) state.done = true;
    };
    entry.start();
  });
  archive.register(UnzipInflate);
  const read = await readChunks(path, cancel, (chunk) => {
    try {
      // The unpacker may keep parts of what it is given; a stream's buffers are used again.
      archive.push(new Uint8Array(chunk));
    } catch (error) {
      state.failed = error instanceof Error ? error : new Error(String(error));
    }
    return !state.done && !state.failed;
  });
  if (!read.ok) return read;
  if (state.failed) return unreadable(path, state.failed);
  if (state.found) return reader.finish();
  const text = names.length > 0 ? `has no array '${key}'; its arrays are ${listNames(names)}` : 'is no npz archive';
  return fault(`${fileName(path)} ${text}.`, { file: { path } });
}
