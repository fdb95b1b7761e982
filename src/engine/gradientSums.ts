/** Sums over the gradients of equally large parts of the rows, from which their noise is told. */
export class GradientSums {
  private readonly sum: Float64Array;
  private squares = 0;

  constructor(dim: number) {
    this.sum = new Float64Array(dim);
  }

  add(gradient: Float32Array): void {
    const { sum } = this;
    // A local sum: one that is shared with the function outside is many times slower.
    let own = 0;
    for (let i = 0; i < sum.length; i++) {
      const g = gradient[i] as number;
      sum[i] = (sum[i] as number) + g;
      own += g * g;
    }
    this.squares += own;
  }

  /** tr Σ of one row's gradient, unbiased, and the squared norm of the mean, of `count` parts with `size` rows each. */
  noise(count: number, size: number): { readonly trace: number; readonly squaredMean: number } {
    const squaredMean = this.sum.reduce((total, s) => total + (s / count) ** 2, 0);
    return { trace: (size * (this.squares - count * squaredMean)) / (count - 1), squaredMean };
  }
}
