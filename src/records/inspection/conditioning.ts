import type { InspectionCost, Uncertain } from './cost';

/** How stretched the surface is. */
export interface Conditioning {
  /** λ1/λn; null when the small end is negative or cannot be told from zero. */
  readonly value: Uncertain | null;
  /** No smaller than this. */
  readonly atLeast: number;
  /** Over all but the flattest hundredth of the positive part of the spectrum; null when that was not measured. */
  readonly effective: Uncertain | null;
}

/** Condition numbers as they are, and with the diagonal of an adaptive optimizer. */
export interface InspectedConditioning {
  readonly part: 'conditioning';
  readonly plain: Conditioning;
  readonly preconditioned: Conditioning | null;
  /** Whose diagonal: the optimizer's own at this step, or what Adam would have from batches at this point. */
  readonly diagonal: 'optimizer' | 'estimated' | null;
  readonly cost: InspectionCost;
}
