import type { InspectionCost } from './cost';

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
