import type { RunSummary } from '../../records/measurement';
import type { SourceRange } from '../../records/source';
import { courseOfLoss, lossLeft } from '../course';
import { takesFewSteps, timesEpochs, withMoreEpochs } from '../fewSteps';
import { finding } from '../finding';
import { lossFloor } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { first, last, mannKendall, read, tail, theilSen } from '../series';
import { grouped, howMuch, lossAmount, percent } from '../words';

/** The script ends while its loss still falls clearly. */
export const stoppedTooEarly = {
  id: 'stopped-too-early',
  tier: 2,
  severity: 'information',
  title: 'The script ends while its loss still falls clearly.',
  explanation: `Over the last third of the whole script the loss falls (Mann-Kendall at p .05), by a tenth or more of what there was to fall
(Theil-Sen) [own], and validation, where there is one, does not rise.

It is information: how long to train is the person's choice.

It is a warning where the whole script takes fewer than a hundred steps, more than half of the loss is left, and with ten times the
epochs (or as many as make a hundred steps) and nothing else changed the loss falls more than twice as far, on two seeds. [own]`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { loop } = e.experiment;
  if (e.run === null || loop === null) return undecided('a run of the script');
  if (e.run.steps < e.run.ofSteps) return undecided('a run over all steps of the script');
  if (takesFewSteps(e)) {
    const outcome = fewSteps(e, (loop.steps ?? loop.epochs).place, e.run);
    if (outcome !== null) return outcome;
  }
  const loss = courseOfLoss(e);
  const end = tail(loss, 1 / 3);
  const [start, final] = [first(loss), last(loss)];
  if (start === undefined || final === undefined || end.values.length < 6) return undecided('the loss along the run');
  const fall = (-theilSen(end) * e.run.steps) / 3;
  const span = start - lossFloor(e.experiment);
  // Below its floor the loss is not one that has an end.
  if (span <= 0 || final < lossFloor(e.experiment)) return passed;
  const validation = tail(read(e.measurements, 'validationLoss'), 1 / 3);
  if (mannKendall(end) > -1.64 || fall < 0.1 * span || final >= start || mannKendall(validation) > 1.64) return passed;
  const { place } = loop.steps ?? loop.epochs;
  return found(
    finding(
      'stopped-too-early',
      'information',
      place,
      `The loss still falls at the end: over the last third by ${percent(fall / span)} of all there was to fall. More epochs would get lower. ${howMuch(e.run)}`,
      {
        evidence: [{ quantity: 'epochLoss', step: e.run.steps, value: final, unit: 'loss' }],
      },
    ),
  );
}

/** Too few steps for anything, shown by a run that goes on; null when more of them do not help either. */
function fewSteps(e: Evidence, range: SourceRange, run: RunSummary): Outcome | null {
  const trial = withMoreEpochs(e);
  if (trial.kind === 'wants') return wants('a re-run with more epochs', ...trial.trials);
  if (trial.kind === 'unavailable' || !trial.helped) return null;
  const { before, after } = trial;
  const message =
    `The whole script takes ${stepCount(run.ofSteps)}, and ${percent(lossLeft(e))} of the loss is left (${lossAmount(before.probeLoss.end)}). ` +
    `With ${grouped(timesEpochs(e))} times the epochs and nothing else changed it gets to ${lossAmount(after.probeLoss.end)}, on ${trial.seeds === 1 ? '1 seed' : `${trial.seeds} seeds`}. Smaller batches make more steps of an epoch too.`;
  return found(finding('stopped-too-early', trial.seeds < 2 ? 'information' : 'warning', range, message));
}

const stepCount = (steps: number): string => (steps === 1 ? 'a single step' : `only ${grouped(steps)} steps`);
