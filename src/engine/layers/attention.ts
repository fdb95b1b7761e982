import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import { commonShape } from '../../graph/shapes';
import { affine } from './affine';
import {
  asFloat,
  floatInput,
  inputOf,
  LoweringError,
  parameterOf,
  requiredParameter,
  type LowerTable,
  type Site,
} from './lowering';
import { dropped } from './random';

type AttentionKind = 'attention' | 'multiheadAttention';

/** Scaled dot-product attention, alone and with heads. */
export const attention: LowerTable<AttentionKind> = {
  attention: (site) => {
    const { graph } = site.context;
    const [q, k, v] = [floatInput(site), floatInput(site, 1), floatInput(site, 2)];
    const { causal, scale, mask } = site.node.arguments;
    // A mask of true and false says here who takes part.
    const given = mask ? [barred(graph, inputOf(site, 3), false)] : [];
    const own = causal ? [causalMask(graph, q.shape.at(-2) ?? 1, k.shape.at(-2) ?? 1)] : [];
    return weighted(site, { q, k, v }, scale ?? 1 / Math.sqrt(q.shape.at(-1) ?? 1), [...given, ...own]);
  },
  multiheadAttention: (site) => {
    const { graph } = site.context;
    const { heads, batchFirst, mask, keyPadding } = site.node.arguments;
    const size = site.context.bind(site.node.arguments.dimension);
    const { q, k, v, alone } = projected(site, size);
    const [rows = 1, queries = 1] = q.shape;
    const keys = k.shape[1] ?? 1;
    const width = size / heads;
    const apart = (x: Tensor, length: number): Tensor =>
      graph.transpose(graph.reshape(x, [rows, length, heads, width]), [0, 2, 1, 3]);
    const masks: Tensor[] = [];
    if (mask) masks.push(overHeads(graph, barred(graph, inputOf(site, 3), true), [rows, heads, queries, keys]));
    if (keyPadding) {
      const padding = barred(graph, inputOf(site, mask ? 4 : 3), true);
      masks.push(graph.reshape(padding, [rows, 1, 1, keys]));
    }
    const parts = { q: apart(q, queries), k: apart(k, keys), v: apart(v, keys) };
    const mixed = weighted(site, parts, 1 / Math.sqrt(width), masks);
    const joined = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [rows, queries, size]);
    const out = affine(graph, joined, requiredParameter(site, 'out_proj.weight'), parameterOf(site, 'out_proj.bias'));
    if (alone) return graph.reshape(out, [queries, size]);
    return batchFirst ? out : graph.transpose(out, [1, 0, 2]);
  },
};

interface Parts {
  readonly q: Tensor;
  readonly k: Tensor;
  readonly v: Tensor;
}

/** softmax(q kᵀ scale + masks), dropped, times v. */
function weighted(site: Site<AttentionKind>, { q, k, v }: Parts, scale: number, masks: readonly Tensor[]): Tensor {
  const { graph } = site.context;
  const scores = graph.matmul(graph.mul(q, scale), k, { transposeB: true });
  const masked = masks.reduce((sum, mask) => graph.add(sum, mask), scores);
  const weights = graph.softmax(masked, -1);
  return graph.matmul(dropped(site, weights, weights.shape), v);
}

/** What is added to the scores: a mask of true and false bars by -∞, where it is `when`. */
function barred(graph: Graph, mask: Tensor, when: boolean): Tensor {
  if (mask.dtype !== 'bool') return asFloat(graph, mask);
  const [yes, no] = when ? [-Infinity, 0] : [0, -Infinity];
  return graph.where(mask, graph.fill(yes, mask.shape), graph.fill(no, mask.shape));
}

function causalMask(graph: Graph, queries: number, keys: number): Tensor {
  const values = Float32Array.from({ length: queries * keys }, (_, i) => (i % keys > Math.floor(i / keys) ? -Infinity : 0));
  return graph.constant(values, [queries, keys]);
}

/** A mask [queries, keys] or [rows · heads, queries, keys]. */
function overHeads(graph: Graph, mask: Tensor, shape: readonly number[]): Tensor {
  if (mask.shape.length === 3) return graph.reshape(mask, shape);
  commonShape(mask.shape, shape);
  return mask;
}

/** The projection of query, key or value: rows of the common one, or one of its own where their sizes differ. */
function kernelOf(site: Site<'multiheadAttention'>, index: number, size: number): Tensor {
  const all = parameterOf(site, 'in_proj_weight');
  if (all !== null) return site.context.graph.slice(all, [index * size, 0], [size, size]);
  return requiredParameter(site, `${['q', 'k', 'v'][index] ?? 'v'}_proj_weight`);
}

/** Query, key and value [rows, length, dimension], each through its part of the input projection; `alone`: without an axis of rows. */
function projected(site: Site<'multiheadAttention'>, size: number): Parts & { readonly alone: boolean } {
  const { graph } = site.context;
  const { batchFirst, heads } = site.node.arguments;
  if (size % heads !== 0) throw new LoweringError(`'${site.node.name}' cannot part ${size} columns into ${heads} heads.`);
  const bias = parameterOf(site, 'in_proj_bias');
  const alone = inputOf(site).shape.length === 2;
  const rowsFirst = (index: number): Tensor => {
    const x = floatInput(site, index);
    const expected = kernelOf(site, index, size).shape[1] ?? 1;
    if (x.shape.length !== (alone ? 2 : 3) || x.shape.at(-1) !== expected)
      throw new LoweringError(`'${site.node.name}' expects ${expected} columns, the input is [${x.shape.join(', ')}].`);
    if (alone) return graph.reshape(x, [1, ...x.shape]);
    return batchFirst ? x : graph.transpose(x, [1, 0, 2]);
  };
  const [first, second, third] = [rowsFirst(0), rowsFirst(1), rowsFirst(2)];
  const project = (x: Tensor, from: number, parts: number): Tensor => {
    const kernel = parts === 1 ? kernelOf(site, from, size) : requiredParameter(site, 'in_proj_weight');
    return affine(graph, x, kernel, bias === null ? null : graph.slice(bias, [from * size], [parts * size]));
  };
  if (first !== second || second !== third || parameterOf(site, 'in_proj_weight') === null)
    return { q: project(first, 0, 1), k: project(second, 1, 1), v: project(third, 2, 1), alone };
  const all = project(first, 0, 3);
  const part = (at: number): Tensor => graph.slice(all, [0, 0, at * size], [...all.shape.slice(0, 2), size]);
  return { q: part(0), k: part(1), v: part(2), alone };
}
