import type { InspectionCost, Uncertain } from './cost';

/** How the steps of the run lie about the stiffest direction, from the point on. */
export interface RavinePath {
  readonly steps: number;
  /** Share of successive steps that turn round along the stiff direction. */
  readonly alternation: number;
  /** ‖Σ steps‖/Σ‖step‖ of the parts along the stiff direction: near 0 where they take each other back. */
  readonly stiffProgress: number;
  /** The same across it: 1 for a straight way along the floor. */
  readonly floorProgress: number;
  /** Share of the way's length that went along the stiff direction. */
  readonly stiffShare: number;
}

/** What is left of the loss in the second-order model, by curvature, and how the run gets on in it. */
export interface InspectedRavine {
  readonly part: 'ravine';
  /** Ascending and positive, even in the logarithm; one more than shares. In the optimizer's own metric where `preconditioned`. */
  readonly edges: Float64Array;
  readonly shares: Float64Array;
  /** By how much each changed over the last quarter of the Lanczos steps. */
  readonly shareErrors: Float64Array;
  readonly preconditioned: boolean;
  /** The loss that the quadratic model has left: ½ Σ (vᵀg)²/λ. */
  readonly left: Uncertain;
  /** Flatter directions are not learned in the whole script: ηλT/(1-μ) < 1. */
  readonly slowBelow: number;
  /** Share of `left` in those; null when nothing is left to share. */
  readonly slowShare: Uncertain | null;
  /** Share of ‖g‖² on curvatures that are not positive beyond rounding: no finite loss is left there to tell. */
  readonly undecided: number;
  /** Null away from the run. */
  readonly path: RavinePath | null;
  /** Heavy ball's fastest setting between the stiffest curvature and the flattest above which nine tenths of what is left lie; null when there is none. */
  readonly best: {
    readonly rate: number;
    readonly momentum: number;
    readonly stiffest: number;
    readonly flattest: number;
  } | null;
  readonly cost: InspectionCost;
}
