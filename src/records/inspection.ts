import type { OptimizerKind } from './optimizer';

/*
 * What is known of the loss surface around one point of a run. It comes in parts, each complete in itself; a part that comes again
 * (a finer surface, a verdict with more behind it) takes the place of the earlier one. Losses are those that are trained: an L2 term
 * included, and with its sign turned round where the script maximises. Distances are Euclidean, in parameters.
 */

/** What a part took. */
export interface InspectionCost {
  /** Hessian-vector products. */
  readonly applications: number;
  /** Losses and gradients over the rows. */
  readonly evaluations: number;
  readonly milliseconds: number;
}

/** A number with the half width of its 95 % interval; null where none is known. */
export interface Uncertain {
  readonly value: number;
  readonly error: number | null;
}

/** How the search for a critical point near the run's own point ended. */
export interface CriticalPointSearch {
  /** Distance from the run's point. */
  readonly distance: number;
  /** Loss where the search began. */
  readonly startLoss: number;
  /** Length of the parameters at its end over that at its beginning. */
  readonly grown: number;
  readonly startGradientNorm: number;
  readonly gradientNorm: number;
  readonly iterations: number;
  /** `gradientFlat`: a minimum of the gradient's norm that is no critical point. `stalled`: no step makes it smaller. `maximum`: the work for it is used up. */
  readonly stopped: 'critical' | 'gradientFlat' | 'stalled' | 'maximum' | 'cancelled';
}

/** Where one stands: the first part to come. */
export interface InspectedPoint {
  readonly part: 'point';
  /** Optimizer steps taken before this point. */
  readonly step: number;
  readonly ofSteps: number;
  /** Null: the run's own point; else the critical point that was found from it. */
  readonly search: CriticalPointSearch | null;
  readonly loss: number;
  /** ‖g‖ on the rows. */
  readonly gradientNorm: number;
  /** Standard error of the gradient from the rows being a sample of the data; 0 on all of them. */
  readonly gradientNoise: number;
  /** Typical length of the error of one batch's gradient; null where it could not be measured. */
  readonly batchNoise: number | null;
  readonly largestGradientNorm: number;
  /** Step at which that was. */
  readonly largestAt: number;
  readonly parameterNorm: number;
  readonly learningRate: number;
  /** The optimizer in use: its momentum or β1, and α or β2 where it has one. */
  readonly optimizer: { readonly kind: OptimizerKind; readonly momentum: number; readonly averaging: number | null } | null;
  readonly rows: number;
  readonly ofRows: number;
  readonly parameters: number;
  /** The parameters in the order of the flat vector, from which two entries can be chosen. */
  readonly tensors: readonly InspectedTensor[];
  readonly cost: InspectionCost;
}

/** A parameter's place in the flat vector. */
export interface InspectedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/** One end of the spectrum. */
export interface InspectedEnd {
  readonly value: number;
  /** Some eigenvalue is within this distance. */
  readonly residual: number;
  /** Distance to the true end, missed with probability .05; null where nothing can be said. */
  readonly error: number | null;
  /** Nothing lies beyond this, except with the verdict's `missProbability`; null where nothing can be said. */
  readonly bound: number | null;
}

/** Units of one layer that are copies of each other. */
export interface InspectedCopies {
  readonly layer: string;
  /** Groups of unit numbers, from 0. */
  readonly groups: readonly (readonly number[])[];
}

/** The loss along one direction at finite distances, both ways, as changes. */
export interface InspectedProbe {
  readonly kind: 'random' | 'layer' | 'symmetryBreaking' | 'eigenvector';
  readonly name: string;
  readonly radii: readonly number[];
  readonly ahead: readonly number[];
  readonly behind: readonly number[];
  readonly trend: 'rises' | 'falls' | 'crosses' | 'dips' | 'level';
}

/** The kinds of point. */
export type PointKind = 'saddle' | 'minimum' | 'maximum' | 'flat' | 'undecided second order' | 'not critical';

/** What the point is, what that rests on and what it could have missed. */
export interface InspectedVerdict {
  readonly part: 'verdict';
  readonly kind: PointKind;
  readonly reasons: readonly string[];
  readonly couldHaveMissed: readonly string[];
  readonly largest: InspectedEnd;
  readonly smallest: InspectedEnd;
  readonly missProbability: number;
  /** Directions that a normalisation layer leaves without effect, taken out before. */
  readonly scaleDirections: number;
  /** uᵀHv against vᵀHu on random pairs, relative; null where curvature is taken from differences of the gradient. */
  readonly asymmetry: number | null;
  readonly copies: readonly InspectedCopies[];
  readonly probes: readonly InspectedProbe[];
  readonly cost: InspectionCost;
}

/** Lines through the point along which the loss is cut. */
export type SliceDirection = 'gradient' | 'step' | 'path' | 'top' | 'bottom';

/** The loss along one line, with what its derivatives at the point foretell. Columns of one length, ascending in position. */
export interface InspectedSlice {
  readonly part: 'slice';
  readonly direction: SliceDirection;
  /** Position 0 is the point. `distance`: along the unit direction; `step`: in multiples of the step; `path`: 1 is the run's own point. */
  readonly unit: 'distance' | 'step' | 'path';
  readonly positions: Float64Array;
  readonly losses: Float64Array;
  /** Loss, first and second derivative at 0, in the position's unit. */
  readonly loss: number;
  readonly slope: number;
  readonly curvature: number;
  /** For a step: the first positions at which each order is off by a tenth of the loss's change; null when it never is. */
  readonly parts: { readonly firstOrder: number | null; readonly secondOrder: number | null } | null;
  /** For a step: whether the optimizer comes to it next, or made it last. */
  readonly made: 'next' | 'last' | null;
  readonly cost: InspectionCost;
}

/** Shares of the eigenvalues over their size, logarithmic on both sides of zero. */
export interface InspectedDensity {
  readonly part: 'density';
  /** Ascending; one more than shares. The bin around zero holds what cannot be told from it. */
  readonly edges: Float64Array;
  readonly shares: Float64Array;
  /** Half widths of the shares. */
  readonly errors: Float64Array;
  /** True: every eigenvalue was computed. */
  readonly exact: boolean;
  readonly noiseFloor: number;
  /** Share of eigenvalues below minus the noise floor. */
  readonly negative: Uncertain;
  readonly trace: Uncertain;
  /** How many directions carry the curvature. */
  readonly effectiveRank: Uncertain;
  /** Random vectors, and Lanczos steps of each; 0 when exact. */
  readonly probes: number;
  readonly lanczosSteps: number;
  readonly cost: InspectionCost;
}

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
  /** Growth of the distance in one step. */
  readonly factor: number;
  /** Distance along the direction as the gradient tells it, and the one at which a hundredth of the loss is gone. */
  readonly from: number;
  readonly to: number | null;
  /** Steps from the one to the other; null for never. */
  readonly expectedSteps: number | null;
  /** e-folds of growth in what is left of the run. */
  readonly folds: number;
  /** Largest fall of the loss that was measured along the direction, over the loss here. */
  readonly descent: number;
  /** More than 3 e-folds and more than 1 % of the loss. */
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
  /** Null where there are too few rows. */
  readonly gradients: {
    /** Rows behind each gradient that was compared. */
    readonly rowsEach: number;
    /** tr Σ of one row's gradient, and the largest eigenvalue of Σ. */
    readonly trace: Uncertain;
    readonly largest: Uncertain;
    /** tr Σ/‖g‖², in rows. */
    readonly noiseScale: Uncertain;
    /**
     * tr(HΣ)/gᵀHg, in rows: with batches of B the best rate along the gradient is that of all rows over 1 + this/B. Null where gᵀHg ≤ 0 or noise
     * hides it.
     */
    readonly bestBatch: Uncertain | null;
    /** ‖g‖² over the sampling variance of a batch of `batch` rows. */
    readonly signalToNoise: Uncertain;
    readonly batch: number;
  } | null;
  /** Mean over batches of gᵀHg/‖g‖² with each batch's own; null where a batch is all rows. */
  readonly batchSharpness: Uncertain | null;
  /** Second moments of what goes into each linear layer: the largest eigenvalue, and the mean of all. */
  readonly inputs: readonly { readonly layer: string; readonly largest: Uncertain; readonly mean: number }[];
  readonly cost: InspectionCost;
}

/** Whether the loss is convex as a whole. */
export interface InspectedConvexity {
  readonly part: 'convexity';
  /** `certified`: by the model's structure. `disproved`: by a chord. `undecided`: no chord was found that disproves it. */
  readonly kind: 'certified' | 'disproved' | 'undecided';
  readonly text: string;
  /** The loss between two copies of the point that differ in the order of a layer's units alone. */
  readonly chord: {
    readonly layer: string;
    readonly positions: Float64Array;
    readonly losses: Float64Array;
    readonly above: number;
    readonly at: number;
  } | null;
  readonly cost: InspectionCost;
}

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
  readonly preconditioned: boolean;
  /** The loss that the quadratic model has left: ½ Σ (vᵀg)²/λ. */
  readonly left: number;
  /** Flatter directions are not learned in the whole script: ηλT/(1-μ) < 1. */
  readonly slowBelow: number;
  /** Share of `left` in those; null when nothing is left to share. */
  readonly slowShare: number | null;
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

/** The straight line from the end of the run to the end of one from another seed. */
export interface LineBetweenEnds {
  readonly seed: number;
  /** Loss at the other end. */
  readonly loss: number;
  /** 0: the run's own end. 1: the other's. */
  readonly positions: Float64Array;
  readonly losses: Float64Array;
  /** The most by which the loss lies above the higher end. */
  readonly barrier: number;
  /** The same to the copy of the other end whose hidden units are ordered to match; null where there is nothing to order. */
  readonly matched: {
    readonly losses: Float64Array;
    readonly barrier: number;
    readonly moved: number;
    readonly units: number;
  } | null;
}

/** Ends of runs from several seeds, and what lies between them; comes again with each seed. */
export interface InspectedMinima {
  readonly part: 'minima';
  /** Steps of each run. */
  readonly steps: number;
  readonly seed: number;
  /** Loss at the end of the run. */
  readonly loss: number;
  readonly lines: readonly LineBetweenEnds[];
  readonly of: number;
  readonly cost: InspectionCost;
}

/** The spectrum at one step of the run, on edges that all of its steps share. */
export interface InspectedFrame {
  readonly part: 'frame';
  readonly step: number;
  /** Steps of all frames that are to come. */
  readonly steps: readonly number[];
  /** Thirds of decades on both sides of zero; one more than shares. */
  readonly edges: Float64Array;
  readonly shares: Float64Array;
  readonly errors: Float64Array;
  readonly exact: boolean;
  /** Random vectors, and Lanczos steps of each; 0 when exact. */
  readonly probes: number;
  readonly lanczosSteps: number;
  readonly largest: number;
  readonly smallest: number;
  readonly negative: Uncertain;
  /** Largest eigenvalue of the Hessian's block on each layer's parameters, from input to output; within `residual` of one. */
  readonly layers: readonly { readonly name: string; readonly largest: number; readonly residual: number }[];
  readonly cost: InspectionCost;
}

/** Pairs of directions over which the loss is drawn. `parameters`: two parameters of the model, or its only one. */
export type PlaneKind = 'eigenvectors' | 'random' | 'trajectory' | 'parameters';

/** The loss over a plane through the point, and the run's way projected onto it. */
export interface InspectedSurface {
  readonly part: 'surface';
  readonly plane: PlaneKind;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xs: Float64Array;
  readonly ys: Float64Array;
  /** losses[row·xs.length + column] at (xs[column], ys[row]). */
  readonly losses: Float64Array;
  /** Place of the point: (0, 0), or for `parameters` their values. One parameter alone has a single row at y = 0. */
  readonly here: readonly [x: number, y: number];
  /** True: these are all the parameters there are. */
  readonly whole: boolean;
  /** The run's points: their steps, their places in the plane and their distances from it. */
  readonly trajectory: {
    readonly steps: Float64Array;
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly distance: Float64Array;
  };
  /** Refinements so far, of so many. */
  readonly level: number;
  readonly levels: number;
  readonly cost: InspectionCost;
}

/** One part of an inspection. */
export type InspectionPart =
  | InspectedPoint
  | InspectedVerdict
  | InspectedSlice
  | InspectedDensity
  | InspectedConditioning
  | InspectedNoise
  | InspectedEscape
  | InspectedGains
  | InspectedConvexity
  | InspectedRavine
  | InspectedRemedies
  | InspectedMinima
  | InspectedFrame
  | InspectedSurface;
