import { courseOfLoss } from './course';
import { isWeighing, lossFloor, lossNodes, maker, outputClasses, scored, type LossNode } from './graphWalk';
import { penaltiesOf } from './penalties';
import type { Evidence } from './rule';
import { errorAt, read, valueAt } from './series';

/** What the last measured point is, to second order. */
export interface CriticalPoint {
  readonly step: number;
  readonly kind: 'saddle' | 'maximum' | 'minimum' | 'undecided';
  readonly largest: number;
  readonly smallest: number;
  /** Where `smallest` was read. */
  readonly smallestQuantity: 'lambdaMin' | 'scaleFreeLambdaMin';
  /** Residual bounds of both. */
  readonly residual: number;
  /** Distances of both to the true ends, 95 of 100 times; undefined where not known. */
  readonly smallestError?: number | undefined;
  readonly largestError?: number | undefined;
}

/**
 * The last point at which curvature was measured, if its gradient is small: under a hundredth of the run's largest, or so small
 * that a step along it gains under a hundredth of the loss (the start itself may be the saddle). Null when it is not small,
 * or not measured. The smallest eigenvalue is as low as it was found, and may be lower; where a normalisation follows weights, it is that
 * without their scale directions, along which every such model is indefinite.
 */
export function criticalPoint(e: Evidence): CriticalPoint | null {
  const top = read(e.measurements, 'lambdaMax');
  const smallestQuantity = e.measurements.scaleFreeLambdaMin === undefined ? 'lambdaMin' : 'scaleFreeLambdaMin';
  const bottom = read(e.measurements, smallestQuantity);
  const gradients = read(e.measurements, 'probeGradientNorm');
  const step = bottom.steps.at(-1);
  if (step === undefined) return null;
  const [largest, smallest, gradient] = [valueAt(top, step), valueAt(bottom, step), valueAt(gradients, step)];
  if (largest === undefined || smallest === undefined || gradient === undefined) return null;
  const loss = valueAt(courseOfLoss(e), step);
  // At a maximum the steepest curvature is the lowest eigenvalue.
  const steepest = largest > 0 ? largest : Math.abs(smallest);
  const gain = steepest > 0 ? (gradient * gradient) / (2 * steepest) : Infinity;
  const little = loss !== undefined && gain < 0.01 * Math.abs(loss - lossFloor(e.experiment));
  if (gradient >= 0.01 * Math.max(...gradients.values) && !little) return null;
  const residual = Math.max(
    valueAt(read(e.measurements, `${smallestQuantity}Residual`), step) ?? 0,
    valueAt(read(e.measurements, 'lambdaMaxResidual'), step) ?? 0,
  );
  const errors = {
    smallestError: errorAt(e.measurements, smallestQuantity, step),
    largestError: errorAt(e.measurements, 'lambdaMax', step),
  };
  const curved = kindOf(largest, smallest, residual);
  const kind = curved === 'minimum' && loss !== undefined && fallsForEver(e, loss) ? 'undecided' : curved;
  return { step, kind, largest, smallest, smallestQuantity, residual, ...errors };
}

/** Negative beyond three residuals and 5 % of the top eigenvalue counts; tiny negative ones are usual late in training. */
function kindOf(largest: number, smallest: number, residual: number): CriticalPoint['kind'] {
  if (largest < -3 * residual && smallest < 0) return 'maximum';
  if (smallest < -Math.max(3 * residual, 0.05 * Math.abs(largest))) return 'saddle';
  if (smallest > 3 * residual && smallest > 1e-6 * largest) return 'minimum';
  return 'undecided';
}

/** Probabilities of the right class, and what makes them of scores. */
const logarithmic: readonly string[] = ['crossEntropy', 'nll', 'bce', 'bceWithLogits'];
const fromScores: readonly string[] = ['softmax', 'logSoftmax', 'sigmoid', 'logSigmoid'];

/**
 * Whether every row is told right for certain under a logarithmic loss that nothing holds back: scaling the last layer up then lowers the
 * loss for ever (Soudry and others 2018), so that a small gradient and positive curvature are no minimum. One answer that is wrong
 * costs ln 2 over their number, or more.
 */
function fallsForEver({ experiment: { model, optimizer }, run }: Evidence, loss: number): boolean {
  if (model === null || optimizer === null || run === null) return false;
  const [of, ...others] = lossNodes(model);
  if (of === undefined || others.length > 0 || !logarithmic.includes(of.kind) || penaltiesOf(model).length > 0) return false;
  if ([optimizer.settings, ...optimizer.groups].some(({ weightDecay }) => weightDecay !== undefined && weightDecay.value !== 0))
    return false;
  const made = scored(model, of)?.layer ?? null;
  const layer = made !== null && fromScores.includes(made.kind) ? maker(model, made.inputs[0] ?? -1) : made;
  const cells = run.rows * (of.kind === 'bce' || of.kind === 'bceWithLogits' ? (outputClasses(model) ?? Infinity) : 1);
  return layer !== null && isWeighing(layer) && !hasWeights(of) && loss * cells < Math.LN2;
}

const hasWeights = ({ arguments: given }: LossNode): boolean =>
  ('weight' in given && given.weight !== null && given.weight !== undefined) ||
  ('positiveWeight' in given && given.positiveWeight !== null);
