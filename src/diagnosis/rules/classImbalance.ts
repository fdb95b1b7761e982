import { finding } from '../finding';
import { lossNodes } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { last, read } from '../series';
import { amount, howMuch, percent } from '../words';

/** One class outnumbers another so far that the model answers only it. */
export const classImbalance = {
  id: 'class-imbalance',
  tier: 1,
  severity: 'warning',
  title: 'Classes are very uneven, and the model does no better than answering the largest.',
  explanation: `With one class at 95 % a model that always answers it is right 95 % of the time and has learned nothing.

**Found** when the largest class has more than ten times the rows of the smallest, the entropy of the classes is under half
of the possible, and the run ends with no more right answers than the largest class has rows. Without a run, or when the
model does better than that, it is information.

**No fault:** uneven classes that the model tells apart; a loss with class weights.

Sources: deepchecks and SMD for the ratio of 10; TheDeepChecker for the entropy.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  const { train, model } = e.experiment;
  if (statistics === null || train === null) return undecided('the training rows');
  if (statistics.target.kind !== 'classes') return irrelevant;
  const counts = statistics.target.counts.filter((count) => count > 0);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length < 2 || total === 0) return passed;
  const ratio = Math.max(...counts) / Math.min(...counts);
  const entropy = -counts.reduce((sum, count) => sum + (count / total) * Math.log(count / total), 0) / Math.log(counts.length);
  if (ratio <= 10 || entropy >= 0.5) return passed;
  if (model !== null && lossNodes(model).some(isWeighted)) return passed;
  const majority = Math.max(...counts) / total;
  const accuracy = last(read(e.measurements, 'accuracy'));
  const words = `The largest class has ${amount(ratio)} times the rows of the smallest (${percent(majority)} of all).`;
  if (e.run === null || accuracy === undefined)
    return found(
      finding(
        'class-imbalance',
        'information',
        train.targetRange,
        `${words} Seen in the data; whether the run copes with it is unknown.`,
      ),
    );
  const blind = accuracy <= majority + 0.005;
  const ending = blind
    ? ` The run ends with ${percent(accuracy)} right answers: no more than always answering the largest class. Class weights in the loss are the usual remedy (not tried).`
    : ` The run ends with ${percent(accuracy)} right answers.`;
  return found(
    finding('class-imbalance', blind ? 'warning' : 'information', train.targetRange, `${words}${ending} ${howMuch(e.run)}`),
  );
}

function isWeighted(loss: ReturnType<typeof lossNodes>[number]): boolean {
  if (loss.kind === 'crossEntropy' || loss.kind === 'nll') return loss.arguments.weight !== null;
  return loss.kind === 'bceWithLogits' && loss.arguments.positiveWeight !== null;
}
