import type { Operation, Tensor } from './operations';
import { ancestors, dependents } from './traverse';

/** Operations so cheap that their result is made again rather than kept. */
const remade: ReadonlySet<Operation> = new Set<Operation>(['constant', 'fill', 'reshape', 'broadcast']);

/**
 * Where to cut what `outputs` need so that only what depends on `varying` is behind the cut: the
 * residuals, worth computing once while `varying` changes (the primal values of a Hessian-vector product, with
 * the tangents varying). They are outputs of a first program and, with `varying`, inputs of the second.
 * Constants and inputs that the second part reads directly are residuals too (inputs stay their own nodes).
 */
export function residualsOf(outputs: readonly Tensor[], varying: readonly Tensor[]): readonly Tensor[] {
  const ordered = ancestors(outputs);
  const moving = dependents(ordered, varying);
  const found = new Set<Tensor>();
  const keep = (tensor: Tensor): void => {
    if (tensor.op === 'constant' || tensor.op === 'fill') return;
    if (remade.has(tensor.op)) tensor.inputs.forEach(keep);
    else found.add(tensor);
  };
  for (const tensor of ordered) if (moving.has(tensor)) for (const input of tensor.inputs) if (!moving.has(input)) keep(input);
  for (const output of outputs) if (!moving.has(output)) keep(output);
  return [...found].sort((a, b) => a.id - b.id);
}
