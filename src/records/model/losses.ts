/** How several rows' losses become one number. */
export type Reduction = 'mean' | 'sum' | 'none';

/** Losses of a batch, with their arguments. */
export interface Losses {
  /** Inputs: logits, targets (class numbers, or probabilities). */
  readonly crossEntropy: {
    readonly reduction: Reduction;
    readonly labelSmoothing: number;
    readonly weight: readonly number[] | null;
    /** The class number whose rows do not count; null where there are none. */
    readonly ignoreIndex: number | null;
  };
  /** Inputs: log-probabilities, class numbers. */
  readonly nll: {
    readonly reduction: Reduction;
    readonly weight: readonly number[] | null;
    readonly ignoreIndex: number | null;
  };
  /** Inputs: probabilities, targets; PyTorch clamps the logarithm at -100. `weight`: one factor for each place of the last axis. */
  readonly bce: { readonly reduction: Reduction; readonly weight?: readonly number[] };
  readonly bceWithLogits: {
    readonly reduction: Reduction;
    readonly positiveWeight: readonly number[] | null;
    readonly weight?: readonly number[];
  };
  readonly mse: { readonly reduction: Reduction };
  readonly l1: { readonly reduction: Reduction };
  readonly huber: { readonly reduction: Reduction; readonly delta: number };
  readonly smoothL1: { readonly reduction: Reduction; readonly beta: number };
  /** Inputs: log-rates (rates when not `logInput`), counts. `full` adds Stirling's term. */
  readonly poissonNll: {
    readonly reduction: Reduction;
    readonly logInput: boolean;
    readonly full: boolean;
    readonly epsilon: number;
  };
  /** Inputs: means, targets, variances (also one for each row). */
  readonly gaussianNll: { readonly reduction: Reduction; readonly full: boolean; readonly epsilon: number };
  /** Inputs: distances, targets of 1 and -1. */
  readonly hingeEmbedding: { readonly reduction: Reduction; readonly margin: number };
  /** Inputs: two scores, and 1 where the first is to be larger, else -1. */
  readonly marginRanking: { readonly reduction: Reduction; readonly margin: number };
  /** Inputs: scores, class numbers. */
  readonly multiMargin: {
    readonly reduction: Reduction;
    readonly power: 1 | 2;
    readonly margin: number;
    readonly weight: readonly number[] | null;
  };
  /** Inputs: scores, and in each row the numbers of its classes, ended by -1. */
  readonly multiLabelMargin: { readonly reduction: Reduction };
  /** Inputs: scores, targets of 1 and -1. */
  readonly softMargin: { readonly reduction: Reduction };
  /** Inputs: logits, targets of 0 and 1; the mean over the classes of each row. */
  readonly multiLabelSoftMargin: { readonly reduction: Reduction; readonly weight: readonly number[] | null };
  /** Inputs: two points, and 1 where they are to be alike, else -1. */
  readonly cosineEmbedding: { readonly reduction: Reduction; readonly margin: number };
  /** Inputs: anchor, a point of its kind, a point of another. */
  readonly tripletMargin: {
    readonly reduction: Reduction;
    readonly margin: number;
    readonly power: 1 | 2;
    readonly epsilon: number;
    readonly swap: boolean;
  };
  /**
   * Inputs: log-probabilities [times, rows, classes] (or of one row, without that axis), class numbers [rows, labels], and the lengths of
   * both, of each row or of all. `infinityIsZero`: rows that no alignment fits do not count.
   */
  readonly ctc: { readonly reduction: Reduction; readonly blank: number; readonly infinityIsZero: boolean };
  readonly klDivergence: { readonly reduction: Reduction | 'batchmean'; readonly logTarget: boolean };
}
