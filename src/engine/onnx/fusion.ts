import type { Tensor } from '../../graph/operations';
import { isFloat, isOp } from '../../graph/operations';
import { inputAt, pairOf } from '../../graph/shapes';
import { useCounts } from '../../graph/traverse';
import type { Emission } from './emission';

/** A sum that one Gemm yields: alpha · A B + beta · C. */
export interface Gemm {
  readonly product: Tensor<'matmul'>;
  readonly alpha: number;
  /** Broadcasts to the product's shape; null for none. */
  readonly addend: Tensor | null;
  readonly beta: number;
}

/** Which nodes are emitted as one Gemm, and which disappear into one. */
export interface Fusions {
  readonly gemms: ReadonlyMap<Tensor, Gemm>;
  readonly absorbed: ReadonlySet<Tensor>;
}

/** A product of matrices times a number, and the nodes it is made of. */
interface Scaled {
  readonly product: Tensor<'matmul'>;
  readonly alpha: number;
  readonly nodes: readonly Tensor[];
}

/** Finds sums and multiples of products of two matrices whose parts nobody else reads. */
export function findFusions(ordered: readonly Tensor[], outputs: readonly Tensor[], given: ReadonlySet<Tensor>): Fusions {
  const counts = useCounts(ordered, outputs);
  const gemms = new Map<Tensor, Gemm>();
  const absorbed = new Set<Tensor>();
  const isPrivate = (tensor: Tensor): boolean => counts.get(tensor) === 1 && !given.has(tensor);
  for (const node of ordered) {
    if (given.has(node)) continue;
    const found = gemmOf(node, isPrivate);
    if (found === null) continue;
    gemms.set(node, found.gemm);
    for (const part of found.nodes) {
      absorbed.add(part);
      gemms.delete(part);
    }
  }
  return { gemms, absorbed };
}

function gemmOf(
  node: Tensor,
  isPrivate: (tensor: Tensor) => boolean,
): { readonly gemm: Gemm; readonly nodes: readonly Tensor[] } | null {
  if (node.shape.length !== 2 || !isFloat(node.dtype)) return null;
  if (isOp(node, 'add') || isOp(node, 'sub')) {
    const [a, b] = pairOf(node.inputs);
    const sign = isOp(node, 'sub') ? -1 : 1;
    const left = scaledProduct(a, isPrivate);
    if (left) return { gemm: { product: left.product, alpha: left.alpha, addend: b, beta: sign }, nodes: left.nodes };
    const right = scaledProduct(b, isPrivate);
    return right && { gemm: { product: right.product, alpha: sign * right.alpha, addend: a, beta: 1 }, nodes: right.nodes };
  }
  if (!isOp(node, 'mul') && !isOp(node, 'neg')) return null;
  const scaled = scaledProduct(node, (tensor) => tensor === node || isPrivate(tensor));
  return (
    scaled && {
      gemm: { product: scaled.product, alpha: scaled.alpha, addend: null, beta: 0 },
      nodes: scaled.nodes.filter((part) => part !== node),
    }
  );
}

function scaledProduct(node: Tensor, isPrivate: (tensor: Tensor) => boolean): Scaled | null {
  if (!isPrivate(node)) return null;
  if (isOp(node, 'matmul')) return { product: node, alpha: 1, nodes: [node] };
  const factor = isOp(node, 'neg') ? -1 : isOp(node, 'mul') ? constantFactor(inputAt(node.inputs, 1)) : null;
  if (factor === null) return null;
  const inner = scaledProduct(inputAt(node.inputs, 0), isPrivate);
  return inner && { product: inner.product, alpha: inner.alpha * factor, nodes: [node, ...inner.nodes] };
}

/** Gemm's alpha is a float32, so that in float64 only numbers exact in float32 can be fused. */
function constantFactor(factor: Tensor): number | null {
  if (!isOp(factor, 'fill')) return null;
  const { value, dtype } = factor.attributes;
  return dtype === 'float32' || Math.fround(value) === value ? value : null;
}

/** Emits a fused sum. */
export function emitGemm(e: Emission, { product, alpha, addend, beta }: Gemm): string {
  const [a, b] = pairOf(product.inputs);
  const { transposeA, transposeB } = product.attributes;
  const addends = addend === null ? [] : [e.source(addend)];
  return e.op('Gemm', [e.name(a), e.name(b), ...addends], {
    transA: { int: +transposeA },
    transB: { int: +transposeB },
    alpha: { float: alpha },
    beta: { float: beta },
  });
}
