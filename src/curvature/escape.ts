/*
 * Leaving a saddle along one direction of negative curvature, for steps of rate η with momentum μ on the quadratic model. With a
 * preconditioner the curvature is the one of P^-½HP^-½, and μ is the coefficient of its averaged gradient with the rate η(1-μ).
 */

/** How steps are made: rate η > 0 and momentum 0 ≤ μ < 1. */
export interface EscapeSteps {
  readonly rate: number;
  readonly momentum: number;
}

/** Growth of the distance in one step: the larger root z of z² - (1+μ+η|λ|)z + μ = 0. Above 1 for any |λ| > 0; without momentum 1+η|λ|. */
export function escapeFactor(negativeCurvature: number, { rate, momentum }: EscapeSteps): number {
  const b = 1 + momentum + rate * Math.abs(negativeCurvature);
  return (b + Math.sqrt(b * b - 4 * momentum)) / 2;
}

/**
 * Steps to grow from distance `from` to `to` along the direction: ln(to/from)/ln z. Infinite for `from` 0: exactly on the saddle
 * nothing but noise leaves it. 0 when already there.
 */
export function escapeTime(negativeCurvature: number, steps: EscapeSteps, from: number, to: number): number {
  if (from >= to) return 0;
  if (!(from > 0)) return Infinity;
  const growth = Math.log(escapeFactor(negativeCurvature, steps));
  return growth > 0 ? Math.log(to / from) / growth : Infinity;
}

/** e-folds of growth over the remaining steps. */
export const escapeFolds = (negativeCurvature: number, steps: EscapeSteps, remainingSteps: number): number =>
  remainingSteps * Math.log(escapeFactor(negativeCurvature, steps));

/** Distance from the saddle along a unit direction as the gradient tells it: |vᵀg|/|λ|. */
export const distanceAlong = (gradientAlong: number, curvature: number): number => Math.abs(gradientAlong / curvature);

/**
 * Whether a saddle costs something in what is left of the run: growth of more than 3 e-folds over the remaining steps, and a
 * measured descent along its direction of more than 1 % of the loss. The ratio of the eigenvalues says nothing about it.
 */
export const saddleMatters = (folds: number, measuredDescent: number, loss: number): boolean =>
  folds > 3 && measuredDescent > 0.01 * Math.abs(loss);
