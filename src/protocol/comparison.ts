import type { Comparison, ComparisonFailure, Difference } from '../records/comparison';
import type { DiagnoseParameters } from './diagnosis';

/** Steps that are compared when nothing else is said. */
export const comparedSteps = 20;

/** A Python that can compare. */
export interface Interpreter {
  readonly path: string;
  /** Versions. */
  readonly python: string;
  readonly torch: string;
}

/** Which Python is wanted: this one alone, or null for the first with PyTorch of those that are usually there. */
export interface FindPythonParameters {
  readonly path: string | null;
}

/** The Python that was found, or what was tried. */
export type FindPythonResult =
  { readonly found: true; readonly interpreter: Interpreter } | { readonly found: false; readonly text: string };

/** The script is run by `interpreter` as the texts have it, with imported files as they are on disk. */
export interface CompareParameters extends DiagnoseParameters {
  readonly interpreter: string;
  readonly steps: number;
}

/** What goes on. */
export interface CompareEvent {
  readonly text: string;
}

/** How it ended. */
export type CompareResult =
  | {
      readonly status: 'compared';
      readonly comparison: Comparison;
      /** Data files that were read here: the comparison is stale when one of them changes. */
      readonly files: readonly { readonly path: string; readonly size: number; readonly modified: number }[];
    }
  | { readonly status: 'failed'; readonly failure: ComparisonFailure }
  | { readonly status: 'cancelled' };

/** Whether the runs agree within the bounds. */
export const agrees = ({ differences }: Comparison): boolean => differences.length === 0;

/** A version without the name of its build. */
export const shortVersion = (version: string): string => version.replace(/\+.*$/, '');

/** The comparison in one clause, as the line of trust and the command line have it. */
export function comparisonWords(comparison: Comparison): string {
  const { torch, steps, gaps, differences } = comparison;
  const [first] = differences;
  const version = shortVersion(torch);
  if (first) return `differs from PyTorch ${version} ${differenceWords(first, steps)}`;
  return `compared with PyTorch ${version}: ${steps} ${steps === 1 ? 'step agrees' : 'steps agree'}, loss to ${briefGap(gaps.loss)}`;
}

/** Where and in what the runs part. */
export function differenceWords({ kind, step, name, gap }: Difference, steps: number): string {
  if (kind === 'steps') return `after ${steps} steps: the script takes no more`;
  const what = { rate: 'learning rate', loss: 'loss', gradients: `gradient of ${name}`, parameters: `${name}` }[kind];
  const size = Number.isFinite(gap) ? percentWords(gap) : 'not finite';
  return `${step === null ? `after ${steps} steps` : `from step ${step} on`} (${what} ${size})`;
}

const percentWords = (gap: number): string => `${Number((100 * gap).toPrecision(2))} %`;

/** A relative gap in one digit: `2e-6`. Anything below 1e-9 is rounding of what was written down. */
export const briefGap = (gap: number): string => (gap < 1e-9 ? '1e-9' : gap.toExponential(0).replace('e+0', ''));
