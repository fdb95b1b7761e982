import { isFlat, lossLeft } from '../course';
import { finding } from '../finding';
import { weighingNodes } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { last, read } from '../series';
import { howMuch, percent } from '../words';

/** The model answers hardly better than by the most frequent class. */
export const underfitting = {
  id: 'underfitting',
  tier: 2,
  severity: 'information',
  title: 'The model ends hardly better than answering the most frequent class.',
  explanation: `The run ends with right answers within two in a hundred of always answering the largest class, the loss has stopped falling,
and more than 80 % of it is left. [own]

It is information: too small a model, a fault elsewhere, or inputs that do not tell.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { model } = e.experiment;
  if (model === null || e.run === null || e.statistics === null) return undecided('a run of the script');
  if (e.statistics.target.kind !== 'classes') return irrelevant;
  if (e.run.stoppedBy === 'divergence') return passed;
  const accuracy = last(read(e.measurements, 'accuracy'));
  if (accuracy === undefined) return undecided('the right answers along the run');
  const { counts } = e.statistics.target;
  const majority =
    Math.max(...counts) /
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    );
  if (accuracy > majority + 0.02 || !isFlat(e) || lossLeft(e) <= 0.8) return passed;
  const range = weighingNodes(model)[0]?.range ?? e.experiment.unit.range;
  return found(
    finding(
      'underfitting',
      'information',
      range,
      `The run ends with ${percent(accuracy)} right answers on the training rows; always answering the largest class gives ${percent(majority)}. ${stopped(lossLeft(e))} ${howMuch(e.run)}`,
      {
        evidence: [{ quantity: 'accuracy', step: e.run.steps, value: accuracy, limit: majority, unit: 'fraction' }],
      },
    ),
  );
}

const stopped = (left: number): string =>
  left > 1 ? 'The loss ends above where it began.' : `The loss has stopped falling with ${percent(left)} of it left.`;
