import { strFromU8, unzipSync } from 'fflate';

/** A numeric array of an npz archive, row-major. */
export interface NpzArray {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | Int32Array;
}

/** The numeric arrays of an npz archive by name; text is left out. */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpzArray> {
  const arrays = new Map<string, NpzArray>();
  for (const [file, content] of Object.entries(unzipSync(bytes))) {
    const array = readNpy(content);
    if (array) arrays.set(file.replace(/\.npy$/, ''), array);
  }
  return arrays;
}

function readNpy(bytes: Uint8Array): NpzArray | null {
  const start = 10 + (bytes[8] ?? 0) + 256 * (bytes[9] ?? 0);
  const header = strFromU8(bytes.subarray(10, start));
  const type = /'descr': '(<f4|<f8|<i4)'/.exec(header)?.[1];
  if (!type) return null;
  const shape = (/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '')
    .split(',')
    .flatMap((size) => (size.trim() ? [Number(size)] : []));
  const content = bytes.slice(start).buffer;
  if (type === '<i4') return { shape, values: new Int32Array(content) };
  return { shape, values: type === '<f4' ? new Float32Array(content) : new Float64Array(content) };
}
