/** One curvature mode: its eigenvalue λ and the variance σ² of one row's gradient along it. */
export interface NoisyMode {
  readonly eigenvalue: number;
  readonly variance: number;
}

/** How training steps are made: rate η, momentum μ, rows of a batch B. */
export interface NoisySteps {
  readonly rate: number;
  readonly momentum: number;
  readonly batch: number;
}

/**
 * Loss that gradient noise keeps up at a constant rate: over modes Σ ησ²(1+μ)/(2B(1-μ)(2(1+μ)-ηλ)), for heavy ball on a
 * quadratic (μ = 0: plain descent). Infinite when a mode is unstable. A model that interpolates its data has no floor.
 */
export function lossNoiseFloor(modes: readonly NoisyMode[], { rate, momentum, batch }: NoisySteps): number {
  let floor = 0;
  for (const { eigenvalue, variance } of modes) {
    const room = 2 * (1 + momentum) - rate * eigenvalue;
    if (!(room > 0)) return Infinity;
    floor += (rate * variance * (1 + momentum)) / (2 * batch * (1 - momentum) * room);
  }
  return floor;
}

/** The same for ηλ well under 1, where no spectrum is needed: η tr Σ/(4B(1-μ)). With a preconditioner, tr(P⁻¹Σ) and μ = 0. */
export const smallRateNoiseFloor = (trace: number, { rate, momentum, batch }: NoisySteps): number =>
  (rate * trace) / (4 * batch * (1 - momentum));

/** What drawing without replacement in shuffled epochs leaves of a mode's floor: x/(3+x), x = ηλN/(B(1-μ)) (approximate). */
export function shuffledShare(eigenvalue: number, rows: number, { rate, momentum, batch }: NoisySteps): number {
  const x = (rate * eigenvalue * rows) / (batch * (1 - momentum));
  return x / (3 + x);
}
