import type { InspectionCost } from './cost';

/** One way on from the point, tried for some steps. */
export interface EscapeBranch {
  readonly way: 'as it is' | 'step' | 'noise' | 'momentum';
  /** What was done, in words. */
  readonly text: string;
  readonly steps: Float64Array;
  readonly losses: Float64Array;
  /** First measured step at which the loss is under the point's by more than a hundredth of it; null when it never is. */
  readonly leftAt: number | null;
}

/** The way out of a saddle. */
export interface InspectedEscape {
  readonly part: 'escape';
  /** Curvature along the escape direction: of P^-½HP^-½ where the optimizer preconditions. */
  readonly curvature: number;
  readonly preconditioned: boolean;
  /** Growth of the distance in one step, adaptive optimizers' second moment frozen; null where none is known. */
  readonly factor: number | null;
  /** Distance along the direction as the gradient tells it, and the one at which a hundredth of the loss is gone. */
  readonly from: number;
  readonly to: number | null;
  /** Steps from the one to the other; null for never, or where they cannot be foretold. */
  readonly expectedSteps: number | null;
  readonly foretold: boolean;
  /** e-folds of growth in what is left of the run; null where no factor is known. */
  readonly folds: number | null;
  /** Largest fall of the loss that was measured along the direction, over the loss here. */
  readonly descent: number;
  /** More than 3 e-folds and more than 1 % of the loss; without a factor: as many until it is left in time, or the run as it is was held here while another way left. */
  readonly matters: boolean;
  readonly branches: readonly EscapeBranch[];
  readonly cost: InspectionCost;
}

/** What single steps from the point would gain: falls of the loss, measured. */
export interface InspectedGains {
  readonly part: 'gains';
  /** The optimizer's own next step; null at a point that is not the run's own. */
  readonly ownStep: number | null;
  /** The best step along the gradient by the second-order model. */
  readonly gradientStep: { readonly rate: number; readonly predicted: number; readonly measured: number } | null;
  /** A damped truncated Newton step by conjugate gradients; null when no damping made the loss fall. */
  readonly newton: {
    readonly predicted: number;
    readonly measured: number;
    readonly damping: number;
    /** Ended at a direction of curvature ≤ 0. */
    readonly negativeCurvature: boolean;
    readonly length: number;
  } | null;
  readonly cost: InspectionCost;
}
