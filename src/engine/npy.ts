import { zipSync } from 'fflate';

/** A named array of an npz archive: float32, float64 or int32 numbers, or text. */
export interface NpzEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array | string;
}

/** Bytes of NumPy's format, version 1.0: magic, header of a multiple of 64 bytes, elements in row-major order. */
export function npyBytes({ shape, values }: Omit<NpzEntry, 'name'>): Uint8Array {
  const elements = typeof values === 'string' ? unicode(values) : values;
  const dtype = typeof values === 'string' ? `<U${elements.length}` : dtypeOf(values);
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${dtype}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const preamble = 10;
  const padded = Math.ceil((preamble + text.length + 1) / 64) * 64;
  const header = `${text}${' '.repeat(padded - preamble - text.length - 1)}\n`;
  const bytes = new Uint8Array(padded + elements.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), preamble);
  bytes.set(new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength), padded);
  return bytes;
}

/** An npz archive of `entries`, compressed. Equal entries give equal bytes. */
export function npzBytes(entries: readonly NpzEntry[]): Uint8Array {
  const files = Object.fromEntries(entries.map((entry) => [`${entry.name}.npy`, npyBytes(entry)]));
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
}

function dtypeOf(values: Float32Array | Float64Array | Int32Array): string {
  if (values instanceof Int32Array) return '<i4';
  return values instanceof Float32Array ? '<f4' : '<f8';
}

/** Code points, as NumPy stores text. */
function unicode(text: string): Uint32Array {
  return Uint32Array.from(Array.from(text, (character) => character.codePointAt(0) ?? 0));
}
