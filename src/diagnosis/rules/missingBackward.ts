import type { ModelNode } from '../../records/model/graph';
import type { SourceRange } from '../../records/source';
import { assignedName, insertStatement, replaceWithin } from '../edits';
import { finding, place } from '../finding';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { trains } from '../trials';

/** Steps are taken without gradients. */
export const missingBackward = {
  id: 'missing-backward',
  tier: 0,
  severity: 'error',
  title: 'The optimizer takes steps, but backward() is never called, or reaches no parameter.',
  explanation: `\`step()\` uses the gradients that \`backward()\` left. Without it there are none, and the parameters keep their first values.

A loss that \`detach()\` or \`no_grad\` cuts off from every parameter has no gradients either: there PyTorch stops with "element 0 of
tensors does not require grad".

**How it is found.** Read from the training loop, and from the operations between the parameters and the loss.

**No fault:** gradients from \`torch.autograd.grad\`, or a \`backward()\` in a helper that could not be read (then undecided).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, model, unread } = e.experiment;
  if (loop === null) return undecided('a training loop that can be read');
  if (loop.step === null) return irrelevant;
  if (loop.backward !== null) return cutOff(e, loop.backward);
  if (unread.length > 0 || model === null) return undecided('the parts of the script that could not be read');
  const name = model.lossCall === null ? null : assignedName(e.texts, model.lossCall);
  const edits = name === null ? [] : insertStatement(e.texts, loop.step, 'before', `${name}.backward()`);
  return found(
    finding(
      'missing-backward',
      'error',
      loop.step,
      'This step has no gradients to follow: backward() is never called, so no parameter changes. Read from the code.',
      {
        fixes: edits.length === 0 ? [] : [{ title: `Insert ${name}.backward() before step()`, edits }],
      },
    ),
  );
}

/** Whether every way from the loss back to a parameter is cut by a detached tensor. */
function cutOff(e: Evidence, backward: SourceRange): Outcome {
  const { model } = e.experiment;
  if (model === null || model.loss === null) return passed;
  const reached = new Set<number>();
  const cuts: ModelNode[] = [];
  const waiting = [model.loss];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const node = model.nodes[at];
    if (node === undefined || reached.has(at)) continue;
    reached.add(at);
    if (Object.keys(node.parameters).length > 0) return passed;
    if (node.kind === 'stopGradient') cuts.push(node);
    else waiting.push(...node.inputs);
  }
  const [cut] = cuts;
  if (cut === undefined) return passed;
  const edits = replaceWithin(e.texts, cut.range, /\.detach\(\)/, '');
  return settle(
    e,
    'missing-backward',
    edits.length === 0 ? null : { title: 'Remove detach()', edits },
    (ending, fixes) =>
      finding(
        'missing-backward',
        'error',
        backward,
        `No gradient reaches a parameter: the loss is cut off from the model, and PyTorch stops here with an error.${ending}`,
        { related: cuts.map(({ range }) => ({ ...place(range), message: 'cut off here' })), fixes },
      ),
    trains,
  );
}
