import type { Tensor } from './operations';

/** All that `outputs` need, inputs before what is made of them; does not look behind `cut`. */
export function ancestors(outputs: readonly Tensor[], cut: ReadonlySet<Tensor> = new Set()): readonly Tensor[] {
  // Ids count up from 0 in every graph: places in an array order the nodes without a sort.
  const found: (Tensor | undefined)[] = new Array<Tensor | undefined>(
    1 + outputs.reduce((most, { id }) => Math.max(most, id), -1),
  );
  const waiting = [...outputs];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found[next.id] !== undefined) continue;
    found[next.id] = next;
    if (!cut.has(next)) for (const input of next.inputs) if (found[input.id] === undefined) waiting.push(input);
  }
  return found.filter((tensor) => tensor !== undefined);
}

/** Those of `ordered` (inputs first) whose value depends on `sources`, these included. */
export function dependents(ordered: readonly Tensor[], sources: readonly Tensor[]): ReadonlySet<Tensor> {
  const found = new Set(sources);
  for (const tensor of ordered) if (tensor.inputs.some((input) => found.has(input))) found.add(tensor);
  return found;
}

/** How many of `ordered` read each tensor (each place counts). */
export function useCounts(ordered: readonly Tensor[], outputs: readonly Tensor[]): ReadonlyMap<Tensor, number> {
  const counts = new Map<Tensor, number>();
  const count = (tensor: Tensor): void => void counts.set(tensor, (counts.get(tensor) ?? 0) + 1);
  for (const tensor of ordered) tensor.inputs.forEach(count);
  outputs.forEach(count);
  return counts;
}
