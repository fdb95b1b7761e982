import type { StabilityLimit } from '../diagnosis/limits';
import type { CancelToken } from '../base/cancel';
import { yieldToEvents } from '../base/yield';
import type { Run, StepColumns } from '../engine/twin';
import type { Recorder } from './recorder';

/** Longest time at stops without letting events in, in ms, so that a cancel is heard. */
const longestSilence = 20;

/** Why a training stretch ended. */
export type Ending = 'plan' | 'budget' | 'divergence' | 'cancelled';

/** A stop of the run at which something is measured. */
export interface Stops {
  /** Sorted, without repeats. */
  readonly steps: readonly number[];
  at(step: number): Promise<void>;
}

/** When to give up: by the person, or by a deadline that only cuts. */
export interface Bounds {
  readonly cancel: CancelToken;
  /** Milliseconds since the epoch; null for none. */
  readonly deadline: number | null;
}

/**
 * Trains `run` through all stops. Columns of single steps go to `record`.
 * Ends early when the loss is not finite, at cancellation, or at the deadline.
 */
export async function trainThrough(
  run: Run,
  stops: Stops,
  bounds: Bounds,
  record: (columns: StepColumns) => void,
): Promise<Ending> {
  let heard = performance.now();
  for (const stop of stops.steps) {
    while (run.step < stop) {
      const columns = await run.advance(stop - run.step, bounds.cancel);
      record(columns);
      if (columns.nonFinite) return 'divergence';
      if (bounds.cancel.cancelled) return 'cancelled';
      if (bounds.deadline !== null && Date.now() > bounds.deadline) return 'budget';
    }
    await stops.at(run.step);
    if (performance.now() - heard > longestSilence) {
      await yieldToEvents();
      heard = performance.now();
    }
    if (bounds.cancel.cancelled) return 'cancelled';
  }
  return 'plan';
}

/** Takes over the columns of single steps, where something was measured. */
export function recordSteps(recorder: Recorder, { steps, columns, looked }: StepColumns): void {
  if (steps.length === 0) return;
  for (const [quantity, values] of columns)
    if (quantity === 'loss' || quantity === 'learningRate') recorder.addAll(quantity, steps, values);
    else recorder.addKnown(quantity, looked, values);
}

/** The curvature at which the optimizer turns unstable, as it moves with the learning rate between two looks at the curvature. */
export function recordLimit(
  recorder: Recorder,
  { steps, columns }: StepColumns,
  limit: StabilityLimit | null,
  isWanted: (step: number) => boolean,
): void {
  const rates = columns.get('learningRate');
  if (!rates || !limit || limit.firstStep === Infinity) return;
  steps.forEach((step, i) => {
    if (isWanted(step)) recorder.add('stabilityLimit', step, limit.curvature(rates[i] as number));
  });
}
