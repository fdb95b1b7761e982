import type { Fix } from '../../records/finding';
import type { ModelGraph, ModelNode } from '../../records/model/graph';
import type { SourceRange } from '../../records/source';
import { replaceWithin } from '../edits';
import { finding, place } from '../finding';
import { lossNodes, maker } from '../graphWalk';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { passed, undecided } from '../rule';
import { textAt } from '../text';
import { noWorse, trains } from '../trials';

/** The loss is climbed instead of descended. */
export const wrongSign = {
  id: 'wrong-sign',
  tier: 0,
  severity: 'error',
  title: 'The update climbs the loss, because a sign is wrong.',
  explanation: `Losses of the library are to be made small. \`maximize=True\`, or a minus before such a loss, makes them large: the loss
rises from the first step with any learning rate.

**How it is found.** From the optimizer's argument (or the sign of an update by hand) and from the expression that
\`backward()\` is called on; a mean or sum of squares is to be made small too, and one of the labels' log-probabilities to be made large.
Two signs that cancel are fine.

**No fault:** a reward that weighs log-probabilities, or another quantity of one's own that is to be made large.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model, optimizer } = e.experiment;
  if (model === null || optimizer === null || model.loss === null) return undecided('a loss and an optimizer that can be read');
  const root = maker(model, model.loss);
  if (!optimizer.maximize && isLikelihood(model, model.loss)) return climbed(e, model.nodes[model.loss]?.range ?? optimizer.name);
  if (lossNodes(model).length === 0 && !isOfSquares(model, model.loss))
    return optimizer.maximize ? undecided('a loss of the library') : passed;
  const negated = root?.kind === 'negate' && lossNodes(model).some((loss) => loss === maker(model, root.inputs[0] ?? -1));
  if (negated === optimizer.maximize) return passed;
  if (negated && root !== null)
    return settle(
      e,
      'wrong-sign',
      remedyOf(replaceWithin(e.texts, root.range, /^-\s*/, ''), 'Remove the minus'),
      (ending, fixes) =>
        finding(
          'wrong-sign',
          'error',
          root.range,
          `The loss is negated, so each step makes it larger instead of smaller.${ending}`,
          { fixes },
        ),
      // The loss before and after the change have opposite signs: only training counts.
      trains,
    );
  const byHand = !/maximize/.test(textAt(e.texts, optimizer.call) ?? 'maximize');
  const what = byHand ? 'The update adds the gradient, which' : 'maximize=True';
  return settle(
    e,
    'wrong-sign',
    byHand ? remedyOf(subtracted(e), 'Subtract the gradient') : null,
    (ending, fixes) =>
      finding('wrong-sign', 'error', optimizer.name, `${what} makes this loss larger with each step.${ending}`, { fixes }),
    trains,
  );
}

/** The likelihood of the labels, which is made small where it should grow. */
function climbed(e: Evidence, range: SourceRange): Outcome {
  const written = textAt(e.texts, range);
  const edits = written === null || !/^[\w.]*[([]/.test(written) ? [] : [{ ...place(range), newText: `-${written}` }];
  return settle(
    e,
    'wrong-sign',
    remedyOf(edits, 'Negate it'),
    (ending, fixes) =>
      finding(
        'wrong-sign',
        'error',
        range,
        `This is the log-likelihood of the labels itself, without a minus: each step makes the right answers less likely.${ending}`,
        { fixes },
      ),
    (after, before) => trains(after) && noWorse(after, before),
  );
}

/** Whether the scalar is a mean or sum of the log-probabilities of the labels, and of nothing else. */
function isLikelihood(model: ModelGraph, loss: number): boolean {
  let node = maker(model, loss);
  let summed = false;
  for (; node?.kind === 'mean' || node?.kind === 'sum'; summed = true) node = maker(model, node.inputs[0] ?? -1);
  if (!summed || node === null) return false;
  const [left, right] = node.inputs.slice(0, 2).map((input) => maker(model, input));
  const isLabel = (one: ModelNode | null | undefined): boolean => one?.kind === 'target' || one?.kind === 'oneHot';
  const isLog = (one: ModelNode | null | undefined): boolean =>
    one?.kind === 'logSoftmax' || (one?.kind === 'log' && maker(model, one.inputs[0] ?? -1)?.kind === 'softmax');
  if (node.kind === 'gather') return isLog(left) && isLabel(right);
  return node.kind === 'multiply' && ((isLog(left) && isLabel(right)) || (isLabel(left) && isLog(right)));
}

const remedyOf = (edits: Fix['edits'], title: string): Remedy | null => (edits.length === 0 ? null : { title, edits });

/** A minus in every update of the loop that adds a tensor's own gradient to it. */
function subtracted({ experiment: { loop }, texts }: Evidence): Fix['edits'] {
  const text = loop === null ? undefined : texts[loop.range.path];
  if (loop === null || text === undefined) return [];
  return text.split('\n').flatMap((line, i) => {
    const update = /^(\s*([A-Za-z_][\w.]*)\s*)\+=.*\b(\2)\.grad\b/.exec(line);
    if (update === null || i + 1 < loop.range.line || i + 1 > loop.range.endLine) return [];
    const column = (update[1] as string).length + 1;
    return [{ path: loop.range.path, line: i + 1, column, endLine: i + 1, endColumn: column + 1, newText: '-' }];
  });
}

/** Whether the scalar is a mean or sum of squares that the script writes out. */
function isOfSquares(model: ModelGraph, loss: number): boolean {
  const root = maker(model, loss);
  if (root?.kind !== 'mean' && root?.kind !== 'sum') return false;
  const squares = maker(model, root.inputs[0] ?? -1);
  return squares?.kind === 'power' && squares.arguments.exponent === 2;
}
