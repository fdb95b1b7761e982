/** Linear dynamics of the optimizers on a quadratic: growth per step, best settings. */

/** Largest modulus of the roots of z² - trace·z + determinant: the growth per step of a two-state linear map. */
export function spectralRadius(trace: number, determinant: number): number {
  const discriminant = trace * trace - 4 * determinant;
  if (discriminant < 0) return Math.sqrt(determinant);
  return (Math.abs(trace) + Math.sqrt(discriminant)) / 2;
}

/** A rate with its momentum. */
export interface Tuning {
  readonly rate: number;
  readonly momentum: number;
}

/** Fastest gradient descent on a quadratic with extreme eigenvalues λ1 ≥ λn > 0: η = 2/(λ1+λn). */
export function bestGradientDescent(largest: number, smallest: number): Tuning {
  return { rate: 2 / (largest + smallest), momentum: 0 };
}

/** Fastest heavy ball (Polyak 1964): η = 4/(√λ1+√λn)², μ = ((√κ-1)/(√κ+1))². */
export function bestHeavyBall(largest: number, smallest: number): Tuning {
  const root = Math.sqrt(largest / smallest);
  return { rate: 4 / (Math.sqrt(largest) + Math.sqrt(smallest)) ** 2, momentum: ((root - 1) / (root + 1)) ** 2 };
}

/** Fastest Nesterov with constant μ (Lessard, Recht, Packard 2016): η = 4/(3λ1+λn), μ = (√(3κ+1)-2)/(√(3κ+1)+2). */
export function bestNesterov(largest: number, smallest: number): Tuning {
  const root = Math.sqrt((3 * largest) / smallest + 1);
  return { rate: 4 / (3 * largest + smallest), momentum: (root - 2) / (root + 2) };
}
