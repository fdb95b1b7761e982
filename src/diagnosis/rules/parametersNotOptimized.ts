import type { ModelGraph } from '../../records/model/graph';
import { finding, place } from '../finding';
import { frozenVerdict } from '../frozen';
import { trainedByPartners } from '../game';
import { isCarrying, isRecurrent, isWeighing, takers } from '../graphWalk';
import { completedArgument } from '../missingParameters';
import { plainListOf } from '../plainList';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { passed, undecided } from '../rule';
import type { Comparison } from '../trials';
import { noWorse } from '../trials';
import { some } from '../words';

/** Trainable parameters that no optimizer updates. */
export const parametersNotOptimized = {
  id: 'parameters-not-optimized',
  tier: 0,
  severity: 'warning',
  title: 'The optimizer does not get all parameters that the loss depends on.',
  explanation: `Parameters outside of the optimizer keep their first values, although gradients are computed for them. Layers in a plain Python list are
among these: a module's \`parameters()\` sees into \`nn.ModuleList\` only.

**How it is found.** The parameters that the loss's gradient reaches, against those in the optimizer's groups. Where they can be
written into its argument, the script is re-run with them.

Layers that \`requires_grad = False\` holds at random first values are told where the script is much better with them learning (twice as far
or half as much left), re-run from its start on two seeds.

**No fault:** other parameters with \`requires_grad = False\`, such as trained ones, or behind \`detach()\` and \`no_grad\` (a target network); tensors with
\`requires_grad\` that the model takes in, or by which the script differentiates (collocation points, adversarial examples); several
optimizers in the script, each with its part (then it is information).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model, optimizer } = e.experiment;
  if (model === null || optimizer === null) return undecided('a model and an optimizer that can be read');
  const used = learnable(e, model);
  const updated = new Set(optimizer.groups.flatMap(({ parameters }) => parameters));
  const elsewhere = trainedByPartners(e.experiment);
  const left = model.parameters.filter((spec, i) => spec.trainable && used.has(i) && !updated.has(i) && !elsewhere.has(i));
  if (left.length === 0) return elsewhere.size > 0 ? passed : frozenVerdict(e, model, used);
  const others = hasOtherOptimizer(e);
  const names = left.map(({ name }) => name);
  const list = plainListOf(e.texts, left);
  const what =
    list === null
      ? `: ${some(names)}.`
      : `: those of the layers in ${list.name}, a plain list, whose layers parameters() does not see.`;
  const none = left.length === used.size && updated.size > 0;
  const given = model.parameters.filter((_, i) => updated.has(i));
  return settle(
    e,
    'parameters-not-optimized',
    // Another optimizer may hold them: two would step on the same weights.
    others ? null : (list?.remedy ?? completedArgument(e, optimizer.parametersArgument, left, given)),
    (words, fixes) =>
      finding(
        'parameters-not-optimized',
        others ? 'information' : none ? 'error' : 'warning',
        optimizer.parametersArgument,
        none
          ? `None of the ${used.size} parameter tensors that the loss depends on is given to the optimizer: it was made with those of another model, or of this one before it was made anew, and nothing is learned.${words}`
          : `${left.length} of ${used.size} parameter tensors of the model are not given to the optimizer and keep their first values${what}${words}`,
        {
          fixes,
          related: left
            .slice(0, 3)
            .map(({ name, range }) => ({ ...place(range), message: `${list === null ? name : 'this layer'} is not updated` })),
        },
      ),
    lower,
  );
}

/** More right answers or about as many; where none are counted, no higher a loss. */
const lower: Comparison = (after, before) =>
  noWorse(after, before) && (after.accuracy !== null || !(after.probeLoss.end > before.probeLoss.end));

/** The parameters that the loss's gradient reaches, without those that only stand for inputs. */
function learnable(e: Evidence, model: ModelGraph): ReadonlySet<number> {
  const found = new Set<number>();
  const reached = new Set<number>();
  const waiting = [model.loss ?? model.nodes.length - 1];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const node = model.nodes[at];
    if (node === undefined || reached.has(at)) continue;
    reached.add(at);
    if (node.kind === 'stopGradient') continue;
    waiting.push(...node.inputs);
    if (node.kind !== 'parameter' || !isInput(e, model, at)) for (const index of Object.values(node.parameters)) found.add(index);
  }
  return found;
}

/** Whether a tensor of the script's own is what a layer is given, or what the script differentiates by, rather than a weight. */
function isInput(e: Evidence, model: ModelGraph, index: number): boolean {
  const taking = takers(model, index);
  const isGiven = taking.some((node) => (isWeighing(node) || isRecurrent(node)) && carries(model, index, node.inputs[0] ?? -1));
  const isDifferentiatedBy = taking.some((node) => node.kind === 'derivative' && carries(model, index, node.inputs[1] ?? -1));
  return isGiven || isDifferentiatedBy || readsGradient(e, model, index);
}

/** Whether node `at` has the values of node `index`, moved at most. */
function carries(model: ModelGraph, index: number, at: number): boolean {
  if (at === index) return true;
  const node = model.nodes[at];
  return node !== undefined && isCarrying(node) && node.inputs.some((input) => carries(model, index, input));
}

/** Whether the script takes a tensor's gradient for a use of its own: \`delta.grad.sign()\`. */
function readsGradient({ texts }: Evidence, model: ModelGraph, index: number): boolean {
  const [parameter] = Object.values(model.nodes[index]?.parameters ?? {});
  const name = parameter === undefined ? undefined : model.parameters[parameter]?.name;
  if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) return false;
  return Object.values(texts).some((text) => new RegExp(`\\b${name}\\.grad\\b(?!\\s*=)`).test(text));
}

/** Whether the texts make more than one optimizer: the others may hold the rest. */
function hasOtherOptimizer(e: Evidence): boolean {
  const calls = Object.values(e.texts).flatMap(
    (text) => text.match(/\b(SGD|Adam|AdamW|RMSprop|Adagrad|Adadelta|Adamax|NAdam|RAdam|LBFGS)\s*\(/g) ?? [],
  );
  return calls.length > 1;
}
