import type { InspectionCost } from './cost';

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
