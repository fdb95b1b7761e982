import { finding, place } from '../finding';
import { trainedByPartners } from '../game';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';
import { some } from '../words';

/** Trainable parameters that no optimizer updates. */
export const parametersNotOptimized = {
  id: 'parameters-not-optimized',
  tier: 0,
  severity: 'warning',
  title: 'The optimizer does not get all parameters that the loss depends on.',
  explanation: `Parameters outside of the optimizer keep their first values, although gradients are computed for them.

**How it is found.** The parameters in the forward pass against those in the optimizer's groups.

**No fault:** parameters with \`requires_grad = False\`; several optimizers in the script, each with its part (then it is
information).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model, optimizer } = e.experiment;
  if (model === null || optimizer === null) return undecided('a model and an optimizer that can be read');
  const used = new Set(model.nodes.flatMap((node) => Object.values(node.parameters)));
  const updated = new Set(optimizer.groups.flatMap(({ parameters }) => parameters));
  const elsewhere = trainedByPartners(e.experiment);
  const left = model.parameters.filter((spec, i) => spec.trainable && used.has(i) && !updated.has(i) && !elsewhere.has(i));
  if (left.length === 0) return passed;
  const names = left.map(({ name }) => name);
  return found(
    finding(
      'parameters-not-optimized',
      hasOtherOptimizer(e) ? 'information' : 'warning',
      optimizer.parametersArgument,
      `${left.length} of ${used.size} parameter tensors of the model are not given to the optimizer and keep their first values: ${some(names)}. Read from the code.`,
      { related: left.slice(0, 3).map(({ name, range }) => ({ ...place(range), message: `${name} is not updated` })) },
    ),
  );
}

/** Whether the texts make more than one optimizer: the others may hold the rest. */
function hasOtherOptimizer(e: Evidence): boolean {
  const calls = Object.values(e.texts).flatMap(
    (text) => text.match(/\b(SGD|Adam|AdamW|RMSprop|Adagrad|Adadelta|Adamax|NAdam|RAdam|LBFGS)\s*\(/g) ?? [],
  );
  return calls.length > 1;
}
