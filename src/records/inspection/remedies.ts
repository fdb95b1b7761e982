import type { InspectionCost } from './cost';

/** What is said to help in a ravine. */
export type RemedyKind = 'momentum' | 'adam' | 'normalised inputs' | 'batch norm';

/** The loss on the probe rows while a branch runs, weight decay not included; infinite where values were not finite. */
export interface BranchCurve {
  readonly steps: Float64Array;
  readonly losses: Float64Array;
}

/** One remedy, tried in a short branch beside the run as it is. */
export interface TriedRemedy {
  readonly remedy: RemedyKind;
  /** `here`: from the point, with the same parameters. `start`: from first values, where the model or its inputs are others. */
  readonly from: 'here' | 'start';
  /** What was done, or why it was not. */
  readonly text: string;
  /** Null: it does not apply, as `text` says. */
  readonly curve: BranchCurve | null;
  /** The run as it is, over as many steps from the same place; null with `curve`. */
  readonly asItIs: BranchCurve | null;
}

/** What momentum, Adam, normalised inputs and batch norm would buy; comes again with each remedy that was tried. */
export interface InspectedRemedies {
  readonly part: 'remedies';
  readonly tried: readonly TriedRemedy[];
  readonly of: number;
  readonly cost: InspectionCost;
}
