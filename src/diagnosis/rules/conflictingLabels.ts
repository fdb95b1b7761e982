import { finding } from '../finding';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided } from '../rule';
import { grouped, percent } from '../words';

/** Equal inputs with different classes. */
export const conflictingLabels = {
  id: 'conflicting-labels',
  tier: 1,
  severity: 'information',
  title: 'Rows with exactly the same inputs have different classes.',
  explanation: `No model can be right on all of them: the training loss has a floor above 0, and accuracy a ceiling below 1.

**How it is found.** Groups of training rows with equal inputs and different class numbers; more than 1 % of all rows. [own]

It is information: on coarse inputs it is natural, elsewhere a sign of wrong labels or of a lost column.

Source: deepchecks' conflicting labels.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { statistics } = e;
  const { train } = e.experiment;
  if (statistics === null || train === null) return undecided('the training rows');
  if (statistics.target.kind !== 'classes') return irrelevant;
  const share = statistics.conflictingRows / Math.max(statistics.rows, 1);
  if (share <= 0.01) return passed;
  return found(
    finding(
      'conflicting-labels',
      'information',
      train.targetRange,
      `${grouped(statistics.conflictingRows)} of ${grouped(statistics.rows)} training rows (${percent(share)}) share their inputs with a row of another class, so no model can be right on all of them. Seen in the data.`,
    ),
  );
}
