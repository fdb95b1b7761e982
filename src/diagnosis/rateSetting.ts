import type { Fix } from '../records/finding';
import type { Schedule } from '../records/optimizer';
import type { SourceRange, Sourced, TextEdit } from '../records/source';
import type { Verification } from '../records/trial';
import { setValue } from './edits';
import { rateEdits } from './rateEdits';
import type { Evidence } from './rule';
import type { Variant } from './trials';
import { amount } from './words';

/** The number of the script that decides how high the rate is. */
export interface RateSetting {
  readonly rate: Sourced<number>;
  /** What the script calls it. */
  readonly name: 'lr' | 'max_lr';
  /** The call that takes it. */
  readonly call: SourceRange;
}

/** The schedule whose peak the rate follows: one that is stepped sets every rate itself, and the optimizer's has no effect. */
const rulingSchedule = (e: Evidence): Schedule | undefined =>
  e.experiment.schedules.find(({ peak, stepCall }) => peak !== undefined && stepCall !== null);

/** The rate that the run follows: the optimizer's, or the peak of a cycle; null without an optimizer. */
export function rateSetting(e: Evidence): RateSetting | null {
  const { optimizer } = e.experiment;
  if (optimizer === null) return null;
  const schedule = rulingSchedule(e);
  if (schedule?.peak !== undefined) return { rate: schedule.peak, name: 'max_lr', call: schedule.range };
  return { rate: optimizer.learningRate, name: 'lr', call: optimizer.call };
}

/** Whether the script can choose the rate at all: scikit-learn's heuristics take none. */
export const choosesRate = (e: Evidence): boolean => e.experiment.optimizer?.rateName !== null;

/** Edits that give the run's rate another value; empty where the text does not allow it. */
export function rateSettingEdits(e: Evidence, value: number): readonly TextEdit[] {
  const { optimizer } = e.experiment;
  const setting = rateSetting(e);
  if (optimizer === null || setting === null) return [];
  if (setting.name === 'lr') return rateEdits(e.texts, optimizer, value);
  return setValue(e.texts, setting.rate, setting.call, setting.name, value);
}

/** The unit with another rate. The peak of a cycle is changed in the text, which is read again. */
export function rateVariant(e: Evidence, value: number): Variant {
  if (rulingSchedule(e) === undefined) return { label: `lr=${value}`, changes: [{ field: 'learningRate', value }] };
  return { label: `max_lr=${value}`, changes: [], edits: rateSettingEdits(e, value) };
}

/** The fix that sets a rate which was tried; null where the text does not allow it. */
export function rateFix(e: Evidence, value: number, verified: Verification): Fix | null {
  const edits = rateSettingEdits(e, value);
  if (edits.length === 0) return null;
  const ruled = rulingSchedule(e) !== undefined;
  return {
    title: ruled ? `Set the highest rate of the schedule to ${amount(value)}` : `Set the learning rate to ${amount(value)}`,
    edits,
    ...(ruled ? {} : { changes: [{ field: 'learningRate', value }] }),
    verified,
  };
}
