/** Sums of a sketch. */
const buckets = 16;

/**
 * At most 16 sums of a tensor's elements with fixed pseudo-random signs. The norm of the difference of two sketches
 * estimates that of the tensors without bias in the square (Charikar, Chen and Farach-Colton, 2002); 16 elements and fewer
 * stand for themselves. The same as `sketch` in media/python/descent_lens/record.py.
 */
export function sketch(values: ArrayLike<number>): Float64Array {
  if (values.length <= buckets) return Float64Array.from(values);
  const sums = new Float64Array(buckets);
  for (const [i, value] of Array.from(values).entries()) {
    const code = mixed(i);
    const bucket = code % buckets;
    sums[bucket] = (sums[bucket] ?? 0) + ((code & 1024) === 0 ? -value : value);
  }
  return sums;
}

function mixed(index: number): number {
  let code = index;
  for (let round = 0; round < 2; round++) code = Math.imul(code ^ (code >>> 16), 0x45d9f3b) >>> 0;
  return (code ^ (code >>> 16)) >>> 0;
}

/** The Euclidean norm. */
export const norm = (values: ArrayLike<number>): number => Math.sqrt(Array.from(values).reduce((sum, v) => sum + v * v, 0));

/** ‖a - b‖. */
export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  norm(Array.from(a, (value, i) => value - (b[i] ?? NaN)));
