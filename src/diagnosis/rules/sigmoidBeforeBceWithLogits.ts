import { finding } from '../finding';
import { lossNodes, maker } from '../graphWalk';
import { removalOf, settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';

/** A sigmoid (or softmax) before a loss that applies a sigmoid of its own. */
export const sigmoidBeforeBceWithLogits = {
  id: 'sigmoid-before-bce-with-logits',
  tier: 0,
  severity: 'warning',
  title: 'A sigmoid is applied before a loss that applies it again.',
  explanation: `\`BCEWithLogitsLoss\` applies the sigmoid itself. Given a probability p in (0, 1) it sees a predicted probability between
.5 and .73: negatives can never be right, and the loss for them cannot fall below ln 2.

**How it is found.** The value that reaches the loss is followed back through reshapes to the layer that made it.

**No fault:** a sigmoid for reporting only; \`BCELoss\` after a sigmoid.

Source: the definition of \`torch.nn.BCEWithLogitsLoss\`.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return undecided('a model and a loss that can be read');
  const losses = lossNodes(model).filter(({ kind }) => kind === 'bceWithLogits');
  if (losses.length === 0) return irrelevant;
  for (const loss of losses) {
    const extra = maker(model, loss.inputs[0] ?? -1);
    if (extra?.kind !== 'sigmoid' && extra?.kind !== 'softmax' && extra?.kind !== 'hardSigmoid') continue;
    return settle(e, 'sigmoid-before-bce-with-logits', removalOf(e, extra), (words, fixes) =>
      finding(
        'sigmoid-before-bce-with-logits',
        'warning',
        extra.range,
        `BCEWithLogitsLoss applies the sigmoid itself and expects logits, but it gets the result of a ${extra.kind}: ` +
          `the predicted probability stays between 0.5 and 0.73.${words}`,
        { fixes },
      ),
    );
  }
  return passed;
}
