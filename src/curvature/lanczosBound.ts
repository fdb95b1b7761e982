/*
 * What a Lanczos run may have missed. A residual says that some eigenvalue is near a Ritz value; that none lies
 * beyond the outermost Ritz value can only be said with a probability, over the random start.
 */

/** The coefficients of a Lanczos run: k diagonal entries and k off-diagonal ones, the last being the next residual's norm. */
export interface LanczosCoefficients {
  readonly alphas: ArrayLike<number>;
  readonly betas: ArrayLike<number>;
}

/**
 * Kuczyński and Woźniakowski (1992, Theorem 4.2): after `steps` Lanczos steps from a start that is uniform on the
 * sphere of R^dim, (λ1 - θ1)/(λ1 - λn) exceeds the returned share with at most probability `miss`:
 * miss = 1.648 √dim exp(-(2·steps - 1) √share). (They state it for positive definite matrices; Krylov spaces do not
 * change under shifts, which gives the range of the spectrum as the scale, and either end.) At most 1.
 */
export function kuczynskiWozniakowskiShare(dim: number, steps: number, miss: number): number {
  if (steps >= dim) return 0;
  const root = Math.log((1.648 * Math.sqrt(dim)) / miss) / (2 * steps - 1);
  return Math.min(1, root * root);
}

/**
 * The bound beyond an end by the run's own Lanczos polynomial (van Dorsselaer, Hochstenbach and van der Vorst 2000):
 * the next Lanczos vector is p(A)q₁ with norm 1, so an eigenvalue λ on which the start q₁ has weight γ satisfies
 * |p(λ)| ≤ 1/|γ|; outside the Ritz values |p| grows monotonously. For a start uniform on the sphere, |γ| is under
 * miss·√(π/(2 dim)) with at most probability `miss`. `randomShare` is the length of the random part of the start
 * over the length of the whole: adding fixed vectors to a random one makes small weights rarer, never likelier
 * (Anderson 1955), but for this factor.
 *
 * Returns x such that no eigenvalue lies beyond x, except with probability `miss`; `end` -1 is the lower end, +1 the upper.
 */
export function lanczosPolynomialBound(
  { alphas, betas }: LanczosCoefficients,
  ritzEnd: number,
  end: 1 | -1,
  chance: StartChance,
): number {
  const steps = alphas.length;
  const goal = logWeight(chance);
  // With an invariant subspace the last coefficient is 0: nothing that the start touches is missing.
  if (betas[steps - 1] === 0) return ritzEnd;
  let distance = 0;
  for (let i = 0; i < steps; i++) distance = Math.max(distance, betas[i] as number, Math.abs(ritzEnd - (alphas[i] as number)));
  // Over the distance's logarithm, ln|p| grows convexly by at least 1: Newton's method comes down to the bound from outside.
  for (let i = 0; i < 100; i++) {
    const { value, slope } = logPolynomialWithSlope(alphas, betas, ritzEnd, end * distance);
    const move = (value - goal) / slope;
    if (!(Math.abs(move) <= 700)) return end * Infinity;
    distance *= Math.exp(-move);
    if (Math.abs(move) < 1e-7) break;
  }
  return ritzEnd + end * distance;
}

/** What a wholly or partly random start of a space of `dim` dimensions leaves to chance. */
export interface StartChance {
  readonly dim: number;
  /** Probability that is accepted for an eigenvalue beyond. */
  readonly miss: number;
  /** Length of the start's random part over that of the whole. */
  readonly randomShare: number;
}

/** Whether `lanczosPolynomialBound` is within `distance` of the Ritz value: one evaluation in place of the search for the bound. */
export function isBoundedWithin(
  { alphas, betas }: LanczosCoefficients,
  ritzEnd: number,
  end: 1 | -1,
  distance: number,
  chance: StartChance,
): boolean {
  if (betas[alphas.length - 1] === 0) return true;
  return distance > 0 && logPolynomial(alphas, betas, ritzEnd + end * distance) >= logWeight(chance);
}

/** ln 1/|γ| of the smallest weight γ on one eigenvector that the start has, except with probability `miss`. */
const logWeight = ({ dim, miss, randomShare }: StartChance): number =>
  -Math.log(miss * randomShare * Math.sqrt(Math.PI / (2 * dim)));

/** ln|p(x)| at x = ritzEnd + distance with its derivative by ln|distance|, outside the Ritz values. */
function logPolynomialWithSlope(
  alphas: ArrayLike<number>,
  betas: ArrayLike<number>,
  ritzEnd: number,
  distance: number,
): { readonly value: number; readonly slope: number } {
  const x = ritzEnd + distance;
  let value = 0;
  let slope = 0;
  let ratio = Infinity;
  let ratioSlope = 0;
  for (let i = 0; i < alphas.length; i++) {
    const link = i === 0 ? 0 : (betas[i - 1] as number) / ratio;
    const linkSlope = i === 0 ? 0 : (link / ratio) * ratioSlope;
    ratio = (x - (alphas[i] as number) - link) / (betas[i] as number);
    ratioSlope = (1 + linkSlope) / (betas[i] as number);
    value += Math.log(Math.abs(ratio));
    slope += ratioSlope / ratio;
  }
  return { value, slope: slope * distance };
}

/** ln|p(x)| of the Lanczos polynomial, from ratios of successive ones: these do not overflow outside the Ritz values. */
function logPolynomial(alphas: ArrayLike<number>, betas: ArrayLike<number>, x: number): number {
  let logarithm = 0;
  let product = 1;
  let ratio = Infinity;
  for (let i = 0; i < alphas.length; i++) {
    const before = i === 0 ? 0 : (betas[i - 1] as number) / ratio;
    ratio = (x - (alphas[i] as number) - before) / (betas[i] as number);
    product *= ratio;
    const size = Math.abs(product);
    // Logarithms are dear: one for many factors.
    if (size > 1e-100 && size < 1e100) continue;
    logarithm += Math.log(size);
    product = 1;
  }
  return logarithm + Math.log(Math.abs(product));
}
