import { finding } from '../finding';
import { lossNodes, outputClasses, weighingNodes } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { first, read } from '../series';
import { amount, lossAmount } from '../words';

/** The first loss is far above that of even guesses. */
export const lossAtInit = {
  id: 'loss-at-init',
  tier: 2,
  severity: 'information',
  title: 'The first loss is far above that of guessing evenly.',
  explanation: `Before training, K classes guessed evenly cost ln K. A first loss of three times that and more [own] means that the
untrained model is sure of wrong answers: the last layer starts too large, or the inputs are. The first steps then only
undo that.

It is information: it costs some steps and seldom more.

Source: Karpathy 2019, *A recipe for training neural networks*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || e.run === null) return undecided('a run of the script');
  const [loss] = lossNodes(model);
  if (
    loss === undefined ||
    (loss.kind !== 'crossEntropy' && loss.kind !== 'bceWithLogits') ||
    loss.arguments.reduction !== 'mean'
  )
    return irrelevant;
  const classes = loss.kind === 'bceWithLogits' ? 2 : (outputClasses(model) ?? e.statistics?.target.counts.length ?? 0);
  const start = first(read(e.measurements, 'epochLoss'));
  if (start === undefined || classes < 2) return undecided('the first loss on the probe rows');
  const even = Math.log(classes);
  if (start <= 3 * even) return passed;
  const range = weighingNodes(model).at(-1)?.range ?? loss.range;
  return found(
    finding(
      'loss-at-init',
      'information',
      range,
      `The first loss is ${lossAmount(start)}, ${amount(start / even)} times that of guessing evenly among ${classes} classes (${lossAmount(even)}): the untrained model is sure of wrong answers. Measured at step 0.`,
      {
        evidence: [{ quantity: 'epochLoss', step: 0, value: start, limit: 3 * even, unit: 'loss' }],
      },
    ),
  );
}
