import type { Objective } from '../engine/twin';
import { gradientMoments, type GradientMoments } from './gradientMoments';
import { gramian, meanVector } from './gramian';
import type { LinearOperator } from './operator';
import { scaled } from './composition';

/** Gradients are kept up to this many bytes, and up to this many of them; beyond, several rows make one. */
const mostBytes = 2 ** 27;
const mostGradients = 2048;

/** Matrices that are made of the gradients of single rows, at one point. */
export interface GradientOperators {
  /** Rows behind each gradient: 1 where the model and the memory allow it. */
  readonly rowsEach: number;
  /** Σ, the covariance of one row's gradient; from means of several rows where `rowsEach` is above 1. */
  readonly covariance: LinearOperator;
  /** (1/n) Σ gᵢgᵢᵀ over rows; null where gradients are of several rows, whose squares are another matrix. */
  readonly empiricalFisher: LinearOperator | null;
  readonly moments: GradientMoments;
  /** The gradients themselves, and their mean. */
  readonly gradients: readonly Float32Array[];
  readonly mean: Float32Array;
}

/**
 * Gradient covariance and empirical Fisher matrix at θ from per-row gradients for small nets, from batches otherwise. Null for fewer than
 * two gradients.
 */
export async function gradientOperators(objective: Objective, theta: Float32Array): Promise<GradientOperators | null> {
  const rows = objective.rows.length;
  const most = Math.max(2, Math.min(mostGradients, Math.floor(mostBytes / (4 * theta.length))));
  const gradients: Float32Array[] = [];
  const rowsEach = await objective.partGradients(theta, Math.ceil(rows / most), (gradient) => gradients.push(gradient.slice()));
  if (gradients.length < 2) return null;
  const mean = meanVector(gradients);
  const covariance = gramian(gradients, mean, gradients.length - 1);
  return {
    rowsEach,
    covariance: rowsEach === 1 ? covariance : scaled(covariance, rowsEach),
    empiricalFisher: rowsEach === 1 ? gramian(gradients, null) : null,
    moments: gradientMoments(gradients, rowsEach),
    gradients,
    mean,
  };
}
