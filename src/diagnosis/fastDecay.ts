import type { Schedule, ScheduleRule } from '../records/optimizer';
import type { SourceRange } from '../records/source';
import { insertArgument, numberLike } from './edits';
import { finding, place } from './finding';
import { lossSpan } from './lossSpan';
import type { Remedy } from './removal';
import type { Evidence, Outcome } from './rule';
import { found, passed, wants } from './rule';
import { editAt, offsetAt, parseCall, textAt } from './text';
import type { Comparison } from './trials';
import { betterBy, clearlyBetter, costsValidation, editVariant, protocol, verification } from './trials';
import { amount, howTried, lossAmount } from './words';

/** A rate below this share of the first one by half of the run is worth a trial. [own] */
const suspicious = 1e-3;

/** Below this by half of the run, a schedule that is stepped for every batch is taken to count epochs. [own] */
export const misplaced = 1e-6;

/** The share of the first rate at which the tried decay ends. [own] */
const usualEnd = 0.01;

/** The factor γ of a decay γ^(calls/period) of the rate, with its name and place among the arguments of its call. */
interface Decay {
  readonly gamma: number;
  readonly period: number;
  readonly argument: string;
  readonly position: number;
}

/**
 * A decay of the rate that ends the training long before the run's end. It convicts only where the script with a decay to a hundredth over the
 * whole run, re-run from its start, is clearly better on two seeds, or gets twice as far.
 */
export function fastDecayVerdict(e: Evidence): Outcome {
  const { schedules, loop } = e.experiment;
  if (e.run === null || loop === null) return passed;
  for (const schedule of schedules) {
    const decay = decayOf(schedule.rule);
    const calls = loop.epochs.value * (schedule.per === 'batch' ? e.run.stepsPerEpoch : 1);
    if (decay === null || (schedule.stepCall === null && schedule.rule.kind !== 'decay')) continue;
    const half = rateAfter(decay, calls / 2);
    // Stepped for every batch it may be the pace that is wrong: `scheduler-misplaced` tries that. Decays count steps by themselves.
    if (schedule.rule.kind !== 'decay' && schedule.per === 'batch' && schedule.stepCall !== null && half < misplaced) continue;
    const written = half < suspicious ? slower(e, schedule, decay, calls) : null;
    if (written === null) continue;
    const { at, remedy } = written;
    const trial = protocol(e, editVariant('optimizer-settings', remedy.edits, decay.argument), getsFurther(e));
    if (trial.kind === 'wants') return wants('a re-run with a slower decay of the rate', ...trial.trials);
    if (trial.kind === 'unavailable' || !trial.helped || costsValidation(trial.after, trial.before)) continue;
    const words =
      `${decay.argument} = ${amount(decay.gamma)} takes the learning rate to ${amount(half)} of itself by half of the run, and nothing is learned from there on. ` +
      `${remedy.title}, re-run from the start: the probe loss ends at ${lossAmount(trial.after.probeLoss.end)}, as written at ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
    const fixes = [{ ...remedy, verified: verification(trial) }];
    return found(finding('optimizer-settings', trial.seeds < 2 ? 'information' : 'warning', at, words, { fixes }));
  }
  return passed;
}

/** Clearly better, or twice as far: where the rate is low as well, both runs stay high. */
const getsFurther =
  (e: Evidence): Comparison =>
  (after, before) =>
    clearlyBetter(lossSpan(e))(after, before) || betterBy(lossSpan(e), { ratio: 1, gain: 0.5 })(after, before);

function decayOf(rule: ScheduleRule): Decay | null {
  if (rule.kind === 'exponential') return { gamma: rule.gamma, period: 1, argument: 'gamma', position: 1 };
  if (rule.kind === 'step') return { gamma: rule.gamma, period: rule.stepSize, argument: 'gamma', position: 2 };
  if (rule.kind !== 'decay' || rule.curve.kind !== 'exponential') return null;
  return { gamma: rule.curve.gamma, period: rule.curve.length, argument: 'decay_rate', position: 2 };
}

const rateAfter = ({ gamma, period }: Decay, calls: number): number => gamma ** Math.floor(calls / period);

/** γ for a decay to a hundredth over all calls, written in place of the script's, and where that stands; null when its text is not at hand. */
function slower(
  e: Evidence,
  { range }: Schedule,
  { period, argument, position }: Decay,
  calls: number,
): { readonly at: SourceRange; readonly remedy: Remedy } | null {
  const exact = usualEnd ** (1 / Math.max(1, Math.floor(calls / period)));
  const gamma = Number(exact.toPrecision(exact > 0.99 ? 4 : 2));
  const text = e.texts[range.path];
  const call = parseCall(textAt(e.texts, range) ?? '');
  if (text === undefined || call === null) return null;
  const title = `Set ${argument} to ${gamma}`;
  const named = call.arguments.find((one) => new RegExp(`^${argument}\\s*=(?!=)`).test(one.text));
  const plain = call.arguments.every((one, i) => i > position || !/^\w+\s*=(?!=)/.test(one.text));
  const given = named ?? (plain ? call.arguments[position] : undefined);
  if (given === undefined) return { at: range, remedy: { title, edits: insertArgument(e.texts, range, `${argument}=${gamma}`) } };
  const value = given.text.slice(/^\w+\s*=\s*(?!=)/.exec(given.text)?.[0].length ?? 0);
  const end = offsetAt(text, range.line, range.column) + given.end;
  const edit = editAt(range.path, text, end - value.length, end, numberLike(value, gamma));
  return { at: place(edit), remedy: { title, edits: [edit] } };
}
