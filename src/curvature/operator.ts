/** A linear map of R^dim, known by its action alone. */
export interface LinearOperator {
  readonly dim: number;
  readonly selfAdjoint: boolean;
  /** out ← A v. `v` is not changed; `out` and `v` never share memory. Await it: undefined where the product is already made. */
  apply(v: Float32Array, out: Float32Array): Promise<void> | undefined;
  /**
   * Present on operators that mean something on a subspace only (a layer, or the rest after directions were projected out):
   * projects `v` onto it in place. Random starts pass through it, so that the zeros outside are not taken for eigenvalues.
   */
  confine?(v: Float32Array): void;
}
