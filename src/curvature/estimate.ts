/** A number with what it may be off by and what it took. */
export interface Estimate {
  readonly value: number;
  /** Half width of the interval around `value` meant to hold the truth in 95 of 100 runs; the same unit as `value`. */
  readonly error: number;
  /** Times the operator was applied. */
  readonly applications: number;
}

/** The 97.5 % point of Student's distribution: exact for 1 and 2 degrees of freedom, else Cornish and Fisher's expansion (to .1 %). */
export function studentPoint(degrees: number): number {
  if (degrees <= 0) return Infinity;
  if (degrees === 1) return 12.706204736;
  if (degrees === 2) return 4.30265273;
  const z = 1.959963985;
  const z2 = z * z;
  const terms = [
    (z * (z2 + 1)) / 4,
    (z * ((5 * z2 + 16) * z2 + 3)) / 96,
    (z * (((3 * z2 + 19) * z2 + 17) * z2 - 15)) / 384,
    (z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945)) / 92160,
  ];
  return terms.reduce((sum, term, i) => sum + term / degrees ** (i + 1), z);
}

/** Mean of independent samples with its 95 % half width; infinite for a single sample. */
export function meanOfSamples(samples: ArrayLike<number>): { readonly value: number; readonly error: number } {
  const n = samples.length;
  if (n === 0) return { value: NaN, error: Infinity };
  let mean = 0;
  for (let i = 0; i < n; i++) mean += (samples[i] as number) / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += ((samples[i] as number) - mean) ** 2;
  if (n === 1) return { value: mean, error: Infinity };
  return { value: mean, error: studentPoint(n - 1) * Math.sqrt(squares / (n - 1) / n) };
}
