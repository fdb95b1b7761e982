import type { Evidence as EvidenceRecord } from '../records/finding';
import { optimizerNames } from '../records/optimizer';
import { curvatureWords, limitFor } from './limits';
import type { StabilityLimit } from './limits';
import type { Evidence } from './rule';
import { errorAt, read, valueAt } from './series';
import { amount, amountWithin, grouped } from './words';

/** The limit at one measured step. */
export interface LimitPoint {
  readonly step: number;
  /** Learning rate in force. */
  readonly rate: number;
  /** Rate at the limit of stability. */
  readonly limit: number;
  /** Half width of its 95 % interval; undefined where it is not known. */
  readonly limitError?: number | undefined;
  /** Largest eigenvalue it follows from. */
  readonly curvature: number;
  /** Half width of the eigenvalue's 95 % interval on the rows that were looked at; undefined where it is not known. */
  readonly curvatureError?: number | undefined;
  /** The limit for batches whose curvature differs, as it was measured last; null where it was not. */
  readonly minibatchLimit: number | null;
}

/** The local limits of a run, from the step on from which the optimizer may be judged. */
export interface LimitsInForce {
  readonly law: StabilityLimit;
  readonly optimizer: string;
  readonly points: readonly LimitPoint[];
}

/** All measured limits of the run; null when the optimizer was not read or no curvature above 0 was measured. */
export function limitsInForce(e: Evidence): LimitsInForce | null {
  const { optimizer } = e.experiment;
  if (optimizer === null) return null;
  const law = limitFor(optimizer);
  if (law === null) return null;
  const quantity = law.of === 'hessian' ? 'lambdaMax' : 'preconditionedLambdaMax';
  const curvature = read(e.measurements, quantity);
  const measured = read(e.measurements, 'rateLimit');
  const rates = read(e.measurements, 'learningRate');
  const ofBatches = read(e.measurements, 'minibatchRateLimit');
  const points = curvature.steps.flatMap((step, i): LimitPoint[] => {
    const value = curvature.values[i] as number;
    if (step < law.firstStep || value <= 0) return [];
    const rate = valueAt(rates, step) ?? rates.values[0] ?? optimizer.learningRate.value;
    const at = measured.steps.indexOf(step);
    const limit = at < 0 ? law.rate(value) : (measured.values[at] as number);
    const curvatureError = errorAt(e.measurements, quantity, step);
    const limitError = errorAt(e.measurements, 'rateLimit', step);
    return [
      { step, rate, limit, limitError, curvature: value, curvatureError, minibatchLimit: valueAt(ofBatches, step) ?? null },
    ];
  });
  return points.length === 0 ? null : { law, optimizer: optimizerNames[optimizer.kind], points };
}

/** How far the rate is over its limit: above 1 is unstable. */
export const excess = (point: LimitPoint): number => point.rate / point.limit;

/** The point at which the rate was furthest over (or under) its limit. */
export const tightest = (limits: LimitsInForce): LimitPoint => limits.points.reduce((a, b) => (excess(b) > excess(a) ? b : a));

/** One or two sentences that date the limit, name its source and give its band over the run. */
export function limitWords(limits: LimitsInForce, point: LimitPoint): string {
  const all = limits.points.map(({ limit }) => limit);
  const band =
    all.length < 2
      ? ''
      : `; over the ${all.length} points measured it ranged ${amount(Math.min(...all))} to ${amount(Math.max(...all))}`;
  return (
    `The local limit of ${limits.optimizer} at step ${grouped(point.step)} was ${amountWithin(point.limit, point.limitError)}, from the measured ` +
    `${curvatureWords(limits.law)} ${amountWithin(point.curvature, point.curvatureError)} (${point.curvatureError === undefined ? '' : 'error of computing, on the probe rows; '}λ at the limit: ${limits.law.formula})${band}.` +
    minibatchWords(point)
  );
}

/** The limit is lower where curvature differs from batch to batch; said when that is much, since the formula is cautious by up to 30 %. */
function minibatchWords({ limit, minibatchLimit }: LimitPoint): string {
  if (minibatchLimit === null || minibatchLimit > 0.7 * limit) return '';
  return ` Curvature differs from batch to batch, which lowers it to about ${amount(minibatchLimit)} (by a formula that is cautious by up to 30 %).`;
}

/** The rate at that point as evidence. */
export const limitEvidence = (point: LimitPoint): readonly EvidenceRecord[] => [
  { quantity: 'learningRate', step: point.step, value: point.rate, limit: point.limit, unit: 'per step' },
];
