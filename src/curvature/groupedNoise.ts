import { studentPoint } from './estimate';

/** Gradients are dealt to so many groups: enough for an error, few enough to keep a sum of each. */
const groupCount = 8;
const fewestGroups = 4;

/** What equally large parts of the rows say of the gradient's noise. */
export interface NoiseOfParts {
  /** tr Σ of one row's gradient, unbiased. */
  readonly trace: number;
  /** ‖mean‖², the noise that is left in it included. */
  readonly squaredMean: number;
}

/**
 * Sums over the gradients of equally large parts of the rows, by groups: memory for eight gradients, whatever the number of parts. Functions
 * of their noise come with the error of the delete-a-group jackknife (Quenouille 1956; Kott 2001).
 */
export class GroupedNoise {
  private readonly sums: Float32Array[] = [];
  private readonly counts: number[] = [];
  private readonly squares: number[] = [];
  private parts = 0;

  constructor(private readonly dim: number) {}

  add(gradient: Float32Array): void {
    const group = this.parts++ % groupCount;
    const sum = (this.sums[group] ??= new Float32Array(this.dim));
    // A local sum: one that is shared with the function outside is many times slower.
    let own = 0;
    for (let i = 0; i < sum.length; i++) {
      const g = gradient[i] as number;
      sum[i] = (sum[i] as number) + g;
      own += g * g;
    }
    this.counts[group] = (this.counts[group] ?? 0) + 1;
    this.squares[group] = (this.squares[group] ?? 0) + own;
  }

  /**
   * Functions of the noise of all parts of `rowsEach` rows each, with the half width of their 95 % intervals: that over the groups, and what
   * the noise left in ‖mean‖² changes. NaN below two parts; infinite errors below four groups, or where noise may be all of ‖mean‖².
   */
  statistics(
    rowsEach: number,
    of: readonly ((noise: NoiseOfParts) => number)[],
  ): { readonly value: number; readonly error: number }[] {
    const { sums, counts, squares, parts } = this;
    if (parts < 2) return of.map(() => ({ value: NaN, error: Infinity }));
    const total = new Float64Array(this.dim);
    for (const sum of sums) for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (sum[i] as number);
    const allSquares = squares.reduce((a, b) => a + b, 0);
    const noiseOf = (count: number, squaresOf: number, squaredSum: number): NoiseOfParts => {
      const squaredMean = squaredSum / count ** 2;
      return { trace: (rowsEach * (squaresOf - count * squaredMean)) / (count - 1), squaredMean };
    };
    const whole = noiseOf(
      parts,
      allSquares,
      total.reduce((sum, x) => sum + x * x, 0),
    );
    const clean = withoutNoise(whole, rowsEach * parts);
    const cleanWithout = sums.map((sum, group) => {
      let left = 0;
      for (let i = 0; i < total.length; i++) left += ((total[i] as number) - (sum[i] as number)) ** 2;
      const rest = parts - (counts[group] as number);
      return withoutNoise(noiseOf(rest, allSquares - (squares[group] as number), left), rowsEach * rest);
    });
    const isTold = clean.squaredMean > 0 && cleanWithout.every(({ squaredMean }) => squaredMean > 0);
    return of.map((statistic) => {
      const value = statistic(whole);
      const bias = Math.abs(value - statistic(clean));
      return { value, error: isTold || bias === 0 ? jackknifed(cleanWithout.map(statistic)) + bias : Infinity };
    });
  }
}

/** ‖mean‖² over `rows` rows without the share that is noise. */
const withoutNoise = ({ trace, squaredMean }: NoiseOfParts, rows: number): NoiseOfParts => ({
  trace,
  squaredMean: squaredMean - trace / rows,
});

function jackknifed(without: readonly number[]): number {
  const n = without.length;
  if (n < fewestGroups) return Infinity;
  const mean = without.reduce((sum, x) => sum + x / n, 0);
  const squares = without.reduce((sum, x) => sum + (x - mean) ** 2, 0);
  return studentPoint(n - 1) * Math.sqrt(((n - 1) / n) * squares);
}
