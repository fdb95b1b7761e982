import { studentPoint } from './estimate';

/**
 * A function of a sample, such as a ratio of means, with the jackknife's bias correction and 95 % half width
 * (Quenouille 1956, Tukey 1958). The error is infinite for fewer than two samples.
 */
export function jackknife<T>(
  samples: readonly T[],
  of: (samples: readonly T[]) => number,
): { readonly value: number; readonly error: number } {
  const n = samples.length;
  if (n < 2) return { value: n === 0 ? NaN : of(samples), error: Infinity };
  const whole = of(samples);
  const without = samples.map((_, i) => of(samples.filter((__, j) => j !== i)));
  const mean = without.reduce((sum, x) => sum + x / n, 0);
  const squares = without.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return { value: n * whole - (n - 1) * mean, error: studentPoint(n - 1) * Math.sqrt(((n - 1) / n) * squares) };
}

/**
 * The jackknife on the logarithm, for positive quantities whose samples are skew: the interval is even in the logarithm and its
 * longer, upper half is stated. Falls back to the plain one where a value is not positive.
 */
export function jackknifeOfPositive<T>(
  samples: readonly T[],
  of: (samples: readonly T[]) => number,
): { readonly value: number; readonly error: number } {
  const { value, error } = jackknife(samples, (chosen) => Math.log(of(chosen)));
  if (!Number.isFinite(value) || !Number.isFinite(error)) return jackknife(samples, of);
  return { value: Math.exp(value), error: Math.exp(value) * Math.expm1(error) };
}
