import type { DataStatistics } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { Finding, RuleId, Severity } from '../records/finding';
import type { Measurements, RunSummary } from '../records/measurement';
import type { TrialRequest, TrialResult } from '../records/trial';

/** What a rule needs at least: 0 text; 1 data statistics; 2 by-products of the run; 3 curvature and noise; 4 a trial. */
export type Tier = 0 | 1 | 2 | 3 | 4;

/** Everything a rule may look at. Parts that a tier does not have are null. */
export interface Evidence {
  readonly experiment: Experiment;
  readonly statistics: DataStatistics | null;
  readonly run: RunSummary | null;
  readonly measurements: Measurements;
  /** Results of the trials that were asked for so far, by their key. */
  readonly trials: ReadonlyMap<string, TrialResult>;
  /** The unchanged script under the trial protocol; null before the run. */
  readonly baseline: TrialResult | null;
  /** The texts of `experiment.files` by path: fixes are written into them. Empty when they are not at hand. */
  readonly texts: Readonly<Record<string, string>>;
}

/** What a rule says: nothing wrong, not enough known, found, or "run these first and ask again". */
export type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'undecided'; readonly needs: string }
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  | {
      readonly kind: 'wants';
      readonly trials: readonly TrialRequest[];
      /** Said when no trial can be run. */
      readonly needs: string;
      /** What is certain already, whatever the trials show: only its fix waits for them. */
      readonly meanwhile?: readonly Finding[];
    }
  /** The rule has no object here (no dropout in the model): neither passed nor undecided. */
  | { readonly kind: 'irrelevant' };

/** One rule. `detect` is pure: same evidence, same outcome. */
export interface Rule {
  readonly id: RuleId;
  readonly tier: Tier;
  /** The severity it has unless the settings change it; a finding may be milder. */
  readonly severity: Severity;
  /** One line, for tables and settings. */
  readonly title: string;
  /** The documentation page's body in Markdown: what it means, how it is measured, when it is no fault, sources. */
  readonly explanation: string;
  readonly detect: (evidence: Evidence) => Outcome;
}

export const passed: Outcome = { kind: 'passed' };
export const irrelevant: Outcome = { kind: 'irrelevant' };
export const undecided = (needs: string): Outcome => ({ kind: 'undecided', needs });
export const found = (...findings: Finding[]): Outcome => ({ kind: 'found', findings });
export const wants = (needs: string, ...trials: TrialRequest[]): Outcome => ({ kind: 'wants', needs, trials });
/** `findings` are certain; their fix is being tried. */
export const foundMeanwhile = (findings: readonly Finding[], needs: string, trials: readonly TrialRequest[]): Outcome => ({
  kind: 'wants',
  needs,
  trials,
  meanwhile: findings,
});
