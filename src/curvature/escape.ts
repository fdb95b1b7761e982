/** Distance from the saddle along a unit direction as the gradient tells it: |vᵀg|/|λ|. */
export const distanceAlong = (gradientAlong: number, curvature: number): number => Math.abs(gradientAlong / curvature);

/**
 * Whether a saddle costs something in what is left of the run: growth of more than 3 e-folds over the remaining steps, and a
 * measured descent along its direction of more than 1 % of the loss. The ratio of the eigenvalues says nothing about it.
 */
export const saddleMatters = (folds: number, measuredDescent: number, loss: number): boolean =>
  folds > 3 && measuredDescent > 0.01 * Math.abs(loss);
