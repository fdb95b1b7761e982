import type { OptimizerKind } from '../optimizer';
import type { InspectionCost, Uncertain } from './cost';

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
  /** What single precision lets the gradient's norm tell there. */
  readonly gradientRounding: number;
  readonly iterations: number;
  /** Hessian-vector products that it took. */
  readonly applications: number;
  /** Share of right answers on the rows where it ended; null where that has no meaning. */
  readonly accuracy: number | null;
  /**
   * `nearly`: the gradient's norm is under a ten-thousandth of the run's largest, and no zero of it was reached from there. `gradientFlat`: a minimum of the gradient's norm that is no critical point. `kinked`: the gradient jumps, so that its norm has no smooth
   * way down. `outward`: loss and gradient fade on and on the further one goes. `stalled`: no step makes it smaller. `maximum`: the work for it is used up.
   */
  readonly stopped: 'critical' | 'nearly' | 'gradientFlat' | 'kinked' | 'outward' | 'stalled' | 'maximum' | 'cancelled';
  /** Hidden layers whose units have come together or are read by nothing: the search came near to a critical point of a smaller net. */
  readonly smaller: readonly SmallerLayer[];
  /** Where it is `outward`: what was seen along one direction, at multiples of it, first one inward, then the end of the search (0), then outward. */
  readonly outward: {
    /** As it goes on after "along". */
    readonly name: string;
    readonly multiples: readonly number[];
    readonly losses: readonly number[] | null;
    readonly gradientNorms: readonly number[];
  } | null;
}

/** Units of a layer that are no units of their own any more. */
export interface SmallerLayer {
  readonly layer: string;
  readonly units: number;
  /** Groups of units, from 0, that do almost the same. */
  readonly merged: readonly (readonly number[])[];
  readonly idle: readonly number[];
  /** Units that a net without them would have there. */
  readonly left: number;
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
  /** Standard error of the gradient from the rows being a sample of the data; 0 on all of them, null where it could not be measured. */
  readonly gradientNoise: number | null;
  /** Typical length of the error of one batch's gradient; null where it could not be measured, every batch is all rows, or none reach the loss. */
  readonly batchNoise: Uncertain | null;
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
