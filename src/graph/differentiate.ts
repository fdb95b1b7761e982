import type { Graph } from './graph';
import type { Tensor } from './operations';

/** Gradients of the scalar `loss` by each of `wrt`, of their shapes (zeros where the loss does not depend on one). */
export declare function gradient(graph: Graph, loss: Tensor, wrt: readonly Tensor[]): readonly Tensor[];

/** J·tangent of each output, given one tangent for each of `wrt`. */
export declare function jvp(
  graph: Graph,
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): readonly Tensor[];

/** H·tangents of the scalar `loss`: jvp of its gradient, one result of its shape for each of `wrt`. */
export declare function hessianVector(
  graph: Graph,
  loss: Tensor,
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): readonly Tensor[];

/**
 * Splits what `outputs` need at the tensors that do not depend on `varying`: the residuals, worth computing
 * once while `varying` changes. Compile residuals as outputs of one program and as inputs of the next.
 */
export declare function residualsOf(outputs: readonly Tensor[], varying: readonly Tensor[]): readonly Tensor[];
