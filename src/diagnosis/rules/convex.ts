import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import { finding } from '../finding';
import { isCarrying, isWeighing, lossNodes, maker } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';

/** The loss is convex by its structure. */
export const convex = {
  id: 'convex',
  tier: 0,
  severity: 'information',
  title: 'The loss is convex in the parameters: every minimum is a global one.',
  explanation: `One layer of weights under a convex loss (cross-entropy, squared, absolute, Huber) makes a convex problem: no saddle, no
local minimum. It is a statement of structure, not of a measured Hessian: one Hessian illustrates, and proves nothing.

Softmax regression is convex but not strictly: adding the same to all logits changes nothing, so its Hessian has exact
zeros. On separable data cross-entropy has no finite minimum.`,
  detect,
} as const satisfies Rule;

const convexLosses: readonly LayerKind[] = ['crossEntropy', 'bceWithLogits', 'mse', 'l1', 'huber', 'smoothL1'];

function detect(e: Evidence): Outcome {
  const { model, optimizer, unit } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const [loss, ...others] = lossNodes(model);
  const { at, penalties } = withoutPenalties(model);
  if (loss === undefined || others.length > 0 || at !== model.nodes.indexOf(loss) || !convexLosses.includes(loss.kind))
    return passed;
  const layer = maker(model, loss.inputs[0] ?? -1);
  if (layer === null || !isWeighing(layer) || maker(model, layer.inputs[0] ?? -1)?.kind !== 'input') return passed;
  const rest = model.nodes.filter((node) => node !== layer && node !== loss && !isCarrying(node) && !penalties.has(node));
  if (rest.some(({ kind }) => kind !== 'input' && kind !== 'target')) return passed;
  const strictness =
    loss.kind === 'crossEntropy' ? ' It is not strictly convex: the same shift of all logits changes nothing.' : '';
  return found(
    finding(
      'convex',
      'information',
      optimizer?.name ?? unit.range,
      `One layer of weights under a convex loss: the loss is convex in the parameters, so there is no saddle and no local minimum.${strictness} Read from the code.`,
    ),
  );
}

/**
 * The node below the penalties that are added to the loss, and the nodes of those penalties: a factor of 0 or more times the
 * sum of squares or absolute values of a parameter, which is convex too.
 */
function withoutPenalties(model: ModelGraph): { readonly at: number | null; readonly penalties: ReadonlySet<ModelNode> } {
  const penalties = new Set<ModelNode>();
  let at = model.loss;
  for (;;) {
    const sum = at === null ? undefined : model.nodes[at];
    const [inner, added] = sum?.kind === 'add' ? sum.inputs : [];
    const nodes = added === undefined ? null : penaltyNodes(model, added);
    if (sum === undefined || inner === undefined || nodes === null) return { at, penalties };
    for (const node of [sum, ...nodes]) penalties.add(node);
    at = inner;
  }
}

function penaltyNodes(model: ModelGraph, at: number): readonly ModelNode[] | null {
  const product = model.nodes[at];
  const [sum, factor] = product?.kind === 'multiply' ? product.inputs.map((i) => model.nodes[i]) : [];
  const size = sum?.kind === 'sum' ? model.nodes[sum.inputs[0] ?? -1] : undefined;
  const weight = size === undefined ? undefined : model.nodes[size.inputs[0] ?? -1];
  const even = size?.kind === 'abs' || (size?.kind === 'power' && size.arguments.exponent === 2);
  if (!product || !sum || !size || !even || weight?.kind !== 'parameter') return null;
  return factor?.kind === 'constant' && factor.arguments.value >= 0 ? [product, sum, size, weight, factor] : null;
}
