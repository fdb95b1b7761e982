import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import type { Arithmetic } from '../optimizers/arithmetic';

/** Elementwise arithmetic as nodes of `graph`; scalars (tensors of no axes) meet vectors by broadcasting. */
export function graphArithmetic(graph: Graph): Arithmetic<Tensor> {
  return {
    constant: (value) => graph.fill(value, []),
    add: (a, b) => graph.add(a, b),
    sub: (a, b) => graph.sub(a, b),
    mul: (a, b) => graph.mul(a, b),
    div: (a, b) => graph.div(a, b),
    max: (a, b) => graph.maximum(a, b),
    sqrt: (a) => graph.sqrt(a),
  };
}
