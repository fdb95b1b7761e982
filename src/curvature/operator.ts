/** A linear map of R^dim, known by its action alone. */
export interface LinearOperator {
  readonly dim: number;
  readonly selfAdjoint: boolean;
  /** out ← A v. `v` is not changed; `out` and `v` never share memory. */
  apply(v: Float32Array, out: Float32Array): Promise<void>;
}
