import { withFixedColumns } from './columns';
import type { Graph } from './graph';
import type { Operation, Tensor } from './operations';
import { isOp } from './operations';
import { ancestors, dependents, useCounts } from './traverse';

/** The factors of a product, apart: those that vary, those that do not, and the known number. */
interface Factors {
  readonly moving: Tensor[];
  readonly fixed: Tensor[];
  constant: number;
}

/**
 * The same outputs with every product of several factors multiplied as (what varies) · (what does not), so that
 * the second part is a residual: (v·a)·b becomes v·(a·b), where a·b is computed once for many v. Gradients of kernels become products
 * with what does not vary in columns, for the same reason.
 */
export function regroup(g: Graph, outputs: readonly Tensor[], varying: readonly Tensor[]): readonly Tensor[] {
  const ordered = ancestors(outputs);
  const ends = new Set(varying);
  const moving = dependents(ordered, varying);
  const counts = useCounts(ordered, outputs);
  const rebuilt = new Map<Tensor, Tensor>();
  const current = (tensor: Tensor): Tensor => rebuilt.get(tensor) ?? tensor;

  const collect = (tensor: Tensor, factors: Factors, isRoot: boolean): void => {
    if (isOp(tensor, 'fill')) factors.constant *= tensor.attributes.value;
    else if (!moving.has(tensor)) factors.fixed.push(tensor);
    else if (isOp(tensor, 'mul') && (isRoot || counts.get(tensor) === 1))
      for (const factor of tensor.inputs) collect(factor, factors, false);
    else factors.moving.push(current(tensor));
  };

  for (const node of ordered) {
    if (!moving.has(node) || ends.has(node)) continue;
    const factors: Factors = { moving: [], fixed: [], constant: 1 };
    if (isOp(node, 'mul')) collect(node, factors, true);
    const product = isOp(node, 'mul') ? multiply(g, factors) : null;
    const inputs = node.inputs.map(current);
    const isFixed = node.inputs.map((input) => !moving.has(input));
    rebuilt.set(node, product ?? withFixedColumns(g, node, inputs, isFixed) ?? remake(g, node, inputs));
  }
  return outputs.map(current);
}

function remake<K extends Operation>(g: Graph, node: Tensor<K>, inputs: readonly Tensor[]): Tensor {
  return inputs.every((input, place) => input === node.inputs[place]) ? node : g.node(node.op, inputs, node.attributes);
}

/** The product, fixed factors and the number first; null where there is nothing to gain. */
function multiply(g: Graph, { moving, fixed, constant }: Factors): Tensor | null {
  if (fixed.length === 0 || fixed.length + (constant === 1 ? 0 : 1) < 2) return null;
  const kept = product(g, fixed);
  // Interned as it is: simplification would pull the number out again.
  const scaled = constant === 1 ? kept : g.intern('mul', [kept, g.fill(constant, kept.shape, kept.dtype)], {});
  return g.intern('mul', [product(g, moving), scaled], {});
}

function product(g: Graph, [first, ...rest]: readonly Tensor[]): Tensor {
  if (first === undefined) throw new RangeError('a product without factors');
  return rest.reduce((total, factor) => g.mul(total, factor), first);
}
