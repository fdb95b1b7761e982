import { maker, lossNodes } from '../graphWalk';
import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided } from '../rule';

/** The loss is climbed instead of descended. */
export const wrongSign = {
  id: 'wrong-sign',
  tier: 0,
  severity: 'error',
  title: 'The update climbs the loss, because a sign is wrong.',
  explanation: `Losses of the library are to be made small. \`maximize=True\`, or a minus before such a loss, makes them large: the loss
rises from the first step with any learning rate.

**How it is found.** From the optimizer's argument and from the expression that \`backward()\` is called on. Two signs that
cancel are fine.

**No fault:** a reward or likelihood of one's own that is to be made large.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model, optimizer } = e.experiment;
  if (model === null || optimizer === null || model.loss === null) return undecided('a loss and an optimizer that can be read');
  if (lossNodes(model).length === 0) return optimizer.maximize ? undecided('a loss of the library') : passed;
  const root = maker(model, model.loss);
  const negated = root?.kind === 'negate' && lossNodes(model).some((loss) => loss === maker(model, root.inputs[0] ?? -1));
  if (negated === optimizer.maximize) return passed;
  if (negated && root !== null)
    return found(
      finding(
        'wrong-sign',
        'error',
        root.range,
        'The loss is negated, so each step makes it larger instead of smaller. Read from the code.',
      ),
    );
  return found(
    finding('wrong-sign', 'error', optimizer.name, 'maximize=True makes this loss larger with each step. Read from the code.'),
  );
}
