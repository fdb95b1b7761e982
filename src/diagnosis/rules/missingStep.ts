import { assignedName, insertStatement } from '../edits';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';

/** Gradients are computed and never used. */
export const missingStep = {
  id: 'missing-step',
  tier: 0,
  severity: 'error',
  title: 'The optimizer never takes a step, so no parameter changes.',
  explanation: `The loop calls \`backward()\`, but nothing calls \`step()\` on the optimizer: the parameters keep their first values for ever.

**How it is found.** Read from the training loop.

**No fault:** updates written by hand; a step inside a helper that could not be read (then the rule is undecided).`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop, optimizer, unread } = e.experiment;
  if (loop === null || optimizer === null) return undecided('a training loop that can be read');
  if (loop.backward === null) return irrelevant;
  if (loop.step !== null) return passed;
  if (unread.length > 0) return undecided('the parts of the script that could not be read');
  const name = assignedName(e.texts, optimizer.call);
  const edits = name === null ? [] : insertStatement(e.texts, loop.backward, 'after', `${name}.step()`);
  return found(
    finding(
      'missing-step',
      'error',
      loop.backward,
      'Gradients are computed here, but no call of step() follows: no parameter ever changes. Read from the code.',
      {
        fixes: edits.length === 0 ? [] : [{ title: `Insert ${name}.step() after backward()`, edits }],
      },
    ),
  );
}
