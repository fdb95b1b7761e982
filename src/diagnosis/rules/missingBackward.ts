import { assignedName, insertStatement } from '../edits';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';

/** Steps are taken without gradients. */
export const missingBackward = {
  id: 'missing-backward',
  tier: 0,
  severity: 'error',
  title: 'The optimizer takes steps, but backward() is never called.',
  explanation: `\`step()\` uses the gradients that \`backward()\` left. Without it there are none, and the parameters keep their first values.

**How it is found.** Read from the training loop.

**No fault:** gradients from \`torch.autograd.grad\`, or a \`backward()\` in a helper that could not be read (then undecided).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, model, unread } = e.experiment;
  if (loop === null) return undecided('a training loop that can be read');
  if (loop.step === null) return irrelevant;
  if (loop.backward !== null) return passed;
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
