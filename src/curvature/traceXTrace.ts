import { never } from '../base/cancel';
import { studentPoint, type Estimate } from './estimate';
import type { LinearOperator } from './operator';
import type { SamplingOptions } from './sampling';
import { axpy, dot, norm, plus, scale, normalVector } from './vector';

/**
 * tr A by XTrace (Epperly, Tropp and Webber 2024): every test vector serves both for the range and, left out of it, for
 * the remainder, so that k vectors at two applications each give k exchangeable estimates with their spread. Vectors are
 * added until the tolerance is met; earlier ones are kept. Ends early, with rounding as its error, when the images of
 * the test vectors span the whole range of A.
 */
export async function traceXTrace(operator: LinearOperator, options: SamplingOptions): Promise<Estimate> {
  const { tolerance = 0.05, maximumApplications = 200, cancel = never, random } = options;
  const range = new ExchangeableRange(operator);
  let nextLook = 8;
  let estimate = { value: NaN, error: Infinity };
  while (range.applications + 2 <= maximumApplications && !cancel.cancelled) {
    const test = normalVector(operator.dim, random);
    operator.confine?.(test);
    if (!(await range.add(test))) {
      const value = range.traceOnRange();
      estimate = { value, error: 1e-5 * range.scaleOfTrace() };
      break;
    }
    if (range.size < nextLook) continue;
    nextLook = Math.ceil(nextLook * 1.5);
    estimate = range.estimate();
    if (estimate.error <= tolerance * Math.abs(estimate.value) || !Number.isFinite(estimate.value)) break;
  }
  if (!Number.isFinite(estimate.error) && range.size >= 2) estimate = range.estimate();
  return { ...estimate, applications: range.applications };
}

/**
 * The estimates share vectors, so that their spread understates the error of their mean. Measured over 200 seeds on ten kinds of
 * spectrum: the plain bars covered 77 % in the worst case (a graded spectrum, vectors for more than half of the dimension).
 */
const correlation = 1.7;

/** The test vectors Ω, Y = AΩ = QR, Z = AQ and the small matrices made of them, grown a column at a time. */
class ExchangeableRange {
  applications = 0;
  private readonly tests: Float32Array[] = [];
  private readonly images: Float32Array[] = [];
  private readonly q: Float32Array[] = [];
  private readonly z: Float32Array[] = [];
  /** Column i of R: i+1 entries. */
  private readonly r: Float64Array[] = [];

  constructor(private readonly operator: LinearOperator) {}

  get size(): number {
    return this.q.length;
  }

  /** False when the image of `test` adds nothing to the range. */
  async add(test: Float32Array): Promise<boolean> {
    const image = new Float32Array(this.operator.dim);
    await this.operator.apply(test, image);
    this.applications++;
    const w = image.slice();
    const column = new Float64Array(this.size + 1);
    for (let pass = 0; pass < 2; pass++) {
      for (const [j, q] of this.q.entries()) {
        const c = dot(q, w);
        axpy(-c, q, w);
        column[j] = (column[j] as number) + c;
      }
    }
    const length = norm(w);
    if (length <= 1e-5 * norm(image)) return false;
    column[this.size] = length;
    scale(1 / length, w);
    const next = new Float32Array(this.operator.dim);
    await this.operator.apply(w, next);
    this.applications++;
    this.tests.push(test);
    this.images.push(image);
    this.q.push(w);
    this.z.push(next);
    this.r.push(column);
    return true;
  }

  traceOnRange(): number {
    return this.q.reduce((sum, q, i) => sum + dot(q, this.z[i] as Float32Array), 0);
  }

  /** Σ|qᵀAq|: what rounding of the trace is relative to. */
  scaleOfTrace(): number {
    return this.q.reduce((sum, q, i) => sum + Math.abs(dot(q, this.z[i] as Float32Array)), 0);
  }

  /** The mean of the leave-one-out estimates, with the error of exchangeable samples. */
  estimate(): { readonly value: number; readonly error: number } {
    const k = this.size;
    const whole = this.traceOnRange();
    const h = this.q.map((q) => Float64Array.from(this.z, (z) => dot(q, z)));
    const estimates = Array.from({ length: k }, (_, i) => this.leavingOut(i, whole, h));
    const value = estimates.reduce((sum, each) => sum + each / k, 0);
    const squares = estimates.reduce((sum, each) => sum + (each - value) ** 2, 0);
    const error = correlation * studentPoint(k - 1) * Math.sqrt(squares / (k * (k - 1)));
    return { value, error: error + 1e-6 * this.scaleOfTrace() };
  }

  /**
   * The range without image i is Q(I - ssᵀ)Qᵀ with s the unit vector along column i of R⁻ᵀ: no new factorisation.
   * Its trace is tr H - sᵀHs with H = QᵀAQ; the remainder is measured by test vector i.
   */
  private leavingOut(i: number, whole: number, h: readonly Float64Array[]): number {
    const s = this.leftOutDirection(i);
    let removed = 0;
    for (const [a, row] of h.entries())
      for (const [b, entry] of row.entries()) removed += (s[a] as number) * entry * (s[b] as number);
    const test = this.tests[i] as Float32Array;
    const onto = Float64Array.from(this.q, (q) => dot(q, test));
    const along = onto.reduce((sum, c, j) => sum + c * (s[j] as number), 0);
    const outside = test.slice();
    const image = plus(this.images[i] as Float32Array, 0, test);
    for (let j = 0; j < this.size; j++) {
      const coefficient = (onto[j] as number) - along * (s[j] as number);
      axpy(-coefficient, this.q[j] as Float32Array, outside);
      axpy(-coefficient, this.z[j] as Float32Array, image);
    }
    return whole - removed + dot(outside, image) * this.resphered(outside);
  }

  /**
   * What is left of a test vector has a uniform direction in the rest of the space; giving it the length that it has on average
   * takes the chance of the length out of the estimate. On a subspace of unknown dimension it stays as it is.
   */
  private resphered(outside: Float32Array): number {
    if (this.operator.confine !== undefined) return 1;
    const squared = dot(outside, outside);
    return squared > 0 ? (this.operator.dim - this.size + 1) / squared : 0;
  }

  /** The unit solution of Rᵀs ∝ eᵢ, by forward substitution. */
  private leftOutDirection(i: number): Float64Array {
    const s = new Float64Array(this.size);
    for (let row = i; row < this.size; row++) {
      const column = this.r[row] as Float64Array;
      let right = row === i ? 1 : 0;
      for (let j = i; j < row; j++) right -= (column[j] as number) * (s[j] as number);
      s[row] = right / (column[row] as number);
    }
    const length = Math.sqrt(s.reduce((sum, x) => sum + x * x, 0));
    return s.map((x) => x / length);
  }
}
