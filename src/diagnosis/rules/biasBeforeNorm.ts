import { insertArgument } from '../edits';
import { finding } from '../finding';
import { isWeighing, takers } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';

/** A bias that the batch norm after it takes away again. */
export const biasBeforeNorm = {
  id: 'bias-before-norm',
  tier: 0,
  severity: 'hint',
  title: 'A bias right before batch norm has no effect.',
  explanation: `Batch norm subtracts the mean over the batch, and with it any bias of the layer before; its own bias does that work. The
superfluous one costs a little memory and time and never learns.

**How it is found.** A linear or convolution layer with a bias whose result goes into batch norm and nowhere else.

It is a hint: nothing goes wrong.

Source: Ioffe and Szegedy 2015, section 3.2.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null) return undecided('a model that can be read');
  if (!model.nodes.some(({ kind }) => kind === 'batchNorm')) return irrelevant;
  const superfluous = model.nodes.filter((node, at) => {
    if (!isWeighing(node) || node.parameters.bias === undefined) return false;
    const after = takers(model, at);
    return after.length > 0 && after.every(({ kind }) => kind === 'batchNorm');
  });
  if (superfluous.length === 0) return passed;
  return found(
    ...superfluous.map((node) => {
      const edits = insertArgument(e.texts, node.range, 'bias=False');
      return finding(
        'bias-before-norm',
        'hint',
        node.range,
        'Batch norm right after this layer subtracts its bias again, so the bias has no effect. Read from the code.',
        {
          fixes: edits.length === 0 ? [] : [{ title: 'Leave the bias out', edits }],
        },
      );
    }),
  );
}
