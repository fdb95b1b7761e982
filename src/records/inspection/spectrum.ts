import type { InspectionCost, Uncertain } from './cost';

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
  /**
   * Largest eigenvalue of the Hessian's block on each layer's parameters, from input to output. The true one lies higher by more than
   * `error` with probability .05; null where nothing can be said.
   */
  readonly layers: readonly { readonly name: string; readonly largest: number; readonly error: number | null }[];
  readonly cost: InspectionCost;
}
