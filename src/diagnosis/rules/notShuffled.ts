import { insertArgument, setValue } from '../edits';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { clearlyBetter, editVariant, protocol, verification } from '../trials';
import { amount, howTried, lossAmount } from '../words';

/** Sorted rows are taken in their order, so that batches see one class after the other. */
export const notShuffled = {
  id: 'not-shuffled',
  tier: 1,
  severity: 'warning',
  title: 'Rows are sorted by their target and taken in that order.',
  explanation: `When the rows are sorted, each batch holds one class (or one range of the target) and the steps undo one another.

**How it is measured.** The training loader does not shuffle, there are four batches or more, and a runs test on the
targets in their order gives z < -3 (Wald and Wolfowitz). Where a run exists, the script with shuffling must be clearly
better on two seeds; without one, sorted classes are a warning.

**No fault:** rows that are mixed already; full batches; evaluation loaders.

Source: Wald and Wolfowitz 1940; Bottou 2012, *Stochastic gradient descent tricks*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { batches, train } = e.experiment;
  if (batches === null || train === null) return undecided('how rows become batches');
  if (batches.sampling !== 'epochs' || batches.batchSize === null) return irrelevant;
  if (batches.shuffle.value) return passed;
  const { statistics } = e;
  if (statistics === null) return undecided('the order of the training rows');
  const z = statistics.target.runsZ;
  if (z === null) return undecided('the order of the targets');
  if (z >= -3 || statistics.rows < 4 * batches.batchSize.value) return passed;
  const { place } = batches.shuffle;
  const edits = batches.shuffle.isDefault
    ? insertArgument(e.texts, batches.range, 'shuffle=True')
    : setValue(e.texts, batches.shuffle, batches.range, 'shuffle', true);
  const words = `The training rows are sorted by their target (runs test z = ${amount(z)}) and taken in that order: each batch sees only a part of the targets.`;
  const evidence = [{ quantity: 'targetRunsZ', step: 0, value: z, limit: -3, unit: 'standard deviations' }];
  const fix = { title: 'Shuffle the training rows', edits };
  const untried = statistics.target.kind === 'classes' ? 'warning' : 'information';
  if (e.run === null || edits.length === 0)
    return found(
      finding('not-shuffled', untried, place, `${words} Seen in the data; not tried.`, {
        evidence,
        fixes: edits.length === 0 ? [] : [fix],
      }),
    );
  const trial = protocol(e, editVariant('not-shuffled', edits), clearlyBetter(lossSpan(e)));
  if (trial.kind === 'wants') return wants('a re-run with shuffled rows', ...trial.trials);
  if (trial.kind === 'unavailable')
    return found(
      finding('not-shuffled', untried, place, `${words} Seen in the data; the fix could not be tried.`, {
        evidence,
        fixes: [fix],
      }),
    );
  if (!trial.helped)
    return found(
      finding(
        'not-shuffled',
        'information',
        place,
        `${words} Shuffled, the run was not clearly better. ${howTried(trial.after, e.run, trial.seeds)}`,
        { evidence },
      ),
    );
  const shown = ` Shuffled, the probe loss ends at ${lossAmount(trial.after.probeLoss.end)} instead of ${lossAmount(trial.before.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
  return found(
    finding('not-shuffled', 'warning', place, `${words}${shown}`, {
      evidence,
      fixes: [{ ...fix, verified: verification(trial) }],
    }),
  );
}
