import type { Operation, Tensor } from '../../graph/operations';
import { isOp } from '../../graph/operations';
import { ancestors } from '../../graph/traverse';
import type { Names, Translate } from './emission';
import { Emission } from './emission';
import { translate } from './forms';
import { emitGemm, findFusions } from './fusion';
import { emitPooling, findPoolings } from './pooling';
import { emitParts, emitSplit, findSplits, withParts } from './splits';

/** Emitted where they are needed, if at all: consumers often take their source instead. */
const lazy: ReadonlySet<Operation> = new Set<Operation>(['fill', 'broadcast', 'constant']);

/**
 * Emits all that `outputs` need, `given` being known by name already. What `elsewhere` has a name for is
 * computed outside this graph. `before` emits what must come first.
 */
export function emit(
  names: Names,
  outputs: readonly Tensor[],
  given: ReadonlyMap<Tensor, string>,
  elsewhere: (tensor: Tensor) => string | null = () => null,
  before: (emission: Emission) => void = () => undefined,
): Emission {
  const cut = withParts([...given.keys()]);
  const ordered = ancestors(outputs, cut);
  const { gemms, absorbed } = findFusions(ordered, outputs, cut);
  const splits = findSplits(ordered, cut);
  const poolings = findPoolings(ordered, cut);
  const translateNode: Translate = (emission, node) => {
    const outside = lazy.has(node.op) ? null : elsewhere(node);
    if (outside !== null) return outside;
    const gemm = gemms.get(node);
    if (gemm !== undefined) return emitGemm(emission, gemm);
    const pooling = poolings.get(node);
    if (pooling !== undefined) {
      emitPooling(emission, pooling);
      return emission.name(node);
    }
    const split = splits.get(node);
    if (split === undefined) return translate(emission, node);
    emitSplit(emission, split);
    return emission.name(node);
  };
  const emission = new Emission(names, translateNode);
  before(emission);
  for (const [tensor, name] of given) emission.give(tensor, name);
  const needed = new Set(ordered);
  for (const tensor of given.keys())
    if (isOp(tensor, 'concat') && tensor.inputs.some((part) => needed.has(part) && !given.has(part))) emitParts(emission, tensor);
  for (const node of ordered) if (!lazy.has(node.op) && !absorbed.has(node)) emission.name(node);
  return emission;
}

/**
 * Names for outputs that no input, initializer, outer value or other output has; ONNX wants them produced
 * by a node of the graph.
 */
export function outputNames(emission: Emission, outputs: readonly Tensor[]): readonly string[] {
  const taken = new Set<string>();
  return outputs.map((output) => {
    const name = emission.name(output);
    const own = emission.produces(name) && !taken.has(name) ? name : emission.op('Identity', [name]);
    taken.add(own);
    return own;
  });
}
