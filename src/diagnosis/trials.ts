import type { RuleId } from '../records/finding';
import type { TextEdit } from '../records/source';
import type { Change, TrialRequest, TrialResult, Verification } from '../records/trial';
import type { LossSpan } from './lossSpan';
import { startOf } from './lossSpan';
import type { Evidence } from './rule';

/** What a trial changes: fields of the Experiment, or the text. `label` names it and makes its key. */
export interface Variant {
  readonly label: string;
  readonly changes: readonly Change[];
  readonly edits?: readonly TextEdit[];
}

export const momentumVariant = (value: number): Variant => ({
  label: `momentum=${value}`,
  changes: [{ field: 'momentum', value }],
});
export const epochsVariant = (value: number): Variant => ({ label: `epochs=${value}`, changes: [{ field: 'epochs', value }] });
export const editVariant = (rule: RuleId, edits: readonly TextEdit[], name = 'fix'): Variant => ({
  label: `${rule}:${name}`,
  changes: [],
  edits,
});
const unchangedVariant: Variant = { label: 'unchanged', changes: [] };

/** The request for a variant on the run's own seed (0) or a fresh one. */
export function request(variant: Variant, seedOffset: number): TrialRequest {
  const key = `${variant.label}@seed${seedOffset}`;
  return variant.edits === undefined
    ? { key, changes: variant.changes, seedOffset }
    : { key, changes: variant.changes, edits: variant.edits, seedOffset };
}

/** The result of a variant, if it was run. */
export const resultOf = (e: Evidence, variant: Variant, seedOffset = 0): TrialResult | undefined =>
  e.trials.get(request(variant, seedOffset).key);

/** The unchanged script on a seed: the pipeline's baseline on its own. */
export const unchanged = (e: Evidence, seedOffset = 0): TrialResult | undefined =>
  (seedOffset === 0 ? e.baseline : null) ?? resultOf(e, unchangedVariant, seedOffset);

export const unchangedRequest = (seedOffset: number): TrialRequest => request(unchangedVariant, seedOffset);

/** Whether the run ended not finite, well above its start, or back at its start after it had come far down. [own: 1.2, .9, .5] */
export function failed({ status, probeLoss: { start, end, best } }: TrialResult): boolean {
  if (status === 'unavailable') return false;
  if (status === 'diverged' || !Number.isFinite(end)) return true;
  const scale = Math.abs(start);
  return end > start + 0.2 * scale || (end > start - 0.1 * scale && best < start - 0.5 * scale);
}

/** Whether it ended below its start. */
export const trains = (result: TrialResult): boolean =>
  result.status === 'trained' && Number.isFinite(result.probeLoss.end) && result.probeLoss.end < result.probeLoss.start;

/** Decides between two runs of equal length. */
export type Comparison = (after: TrialResult, before: TrialResult) => boolean;

/** How much better a run must be. */
export interface Demand {
  /** `before` less the floor, over `after` less the floor, at the end. */
  readonly ratio: number;
  /** Gain over all that was to be gained, counted from the lower start. */
  readonly gain: number;
}

/** Lower at the end by as much as is demanded. */
export const betterBy =
  (span: LossSpan, { ratio, gain }: Demand): Comparison =>
  (after, before) => {
    if (!trains(after)) return false;
    if (failed(before)) return true;
    const { floor } = span;
    const start = startOf(Math.min(before.probeLoss.start, after.probeLoss.start), span);
    const gained = before.probeLoss.end - after.probeLoss.end;
    // A run that moves nowhere gains nothing, however large the share of that is.
    if (gained < 0.01 * Math.abs(start - floor) || gained <= 0) return false;
    return (
      gained >= gain * (start - after.probeLoss.end) && before.probeLoss.end - floor >= ratio * (after.probeLoss.end - floor)
    );
  };

/** Clearly lower at the end: a quarter or more above it, and a tenth or more of all that was to be gained. [own] */
export const clearlyBetter = (span: LossSpan): Comparison => betterBy(span, { ratio: 1.25, gain: 0.1 });

/** Clearly lower at the end and lower at a third. */
export const betterThroughout =
  (span: LossSpan): Comparison =>
  (after, before) =>
    clearlyBetter(span)(after, before) && (failed(before) || after.probeLoss.third < before.probeLoss.third);

/** Clearly better, and `before` made less than half of the way that `after` made. */
export const twiceAsFar =
  (span: LossSpan): Comparison =>
  (after, before) =>
    clearlyBetter(span)(after, before) && fall(before, span) < 0.5 * fall(after, span);

/** Twice as far down, or half as much left: what noise and a few more parameters do not bring. */
export const muchBetter =
  (span: LossSpan): Comparison =>
  (after, before) =>
    twiceAsFar(span)(after, before) || betterBy(span, { ratio: 2, gain: 0.2 })(after, before);

/** Fell at least twice as far, however little that is. */
export const movesFurther: Comparison = (after, before) => trains(after) && fall(after, whole) > 2 * fall(before, whole);

const whole: LossSpan = { floor: -Infinity, top: Infinity };

/** What was lost on the way, of what there was to lose. */
const fall = ({ probeLoss }: TrialResult, span: LossSpan): number => startOf(probeLoss.start, span) - probeLoss.end;

/** Whether a run came down by a tenth of its own way at least: one that stands still ends low only where it began low. [own] */
export const comesDown = (result: TrialResult, span: LossSpan): boolean =>
  fall(result, span) >= 0.1 * (startOf(result.probeLoss.start, span) - span.floor);

/** Even at the speed of the steps that were run, the whole script would leave more than half of the loss. [own] */
export function tooSlowForAll(before: TrialResult, ofSteps: number, span: LossSpan): boolean {
  if (before.steps >= ofSteps) return true;
  const share = fall(before, span) / Math.max(startOf(before.probeLoss.start, span) - span.floor, Number.MIN_VALUE);
  return (share * ofSteps) / Math.max(before.steps, 1) < 0.5;
}

/** For changes of the loss itself: right answers where they are counted, else that it trains. */
export const noWorse: Comparison = (after, before) => {
  if (!trains(after)) return false;
  if (after.accuracy === null || before.accuracy === null) return true;
  return after.accuracy >= before.accuracy - 0.02;
};

/** Validation clearly worse although training is better: to be said, and not preferred. [own: 5 %] */
export function costsValidation(after: TrialResult, before: TrialResult): boolean {
  if (after.validationLoss === null || before.validationLoss === null) return false;
  return after.validationLoss.end > 1.05 * before.validationLoss.end;
}

/** How the protocol went: more to run, not possible, or tried on one or two seeds. */
export type Protocol =
  | { readonly kind: 'wants'; readonly trials: readonly TrialRequest[] }
  | { readonly kind: 'unavailable'; readonly reason: string }
  | Tried;

/** A trial that was run. */
export interface Tried {
  readonly kind: 'tried';
  /** On the run's own seed. */
  readonly before: TrialResult;
  readonly after: TrialResult;
  readonly seeds: number;
  readonly helped: boolean;
}

/**
 * The protocol of a trial: the variant from the start on the run's own seed; if it is better, again on a fresh
 * seed together with the unchanged script there. It helped if it is better on both.
 */
export function protocol(e: Evidence, variant: Variant, better: Comparison): Protocol {
  const after = resultOf(e, variant);
  const before = unchanged(e);
  if (after === undefined || before === undefined)
    return {
      kind: 'wants',
      trials: [...(before === undefined ? [unchangedRequest(0)] : []), ...(after === undefined ? [request(variant, 0)] : [])],
    };
  const missing = [before, after].find((result) => result.status === 'unavailable');
  if (missing !== undefined) return { kind: 'unavailable', reason: missing.reason ?? 'the changed script could not be run' };
  if (!better(after, before)) return { kind: 'tried', before, after, seeds: 1, helped: false };
  return onFreshSeed(e, variant, better, before, after);
}

function onFreshSeed(e: Evidence, variant: Variant, better: Comparison, before: TrialResult, after: TrialResult): Protocol {
  const again = resultOf(e, variant, 1);
  const reference = unchanged(e, 1);
  if (again === undefined || reference === undefined)
    return {
      kind: 'wants',
      trials: [...(reference === undefined ? [unchangedRequest(1)] : []), ...(again === undefined ? [request(variant, 1)] : [])],
    };
  if (again.status === 'unavailable' || reference.status === 'unavailable')
    return { kind: 'tried', before, after, seeds: 1, helped: true };
  return { kind: 'tried', before, after, seeds: 2, helped: better(again, reference) };
}

/** What a fix shows about its trial. */
export function verification(tried: Tried, quantity: 'probeLoss' | 'accuracy' = 'probeLoss'): Verification {
  const value = (result: TrialResult): number => (quantity === 'accuracy' ? (result.accuracy ?? NaN) : result.probeLoss.end);
  return {
    steps: tried.after.steps,
    seeds: tried.seeds,
    quantity,
    before: value(tried.before),
    after: value(tried.after),
    helped: tried.helped,
  };
}
