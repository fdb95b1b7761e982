import type { DataStatistics, Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { Finding, RuleId } from '../records/finding';
import type { GivenValues } from '../records/given';
import type { MeasurementBatch, RunSummary } from '../records/measurement';
import type { Assumption } from '../records/source';

/** What a diagnosis is asked for with. */
export interface DiagnoseParameters {
  readonly experiment: Experiment;
  /** The texts of `experiment.files` as the editor has them: a fix is tried by reading the edited text again. */
  readonly texts: Readonly<Record<string, string>>;
  readonly options: DiagnoseOptions;
}

export interface DiagnoseOptions {
  /** Folders of the workspace, in which data are looked for. */
  readonly folders: readonly string[];
  /** A data file or folder that takes the place of the script's own path. */
  readonly dataPath?: string;
  /** Train on made-up data when the script's own cannot be loaded. */
  readonly standIn?: boolean;
  /** What the script is given in place of its command line. */
  readonly given?: GivenValues;
  /** Overrides the script's seed. */
  readonly seed?: number;
  /** Only cuts the plan; null for none. */
  readonly budgetSeconds: number | null;
  /** Rules that are switched off. */
  readonly off: readonly RuleId[];
}

export type Phase = 'loading' | 'building' | 'training' | 'trials' | 'done';

/** What happens while a unit is diagnosed, in order. */
export type DiagnoseEvent =
  | {
      readonly kind: 'phase';
      readonly phase: Phase;
      /** 0…1 over the whole diagnosis. */ readonly fraction: number;
      readonly text: string;
    }
  | {
      readonly kind: 'data';
      readonly statistics: DataStatistics;
      readonly assumptions: readonly Assumption[];
      /** `Dataset.files`: the findings are stale when one of them changes. */ readonly files?: Dataset['files'];
    }
  | { readonly kind: 'measurements'; readonly batch: MeasurementBatch }
  | { readonly kind: 'run'; readonly run: RunSummary }
  | {
      readonly kind: 'findings';
      readonly findings: readonly Finding[];
      readonly passed: readonly RuleId[];
      readonly undecided: readonly { readonly rule: RuleId; readonly needs: string }[];
    };
