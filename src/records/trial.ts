import type { TextEdit } from './source';

/** One field of the Experiment, changed. Trials that need no new reading use it; a fix always has edits too. */
export type Change =
  | { readonly field: 'learningRate'; readonly value: number }
  | { readonly field: 'momentum'; readonly value: number }
  | { readonly field: 'batchSize'; readonly value: number }
  | { readonly field: 'epochs'; readonly value: number };

/** A wish to re-run the unit from its start with something changed. */
export interface TrialRequest {
  /** Chosen by the rule; the same key is run once. */
  readonly key: string;
  readonly changes: readonly Change[];
  /** Edits of the text, applied before reading it again; in place of `changes`. */
  readonly edits?: readonly TextEdit[];
  /** 0: the run's own seed; 1, 2, …: fresh ones. */
  readonly seedOffset: number;
}

/** What a re-run showed. Losses are means over the fixed probe rows. */
export interface TrialResult {
  readonly request: TrialRequest;
  /** `unavailable`: the changed script could not be read or built; `reason` says why. */
  readonly status: 'trained' | 'diverged' | 'unavailable';
  readonly reason?: string;
  readonly steps: number;
  readonly probeLoss: { readonly start: number; readonly third: number; readonly end: number; readonly best: number };
  readonly validationLoss: { readonly third: number; readonly end: number } | null;
  readonly accuracy: number | null;
  /** Largest of the mean saturated (dead) fraction over the layers at the end. */
  readonly saturated: number;
  readonly dead: number;
  /** Probe loss over the steps, for the hover's small curve. */
  readonly curve: { readonly steps: readonly number[]; readonly values: readonly number[] };
}

/** How a fix did when it was tried. */
export interface Verification {
  readonly steps: number;
  readonly seeds: number;
  /** What was compared: `probeLoss`, `validationLoss`, `accuracy`, `saturated`. */
  readonly quantity: string;
  /** Not a number where the script as written is refused. */
  readonly before: number;
  readonly after: number;
  readonly helped: boolean;
  /** The framework refuses the script as written before it trains, so that there is nothing to compare with. */
  readonly refused?: true;
}
