import { gradientFloors, relativeGap } from './gaps';
import type { Checks, Reference, Spread } from './reference';
import { distance } from './sketch';

/** A run of the script in PyTorch, as media/python/compare.py tells it. */
export interface Recorded {
  readonly torch: string;
  readonly python: string;
  readonly steps: number;
  readonly loss: readonly number[];
  /** [first step, the groups' rates] wherever they change. */
  readonly rates: readonly (readonly number[])[];
  /** Norms of each parameter's gradient, before clipping. */
  readonly norms: Readonly<Record<string, readonly number[]>>;
  /** After the last step. `difference`: norm of the difference to the trace's tensor. */
  readonly tensors: Readonly<
    Record<string, { readonly norm: number; readonly difference: number; readonly sketch: readonly number[] }>
  >;
  readonly checks: Checks;
  readonly initial: Readonly<Record<string, Spread>>;
}

/**
 * PyTorch's run in float32, taken as exact; or its run in float64, with the distance of the float32 run at each step.
 * The tensors' distances are then estimated from their sketches.
 */
export function referenceOf(single: Recorded, double: Recorded | null): Reference {
  const exact = double ?? single;
  const floors = gradientFloors(exact.norms, exact.steps);
  const normGaps = floors.map((floor, step) =>
    Math.max(
      0,
      ...Object.entries(exact.norms).map(([name, values]) => relativeGap(single.norms[name]?.[step], values[step] ?? NaN, floor)),
    ),
  );
  const tensors = Object.entries(exact.tensors).map(([name, { norm, sketch }]) => {
    const float32 = double === null ? 0 : distance(single.tensors[name]?.sketch ?? [], sketch);
    return [name, { norm, sketch, float32 }] as const;
  });
  return {
    steps: exact.steps,
    loss: exact.loss,
    lossGaps: worstSoFar(exact.loss.map((value, step) => relativeGap(single.loss[step], value, 0))),
    rates: exact.rates,
    norms: exact.norms,
    normGaps: worstSoFar(normGaps),
    tensors: Object.fromEntries(tensors),
    checks: single.checks,
    initial: single.initial,
  };
}

/** Above this relative distance of PyTorch's float32 from its float64 run, later steps tell nothing of ours. */
const magnified = 1e-2;

/** Steps until PyTorch's own rounding has grown too large to compare with; all of them where it does not. */
export function comparableSteps({ steps, lossGaps, normGaps }: Reference): number {
  const first = lossGaps.findIndex((gap, step) => Math.max(gap, normGaps[step] ?? 0) > magnified);
  return first < 0 ? steps : first;
}

/** The same for its first steps alone: what was there after the last one is left out then. */
export const firstSteps = (reference: Reference, steps: number): Reference =>
  steps >= reference.steps
    ? reference
    : {
        ...reference,
        steps,
        loss: reference.loss.slice(0, steps),
        lossGaps: reference.lossGaps.slice(0, steps),
        normGaps: reference.normGaps.slice(0, steps),
        tensors: {},
      };

/** Norms of the differences between our tensors and those of the run that counts as exact. */
export const differencesOf = ({ tensors }: Recorded): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { difference }]) => [name, difference]));

function worstSoFar(values: readonly number[]): number[] {
  let worst = 0;
  return values.map((value) => (worst = Math.max(worst, value)));
}
