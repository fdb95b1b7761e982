import type { Random } from '../base/random';

/*
 * Kernels over single-precision vectors. Sums run in double precision over four independent
 * accumulators: the sum is then good to the rounding of its inputs, and the loop is not bound by latency.
 */

/** aᵀb. */
export function dot(a: Float32Array, b: Float32Array): number {
  const whole = a.length & ~3;
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = 0;
  for (; i < whole; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

/** ‖a‖, the Euclidean norm. */
export const norm = (a: Float32Array): number => Math.sqrt(dot(a, a));

/** y ← y + factor·x. */
export function axpy(factor: number, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < y.length; i++) y[i] = (y[i] as number) + factor * (x[i] as number);
}

/** a ← factor·a. */
export function scale(factor: number, a: Float32Array): void {
  for (let i = 0; i < a.length; i++) a[i] = (a[i] as number) * factor;
}

/** x + factor·y, in `out` where given, else in a new vector. */
export function plus(
  x: Float32Array,
  factor: number,
  y: Float32Array,
  out: Float32Array = new Float32Array(x.length),
): Float32Array {
  for (let i = 0; i < x.length; i++) out[i] = (x[i] as number) + factor * (y[i] as number);
  return out;
}

/** a ← a/‖a‖; returns the norm it had. A zero vector is left as it is. */
export function normalise(a: Float32Array): number {
  const length = norm(a);
  if (length > 0) scale(1 / length, a);
  return length;
}

/** A vector of independent standard normal numbers: its direction is uniform on the sphere. */
export function normalVector(dim: number, random: Random): Float32Array {
  const v = new Float32Array(dim);
  for (let i = 0; i < dim; i++) v[i] = random.normal();
  return v;
}

/** Vectors from this length on are drawn by the cheaper way of `startVector`. */
const longVector = 128;
/** Standard deviation of a sum of three uniform whole numbers below 1024. */
const threeDeviation = Math.sqrt((1024 ** 2 - 1) / 4);

/**
 * A vector whose direction is uniform on the sphere; for longer vectors nearly so, at a sixth of the cost: each entry is the standardised
 * sum of three uniform numbers out of one draw. Its part along any fixed direction is then smaller than a given small size about as often
 * as a normal one's, and never 0 along an axis.
 */
export function startVector(dim: number, random: Random): Float32Array {
  if (dim < longVector) return normalVector(dim, random);
  const v = new Float32Array(dim);
  const unit = 1 / threeDeviation;
  for (let i = 0; i < dim; i++) {
    const bits = random.bits();
    v[i] = unit * ((bits >>> 22) + ((bits >>> 12) & 1023) + ((bits >>> 2) & 1023) - 1534.5);
  }
  return v;
}

/** A vector of independent signs ±1 (Rademacher). */
export function signVector(dim: number, random: Random): Float32Array {
  const v = new Float32Array(dim);
  let bits = 0;
  for (let i = 0; i < dim; i++) {
    if ((i & 31) === 0) bits = random.bits();
    v[i] = (bits >>> (i & 31)) & 1 ? 1 : -1;
  }
  return v;
}

/** Removes from `w` its components along the first `count` vectors of `basis`, which are orthonormal; four at a time. */
export function removeComponents(w: Float32Array, basis: readonly Float32Array[], count = basis.length): void {
  let j = 0;
  for (; j + 4 <= count; j += 4) {
    removeFour(
      w,
      basis[j] as Float32Array,
      basis[j + 1] as Float32Array,
      basis[j + 2] as Float32Array,
      basis[j + 3] as Float32Array,
    );
  }
  for (; j < count; j++) {
    const q = basis[j] as Float32Array;
    axpy(-dot(q, w), q, w);
  }
}

/** The step of `removeComponents`: two passes over memory for four vectors, where one by one takes eight. */
function removeFour(w: Float32Array, a: Float32Array, b: Float32Array, c: Float32Array, d: Float32Array): void {
  let sa = 0;
  let sb = 0;
  let sc = 0;
  let sd = 0;
  for (let i = 0; i < w.length; i++) {
    const x = w[i] as number;
    sa += x * (a[i] as number);
    sb += x * (b[i] as number);
    sc += x * (c[i] as number);
    sd += x * (d[i] as number);
  }
  for (let i = 0; i < w.length; i++) {
    w[i] = (w[i] as number) - sa * (a[i] as number) - sb * (b[i] as number) - sc * (c[i] as number) - sd * (d[i] as number);
  }
}

/** Σⱼ coefficients[j]·basis[j]. */
export function combine(basis: readonly Float32Array[], coefficients: ArrayLike<number>, dim: number): Float32Array {
  const out = new Float32Array(dim);
  for (let j = 0; j < coefficients.length; j++) axpy(coefficients[j] as number, basis[j] as Float32Array, out);
  return out;
}

/**
 * An orthonormal basis of the span of `vectors` (modified Gram and Schmidt, each vector twice).
 * Vectors that depend on those before them, to `tolerance` of their length, are left out.
 */
export function orthonormalBasis(vectors: readonly Float32Array[], tolerance = 1e-5): Float32Array[] {
  const basis: Float32Array[] = [];
  for (const vector of vectors) {
    const w = vector.slice();
    const before = norm(w);
    removeComponents(w, basis);
    removeComponents(w, basis);
    if (norm(w) <= tolerance * before || before === 0) continue;
    normalise(w);
    removeComponents(w, basis);
    normalise(w);
    basis.push(w);
  }
  return basis;
}
