import type { Graph } from './graph';
import type { Operation, Tensor } from './operations';
import { isOp, sizeOf } from './operations';
import { ancestors, dependents } from './traverse';

/** Operations so cheap that their result is made again rather than kept. */
const remade: ReadonlySet<Operation> = new Set<Operation>(['broadcast']);

/**
 * Where to cut what `outputs` need so that only what depends on `varying` is behind the cut: the
 * residuals, worth computing once while `varying` changes (the primal values of a Hessian-vector product, with
 * the tangents varying). They are outputs of a first program and, with `varying`, inputs of the second.
 * Inputs that the second part reads directly are among them; constants are not.
 */
export function residualsOf(outputs: readonly Tensor[], varying: readonly Tensor[]): readonly Tensor[] {
  const ordered = ancestors(outputs);
  const moving = dependents(ordered, varying);
  const found = new Set<Tensor>();
  const keep = (tensor: Tensor): void => {
    if (tensor.op === 'constant' || tensor.op === 'fill') return;
    const reshapesInput = isOp(tensor, 'reshape') && tensor.inputs.every((input) => input.op === 'input');
    if (remade.has(tensor.op) || reshapesInput) tensor.inputs.forEach(keep);
    else found.add(tensor);
  };
  for (const tensor of ordered) if (moving.has(tensor)) for (const input of tensor.inputs) if (!moving.has(input)) keep(input);
  for (const output of outputs) if (!moving.has(output)) keep(output);
  return [...found].sort((a, b) => a.id - b.id);
}

/** Residuals larger than this many elements travel alone: copying them would cost more than another tensor. */
const packedElements = 4096;

/**
 * Small residuals that differ in their first size alone, stacked on it: fewer tensors to hand over. A program that is
 * given a stack knows its parts. Inputs stay as they are.
 */
export function packResiduals(g: Graph, residuals: readonly Tensor[]): readonly Tensor[] {
  const groups = new Map<string, Tensor[]>();
  for (const tensor of residuals) {
    const alone = tensor.op === 'input' || tensor.shape.length === 0 || sizeOf(tensor.shape) > packedElements;
    const key = alone ? `alone ${tensor.id}` : `${tensor.dtype} ${tensor.shape.length} [${tensor.shape.slice(1)}]`;
    groups.set(key, [...(groups.get(key) ?? []), tensor]);
  }
  return [...groups.values()].flatMap((group) => (group.length > 1 ? [g.intern('concat', group, { axis: 0 })] : group));
}
