import type { ModelNode } from '../../records/model/graph';
import type { Evidence, Outcome, Rule } from '../rule';
import { finding } from '../finding';
import { lossNodes, maker, outputClasses } from '../graphWalk';
import { found, irrelevant, passed, undecided } from '../rule';
import { removalOf, settle } from '../removal';

/** A softmax whose result goes into a cross-entropy that takes a softmax of its own. */
export const softmaxBeforeCrossEntropy = {
  id: 'softmax-before-cross-entropy',
  tier: 0,
  severity: 'warning',
  title: 'Softmax is applied before a cross-entropy that applies it again.',
  explanation: `\`CrossEntropyLoss\` takes logits and applies log-softmax itself. Given probabilities, it takes a softmax of numbers in
[0, 1]: with K classes the loss can never fall below ln(1 + (K-1)/e) - for ten classes 1.46 - and the gradients are
small everywhere.

**How it is found.** The value that reaches the loss is followed back through reshapes to the layer that made it.

**No fault:** log-softmax before \`NLLLoss\`; softmax for reporting only. Log-softmax before \`CrossEntropyLoss\` changes
nothing (log-softmax of it is itself) and is mentioned as a hint. A softmax over one unit is constantly 1: an error.

Source: the definition of \`torch.nn.CrossEntropyLoss\`.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const losses = lossNodes(model).filter((node) => node.kind === 'crossEntropy');
  if (losses.length === 0) return irrelevant;
  for (const loss of losses) {
    const extra = maker(model, loss.inputs[0] ?? -1);
    if (extra?.kind === 'softmax') return report(e, extra, outputClasses(model));
    if (extra?.kind === 'logSoftmax') return found(redundant(extra));
  }
  return passed;
}

const redundant = (extra: ModelNode) =>
  finding(
    'softmax-before-cross-entropy',
    'hint',
    extra.range,
    'CrossEntropyLoss applies log-softmax itself. Log-softmax twice is the same as once, so this only costs time. Read from the code.',
  );

function report(e: Evidence, extra: ModelNode, classes: number | null): Outcome {
  const floor =
    classes === null || classes < 2
      ? ''
      : ` With ${classes} classes the loss cannot fall below ${Math.log(1 + (classes - 1) / Math.E).toFixed(2)}.`;
  const one = classes === 1 ? ' Over a single unit the softmax is always 1, so that nothing is learned.' : '';
  return settle(e, 'softmax-before-cross-entropy', removalOf(e, extra), (words, fixes) =>
    finding(
      'softmax-before-cross-entropy',
      classes === 1 ? 'error' : 'warning',
      extra.range,
      `CrossEntropyLoss applies log-softmax itself and expects logits, but it gets the result of a softmax.${floor}${one}${words}`,
      { fixes },
    ),
  );
}
