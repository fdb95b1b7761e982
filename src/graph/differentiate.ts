import type { Graph } from './graph';
import { jvpRules } from './jvp';
import type { Operation, Tensor } from './operations';
import { isFloat } from './operations';
import { sameShape, ShapeError } from './shapes';
import { regroup } from './regroup';
import { ancestors, dependents } from './traverse';
import { vjpRules } from './vjp';

/** Gradients of the scalar `loss` by each of `wrt`, of their shapes (zeros where the loss does not depend on one). */
export function gradient(graph: Graph, loss: Tensor, wrt: readonly Tensor[]): readonly Tensor[] {
  if (loss.shape.length > 0) throw new ShapeError(`the gradient of a scalar, not of [${loss.shape}]`);
  return vjp(graph, [loss], wrt, [graph.onesLike(loss)]);
}

/** Jᵀ·cotangents: Σ over the outputs, for each of `wrt`, given one cotangent for each output. */
export function vjp(
  graph: Graph,
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  cotangents: readonly Tensor[],
): readonly Tensor[] {
  const ends = new Set(wrt);
  const ordered = ancestors(outputs, ends);
  const relevant = dependents(ordered, wrt);
  const found = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, cotangent: Tensor): void => {
    const known = found.get(tensor);
    found.set(tensor, known === undefined ? cotangent : graph.add(known, cotangent));
  };
  outputs.forEach((output, place) => accumulate(output, matching(output, cotangents[place])));
  for (const node of [...ordered].reverse()) {
    const cotangent = found.get(node);
    if (cotangent === undefined || !relevant.has(node) || ends.has(node)) continue;
    pullBack(graph, node, cotangent).forEach((part, place) => {
      const input = node.inputs[place];
      if (part !== null && input !== undefined && relevant.has(input)) accumulate(input, part);
    });
  }
  return wrt.map((tensor) => found.get(tensor) ?? graph.zerosLike(tensor));
}

/** J·tangents for each output, given one tangent for each of `wrt`. */
export function jvp(
  graph: Graph,
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): readonly Tensor[] {
  const found = new Map<Tensor, Tensor>(wrt.map((tensor, place) => [tensor, matching(tensor, tangents[place])]));
  for (const node of ancestors(outputs, new Set(wrt))) {
    if (found.has(node) || !isFloat(node.dtype)) continue;
    const inputTangents = node.inputs.map((input) => found.get(input) ?? null);
    if (inputTangents.every((tangent) => tangent === null)) continue;
    const tangent = pushForward(graph, node, inputTangents);
    if (tangent !== null) found.set(node, tangent);
  }
  return outputs.map((output) => found.get(output) ?? graph.zerosLike(output));
}

/**
 * H·tangents of the scalar `loss`: the jvp of its gradient, one result for each of `wrt`, of its shape. Products are
 * grouped so that as much as possible does not depend on the tangents.
 */
export function hessianVector(
  graph: Graph,
  loss: Tensor,
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): readonly Tensor[] {
  return regroup(graph, jvp(graph, gradient(graph, loss, wrt), wrt, tangents), tangents);
}

/**
 * Jᵀ(∇²loss)J·tangents: the Gauss-Newton matrix of the scalar `loss` with J the derivative of `outputs` by `wrt` (Schraudolph 2002), one
 * result for each of `wrt`. Positive semidefinite where the loss is convex in the outputs.
 */
export function gaussNewtonVector(
  graph: Graph,
  loss: Tensor,
  outputs: readonly Tensor[],
  wrt: readonly Tensor[],
  tangents: readonly Tensor[],
): readonly Tensor[] {
  const moved = jvp(graph, outputs, wrt, tangents);
  const bent = jvp(graph, vjp(graph, [loss], outputs, [graph.onesLike(loss)]), outputs, moved);
  return regroup(graph, vjp(graph, outputs, wrt, bent), tangents);
}

function matching(tensor: Tensor, direction: Tensor | undefined): Tensor {
  if (direction === undefined || !sameShape(direction.shape, tensor.shape) || direction.dtype !== tensor.dtype)
    throw new ShapeError(`a direction [${direction?.shape ?? ''}] for a tensor [${tensor.shape}]`);
  return direction;
}

function pullBack<K extends Operation>(graph: Graph, node: Tensor<K>, cotangent: Tensor): readonly (Tensor | null)[] {
  return vjpRules[node.op](graph, node, cotangent);
}

function pushForward<K extends Operation>(graph: Graph, node: Tensor<K>, tangents: readonly (Tensor | null)[]): Tensor | null {
  return jvpRules[node.op](graph, node, tangents);
}
