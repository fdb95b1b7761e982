import type { ModelGraph, ModelNode, ParameterSpec } from '../records/model/graph';
import { niceRate } from './edits';
import { place } from './finding';
import { isActivation, isCarrying, maker, rectifiers, takers } from './graphWalk';
import type { Remedy } from './removal';
import type { Evidence } from './rule';
import { parseCall, textAt } from './text';

/** A layer that the script writes out with tensors of its own: `x @ W + b`. */
export interface OwnLayer {
  readonly product: ModelNode;
  /** [in, out]. */
  readonly weight: ParameterSpec;
  readonly bias: ParameterSpec | null;
  /** Index of the node whose values the layer gives: the sum with the bias, or the product. */
  readonly output: number;
}

/** The layers that a model makes of tensors of the script's own, in forward order. */
export function ownLayers(model: ModelGraph): readonly OwnLayer[] {
  return model.nodes.flatMap((product, at) => {
    const [left = -1, right = -1] = product.inputs;
    const weight = product.kind === 'matmul' ? tensorAt(model, right) : null;
    if (weight === null || weight.shape.length !== 2 || tensorAt(model, left) !== null) return [];
    const sums = takers(model, at).filter(({ kind }) => kind === 'add');
    const [sum] = sums.length === 1 ? sums : [];
    const biases = (sum?.inputs ?? []).flatMap((input) => tensorAt(model, input) ?? []);
    return [
      sum === undefined || biases.length !== 1
        ? { product, weight, bias: null, output: at }
        : { product, weight, bias: biases[0] ?? null, output: model.nodes.indexOf(sum) },
    ];
  });
}

/** The tensor of the script's own that stands at a node, moved at most. */
function tensorAt(model: ModelGraph, at: number): ParameterSpec | null {
  const node = maker(model, at);
  const index = node?.kind === 'parameter' ? Object.values(node.parameters)[0] : undefined;
  return (index === undefined ? undefined : model.parameters[index]) ?? null;
}

/** The layers among `layers` that take the values of one of them through activations alone. */
export function ownLayersAfter(model: ModelGraph, layers: readonly OwnLayer[], layer: OwnLayer): readonly OwnLayer[] {
  const reached = (at: number): readonly ModelNode[] =>
    takers(model, at).flatMap((taker) =>
      isActivation(taker) || isCarrying(taker) || taker.kind === 'dropout' ? reached(model.nodes.indexOf(taker)) : [taker],
    );
  const nodes = reached(layer.output);
  return layers.filter(({ product }) => nodes.includes(product));
}

/** Whether a rectifier follows the layer directly. */
export const isOwnRectified = (model: ModelGraph, { output }: OwnLayer): boolean =>
  takers(model, output).some(({ kind }) => rectifiers.includes(kind));

/**
 * Random numbers of the usual spread in place of `torch.zeros(…)` and the like: the deviation is √(gain/in), gain 2 before a rectifier.
 * Null where the tensor is made in another way.
 */
export function randomTensor(e: Evidence, model: ModelGraph, layer: OwnLayer): Remedy | null {
  const { range, shape } = layer.weight;
  const fanIn = shape[0];
  const whole = parseCall(textAt(e.texts, range) ?? '');
  const isWrapped = whole !== null && /(?:^|\.)Parameter$/.test(whole.callee) && whole.arguments.length === 1;
  const parsed = isWrapped ? parseCall(whole.arguments[0]?.text.trim() ?? '') : whole;
  if (parsed === null || typeof fanIn !== 'number' || !/^torch\.(zeros|ones)$/.test(parsed.callee)) return null;
  const texts = parsed.arguments.map(({ text }) => text.trim());
  const sizes = texts.filter((text) => !/^\w+\s*=(?!=)/.test(text));
  const named = texts.filter((text) => /^\w+\s*=(?!=)/.test(text));
  if (sizes.length === 0 || !named.every((text) => /^(requires_grad|dtype|device)\s*=/.test(text))) return null;
  const [only = ''] = sizes;
  const size = sizes.length === 1 && /^[[(]/.test(only) ? only : `(${sizes.join(', ')}${sizes.length === 1 ? ',' : ''})`;
  const deviation = niceRate(Math.sqrt((isOwnRectified(model, layer) ? 2 : 1) / fanIn));
  const drawn = `torch.normal(0.0, ${deviation}, ${[`size=${size}`, ...named].join(', ')})`;
  const newText = isWrapped ? `${whole.callee}(${drawn})` : drawn;
  return { title: `Start with random numbers of a deviation of ${deviation}`, edits: [{ ...place(range), newText }] };
}
