import { gradient } from '../graph/differentiate';
import type { Graph } from '../graph/graph';
import { sizeOf, type Tensor } from '../graph/operations';
import type { ModelGraph, ModelNode } from '../records/model/graph';
import type { LoweredModel } from './lowerModel';
import type { Port } from './onnx/runtime';
import { rowSumOf } from './parts';
import type { TwinSetup } from './setup';

/** Places of a row whose products of vectors are few enough to be taken pair by pair. */
const mostPlaces = 64;

/** A layer whose rows' own gradients are known from what goes in and what comes back, without a gradient for each. */
interface RowLayer {
  readonly name: string;
  readonly node: ModelNode;
  readonly index: number;
}

/** Linear layers and embeddings before the loss whose parameters are all trained, and used nowhere else. */
function rowLayers({ nodes, lossStart }: ModelGraph, { layout }: TwinSetup): RowLayer[] {
  const users = new Map<number, number>();
  for (const { parameters } of nodes)
    for (const index of Object.values(parameters)) users.set(index, (users.get(index) ?? 0) + 1);
  const trained = new Set(layout.trained.map(({ index }) => index));
  const isOwn = (index: number): boolean => users.get(index) === 1 && trained.has(index);
  return nodes.slice(0, lossStart).flatMap((node, index) => {
    const fits = (node.kind === 'linear' || node.kind === 'embedding') && Object.values(node.parameters).every(isOwn);
    return fits ? [{ name: node.name, node, index }] : [];
  });
}

/**
 * Squared norms of each row's gradient by a layer's parameters (`LAYER`, [rows]), where the loss is a sum of what rows give by themselves.
 * With what goes into a linear layer, a, and the loss's gradient by what comes out, d, a row's gradient is d aᵀ, and d for the bias: its
 * squared norm is |d|²(|a|² + 1) (Goodfellow 2015, arXiv:1510.01799); over the places s, t of a row Σ (dₛ·dₜ)(aₛ·aₜ + 1). An embedding's
 * aₛ·aₜ is 1 where the words are the same.
 */
export function rowGradientPorts(setup: TwinSetup, lowered: LoweredModel): readonly Port[] {
  const before = known.get(lowered);
  if (before !== undefined) return before;
  const made = portsOf(setup, lowered);
  known.set(lowered, made);
  return made;
}

/** Known ports by model: they are asked for again and again. */
const known = new WeakMap<LoweredModel, readonly Port[]>();

function portsOf(setup: TwinSetup, lowered: LoweredModel): Port[] {
  const { graph, loss, values, rows } = lowered;
  if (rowSumOf(lowered) === null) return [];
  return rowLayers(setup.model, setup).flatMap(({ name, node, index }) => {
    const [into, out] = [values[node.inputs[0] ?? -1], values[index]];
    if (into === undefined || out?.shape[0] !== rows || into.shape[0] !== rows) return [];
    // One layer at a time: a derivative stops at the tensors it is taken by.
    const back = gradient(graph, loss, [out])[0];
    if (back === undefined) return [];
    // Rows of whole numbers go into a linear layer as floats.
    const squares =
      node.kind === 'linear'
        ? linearSquares(graph, node, graph.cast(into, back.dtype), back)
        : embeddingSquares(graph, node, into, back);
    return squares === null ? [] : [{ name, tensor: squares }];
  });
}

function linearSquares(graph: Graph, node: ModelNode, into: Tensor, back: Tensor): Tensor | null {
  const bias = node.parameters['bias'] === undefined ? 0 : 1;
  const [rows = 0, ...rest] = back.shape;
  if (rest.length === 1) {
    const lengthOf = (x: Tensor): Tensor => graph.sum(graph.square(x), [1]);
    return graph.mul(lengthOf(back), graph.add(lengthOf(into), bias));
  }
  const places = sizeOf(rest.slice(0, -1));
  if (places > mostPlaces) return null;
  const products = (x: Tensor): Tensor => productsOfPlaces(graph, x, rows, places);
  return graph.sum(graph.mul(products(back), graph.add(products(into), bias)), [1, 2]);
}

function embeddingSquares(graph: Graph, node: ModelNode, words: Tensor, back: Tensor): Tensor | null {
  const [rows = 0, ...rest] = back.shape;
  const places = sizeOf(rest.slice(0, -1));
  if (places > mostPlaces || words.dtype !== 'int32') return null;
  const products = productsOfPlaces(graph, back, rows, places);
  const same = graph.equal(graph.reshape(words, [rows, places, 1]), graph.reshape(words, [rows, 1, places]));
  const padding = node.kind === 'embedding' ? (node.arguments.padding ?? null) : null;
  // The row of padding is not trained.
  const counts =
    padding === null
      ? same
      : graph.and(
          same,
          graph.broadcast(
            graph.not(graph.equal(graph.reshape(words, [rows, places, 1]), graph.fill(padding, [], 'int32'))),
            same.shape,
          ),
        );
  return graph.sum(graph.where(counts, products, 0), [1, 2]);
}

/** xₛ·xₜ of the places s, t of each row: [rows, places, places]. */
function productsOfPlaces(graph: Graph, x: Tensor, rows: number, places: number): Tensor {
  const stacked = graph.reshape(x, [rows, places, x.shape.at(-1) ?? 1]);
  return graph.matmul(stacked, stacked, { transposeB: true });
}
