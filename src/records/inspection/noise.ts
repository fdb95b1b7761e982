import type { InspectionCost, Uncertain } from './cost';

/** What is left of the Hessian without its indefinite part, how rows and batches differ, and what goes into the layers. */
export interface InspectedNoise {
  readonly part: 'noise';
  /** Largest eigenvalue of the Hessian, and of the Gauss-Newton matrix where there is one. */
  readonly largest: number;
  readonly gaussNewton: {
    readonly largest: Uncertain;
    /** True where it is the Fisher matrix of the model's distribution. */
    readonly isFisher: boolean;
  } | null;
  /** False where no rows of data reach the loss, so that nothing differs between them: `gradients` and `batchSharpness` are null. */
  readonly seesRows: boolean;
  /** Null where there are too few rows, or none. */
  readonly gradients: {
    /** Rows behind each gradient that was compared. */
    readonly rowsEach: number;
    /** tr Σ of one row's gradient, and the largest eigenvalue of Σ. */
    readonly trace: Uncertain;
    readonly largest: Uncertain;
    /** tr Σ/‖g‖², in rows. */
    readonly noiseScale: Uncertain;
    /**
     * tr(HΣ)/gᵀHg, in rows: with batches of B the best rate along the gradient is that of all rows over 1 + this/B, of N rows without
     * replacement over 1 + (this/B)(1 - B/N). Null where gᵀHg ≤ 0 or noise hides it.
     */
    readonly curvatureNoise: Uncertain | null;
    /** Rows at which that divides by two, and the N they are drawn from without replacement; null with it. */
    readonly bestBatch: Uncertain | null;
    readonly drawnFrom: number | null;
    /** ‖g‖² over the sampling variance of a batch of `batch` rows. */
    readonly signalToNoise: Uncertain;
    readonly batch: number;
  } | null;
  /** Loss that the noise of batches keeps up at the rate in force, for rates well under the limit; null without noise or steps. */
  readonly floor: {
    readonly loss: Uncertain;
    readonly rate: number;
    readonly momentum: number;
    readonly batch: number;
    /** True: in the optimizer's own metric. */
    readonly preconditioned: boolean;
    /** At most this share of it is left where epochs are shuffled; null where that is not known. */
    readonly shuffled: number | null;
  } | null;
  /** Both ends of the spectrum brought to all rows, each null where these rows do not tell; null where these are all, or the loss has kinks. */
  readonly allRows: { readonly largest: Uncertain | null; readonly smallest: Uncertain | null } | null;
  /** Mean over batches of gᵀHg/‖g‖² with each batch's own; null where a batch is all rows. */
  readonly batchSharpness: Uncertain | null;
  /** Second moments of what goes into each linear layer: the largest eigenvalue, and the mean of all. */
  readonly inputs: readonly { readonly layer: string; readonly largest: Uncertain; readonly mean: number }[];
  readonly cost: InspectionCost;
}
