import type { SourceRange } from '../../records/source';
import { insertStatement, removeStatement } from '../edits';
import { finding, place } from '../finding';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { textAt } from '../text';
import { trains } from '../trials';

/** Gradients are cleared after they were computed and before they are used. */
export const zeroGradMisplaced = {
  id: 'zero-grad-misplaced',
  tier: 0,
  severity: 'error',
  title: 'Gradients are cleared between backward() and step(), so each step follows none.',
  explanation: `\`step()\` follows what \`backward()\` left in \`.grad\`. A \`zero_grad()\` between the two takes it away: the parameters keep their
first values, and the loss stays where it is. The same holds for \`zero_grad()\` and \`step()\` in one breath before \`backward()\`.

**How it is found.** From the order of the three calls in a pass of the loop, going round.

**No fault:** clearing before \`backward()\` or after \`step()\`; clearing a part of the parameters; calls under conditions.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop } = e.experiment;
  if (e.experiment.unit.framework !== 'pytorch') return irrelevant;
  if (loop === null) return undecided('a training loop that can be read');
  const { backward, step, zeroGrad } = loop;
  if (backward === null || step === null) return irrelevant;
  if (zeroGrad.when !== 'beforeStep' || zeroGrad.range === null) return passed;
  const at = zeroGrad.range;
  return settle(
    e,
    'zero-grad-misplaced',
    remedy(e, at, backward),
    (words, fixes) =>
      finding(
        'zero-grad-misplaced',
        'error',
        at,
        `This clears the gradients after backward() has computed them and before step() takes them: no parameter changes.${words}`,
        { fixes, related: [{ ...place(step), message: 'this step has no gradients to follow' }] },
      ),
    trains,
  );
}

/** Moves the call before `backward()`. */
function remedy(e: Evidence, at: SourceRange, backward: SourceRange): Remedy | null {
  const call = textAt(e.texts, at);
  const [taken] = removeStatement(e.texts, at);
  const [put] = insertStatement(e.texts, backward, 'before', call ?? '');
  if (call === null || taken === undefined || put === undefined) return null;
  return { title: `Move ${call} before backward()`, edits: [taken, put] };
}
