import type { InspectionCost } from './cost';

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
