import type { CancelToken } from '../base/cancel';
import { never } from '../base/cancel';
import type { LossAt } from './finiteProbes';
import type { LinearOperator } from './operator';
import { dot, plus } from './vector';

/** The loss along a step against its Taylor polynomials at the start; all columns of one length. */
export interface TaylorPicture {
  /** Fractions of the step, 1 being its end. */
  readonly fractions: Float64Array;
  readonly actual: Float64Array;
  readonly firstOrder: Float64Array;
  readonly secondOrder: Float64Array;
  /** First fraction at which each order is off by more than a tenth of the loss's largest actual change so far; null when it never is. */
  readonly firstOrderPartsAt: number | null;
  readonly secondOrderPartsAt: number | null;
}

/** Loss, first and second order along `step` from `theta` at the given fractions (ascending, positive). One application and one loss for each fraction. */
export async function taylorPicture(
  lossAt: LossAt,
  theta: Float32Array,
  gradient: Float32Array,
  hessian: LinearOperator,
  step: Float32Array,
  fractions: readonly number[] = Array.from({ length: 16 }, (_, i) => (i + 1) / 8),
  cancel: CancelToken = never,
): Promise<TaylorPicture> {
  const image = new Float32Array(theta.length);
  await hessian.apply(step, image);
  const slope = dot(gradient, step);
  const bend = dot(step, image);
  const start = await lossAt(theta);
  const actual: number[] = [start];
  for (const fraction of fractions) {
    if (cancel.cancelled) break;
    actual.push(await lossAt(plus(theta, fraction, step)));
  }
  const at = [0, ...fractions].slice(0, actual.length);
  const firstOrder = at.map((t) => start + t * slope);
  const secondOrder = at.map((t) => start + t * slope + 0.5 * t * t * bend);
  return {
    fractions: Float64Array.from(at),
    actual: Float64Array.from(actual),
    firstOrder: Float64Array.from(firstOrder),
    secondOrder: Float64Array.from(secondOrder),
    firstOrderPartsAt: partsAt(at, actual, firstOrder),
    secondOrderPartsAt: partsAt(at, actual, secondOrder),
  };
}

function partsAt(fractions: readonly number[], actual: readonly number[], model: readonly number[]): number | null {
  const start = actual[0] as number;
  let change = 1e-6 * Math.abs(start);
  for (const [i, fraction] of fractions.entries()) {
    change = Math.max(change, Math.abs((actual[i] as number) - start));
    if (!(Math.abs((actual[i] as number) - (model[i] as number)) <= 0.1 * change)) return fraction;
  }
  return null;
}
