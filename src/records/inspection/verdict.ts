import type { InspectionCost } from './cost';

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

/** Units of one layer that are zero on every row, with all parameters that have no effect for it. */
export interface InspectedDead {
  readonly layer: string;
  /** How many units the layer has. */
  readonly of: number;
  /** Unit numbers, from 0. */
  readonly units: readonly number[];
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
  /** Whether the point is only near one of that kind: there is something to be won with its gradient. */
  readonly nearly: boolean;
  readonly reasons: readonly string[];
  readonly couldHaveMissed: readonly string[];
  readonly largest: InspectedEnd;
  readonly smallest: InspectedEnd;
  readonly missProbability: number;
  /** Directions that a normalisation layer leaves without effect, taken out before. */
  readonly scaleDirections: number;
  /**
   * η/‖w‖² of the weights that they stretch, the least and the most, and the angle by which a step turns them once decay and noise
   * balance (null without decay, or where it is not known for the optimizer). Null without such weights.
   */
  readonly scaleRates: { readonly least: number; readonly most: number; readonly turn: number | null } | null;
  /** uᵀHv against vᵀHu on random pairs, relative; null where curvature is taken from differences of the gradient. */
  readonly asymmetry: number | null;
  readonly copies: readonly InspectedCopies[];
  readonly dead: readonly InspectedDead[];
  /** Parameters of dead units, along which nothing changes near here: left out before the point was named. 0 where a decay acts on them. */
  readonly deadParameters: number;
  readonly probes: readonly InspectedProbe[];
  readonly cost: InspectionCost;
}
