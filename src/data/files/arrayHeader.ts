import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { constants, inflateRawSync } from 'node:zlib';

/** What the head of a file in NumPy's form says of its array, without its values. */
export interface ArrayHeader {
  readonly axes: number;
  /** Null for types that are no plain numbers. */
  readonly integer: boolean | null;
}

/** More than any head takes. */
const headBytes = 4_096;
/** Length of the last record of an archive, but for its comment, and of the longest comment. */
const endBytes = 22;
const longestComment = 65_535;

/** The head of an npy file, or of the array `key` in an npz archive; null where there is none. */
export function arrayHeader(path: string, key: string | null): ArrayHeader | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    const { size } = statSync(path);
    return headerOf(key === null ? bytesAt(file, 0, headBytes) : entryHead(file, size, `${key}.npy`));
  } catch {
    return null; // It went away, may not be read, or is damaged.
  } finally {
    if (file !== null) closeSync(file);
  }
}

function headerOf(bytes: Buffer | null): ArrayHeader | null {
  if (!bytes || bytes.length < 12 || bytes.toString('latin1', 0, 6) !== '\x93NUMPY') return null;
  const start = (bytes[6] ?? 0) > 1 ? 12 : 10;
  const length = start === 12 ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8);
  const text = bytes.toString('latin1', start, start + length);
  const shape = /'shape':\s*\(([^)]*)\)/.exec(text)?.[1];
  const type = /'descr':\s*'[<>|=]?([a-z])/i.exec(text)?.[1] ?? '';
  if (shape === undefined) return null;
  const axes = shape.split(',').filter((part) => part.trim() !== '').length;
  return { axes, integer: 'iu'.includes(type) && type !== '' ? true : type === 'f' ? false : null };
}

/** The first bytes of an archive's entry, unpacked. */
function entryHead(file: number, size: number, name: string): Buffer | null {
  const tail = bytesAt(file, Math.max(0, size - endBytes - longestComment), endBytes + longestComment);
  const end = tail.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0) return null;
  const [count, length, start] = [tail.readUInt16LE(end + 10), tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
  const directory = bytesAt(file, start, length);
  for (let at = 0, entry = 0; entry < count && at + 46 <= directory.length; entry++) {
    const nameLength = directory.readUInt16LE(at + 28);
    if (directory.toString('utf8', at + 46, at + 46 + nameLength) === name)
      return unpackedHead(file, directory.readUInt16LE(at + 10), directory.readUInt32LE(at + 42));
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return null;
}

function unpackedHead(file: number, method: number, offset: number): Buffer | null {
  const local = bytesAt(file, offset, 30);
  const start = offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  const packed = bytesAt(file, start, headBytes);
  if (method === 0) return packed;
  // The stream is cut off, which is no fault of it.
  return method === 8 ? inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH }) : null;
}

function bytesAt(file: number, position: number, length: number): Buffer {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, position));
}
