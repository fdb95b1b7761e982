import type { RunSummary } from '../records/measurement';
import type { TrialResult } from '../records/trial';

/** A number for a message: up to three significant digits, exponents only where they help. */
export function amount(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : 'infinite';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e');
  if (size >= 1000) return grouped(Math.round(value));
  return String(Number(value.toPrecision(size >= 100 ? 3 : 2)));
}

/** A number with the half width of its 95 % interval, `12 ± 0.4`; the number alone where nothing is known of it. */
export function amountWithin(value: number, error: number | undefined): string {
  if (error === undefined || !Number.isFinite(error)) return amount(value);
  const size = Math.abs(value);
  // One digit of the error, and the value as far as that reaches, to three digits.
  const digits = Math.max(2, Math.min(3, Math.floor(Math.log10(size)) - Math.floor(Math.log10(error)) + 1));
  const shown = size < 1e-3 || size >= 1000 || !(error > 0) ? amount(value) : String(Number(value.toPrecision(digits)));
  return `${shown} ± ${amount(Number(error.toPrecision(1)))}`;
}

/** A loss for a message: three significant digits. */
export function lossAmount(value: number): string {
  if (!Number.isFinite(value)) return 'not finite';
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(1).replace('e+', 'e')
    : String(Number(value.toPrecision(3)));
}

/** A whole number with thousands set apart. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A whole number with the half width of its 95 % interval; the number alone where nothing is known of it. */
export const roundedWithin = (value: number, error: number | undefined): string =>
  error === undefined || !Number.isFinite(error)
    ? grouped(value)
    : `${grouped(value)} ± ${grouped(Math.max(1, Number(error.toPrecision(1))))}`;

/** A fraction in per cent. */
export const percent = (fraction: number): string => `${amount(100 * fraction)} %`;

/** "400 of 18,000 steps", or "all 300 steps". */
export const stepsOf = (steps: number, ofSteps: number): string =>
  steps >= ofSteps ? `all ${grouped(ofSteps)} steps` : `${grouped(steps)} of ${grouped(ofSteps)} steps`;

/** How much was run, for the end of a message. */
export const howMuch = (run: RunSummary): string =>
  `Seen in a run of this script over ${stepsOf(run.steps, run.ofSteps)}${run.steps < run.ofSteps ? '; beyond them unknown' : ''}.`;

/** How much the trials ran. */
export const howTried = (trial: TrialResult, run: RunSummary | null, seeds: number): string => {
  const ofSteps = run?.ofSteps ?? trial.steps;
  const seedWords = seeds === 1 ? '1 seed' : `${seeds} seeds`;
  return `Tried on ${seedWords} over ${stepsOf(trial.steps, ofSteps)}${trial.steps < ofSteps ? '; beyond these steps unknown' : ''}.`;
};

/** "3 of 8" lists: the first few names, then how many more. */
export function some(names: readonly string[], shown = 3): string {
  const head = names.slice(0, shown).join(', ');
  return names.length > shown ? `${head} and ${names.length - shown} more` : head;
}
