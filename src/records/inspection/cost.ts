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
