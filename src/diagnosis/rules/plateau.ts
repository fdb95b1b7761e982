import { courseOfLoss, isFlat, lossLeft } from '../course';
import { niceRate } from '../edits';
import { finding } from '../finding';
import { lossFloor } from '../graphWalk';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { last } from '../series';
import { betterThroughout, protocol, rateVariant } from '../trials';
import { amount, howMuch, howTried, lossAmount, percent } from '../words';

/** The loss has stopped falling far above its floor, though another rate gets lower. */
export const plateau = {
  id: 'plateau',
  tier: 3,
  severity: 'warning',
  title: 'The loss stays on a plateau that another rate leaves.',
  explanation: `A loss that no longer falls may have reached the best the model can do, or be held up: by flat activations, a saddle, a
symmetric start, a rate that does not fit.

**How it is measured.** Over the last half of the run the loss has no falling trend (Mann-Kendall at p .05) or moves by under
1 % of its start, and more than half of it is left. Re-run from the start with three times or a third of the rate it must
be clearly better on two seeds; else it is information: the floor of a loss is not known beforehand.

**No fault:** a loss that is down; noisy labels, whose floor is high.

Sources: Mann 1945, Kendall 1975; NeuroScope for the 1 %. Thresholds else: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  if (courseOfLoss(e).values.length < 8) return undecided('the loss along the run');
  if (!isFlat(e) || lossLeft(e) <= 0.5) return passed;
  const better = betterThroughout(lossFloor(e.experiment));
  const words = `The loss has not fallen over the last half of the run, with ${percent(lossLeft(e))} of it left (${lossAmount(last(courseOfLoss(e)) ?? NaN)}).`;
  for (const rate of [niceRate(3 * optimizer.learningRate.value), niceRate(optimizer.learningRate.value / 3)]) {
    const trial = protocol(e, rateVariant(rate), better);
    if (trial.kind === 'wants') return wants('re-runs with other rates', ...trial.trials);
    if (trial.kind === 'unavailable' || !trial.helped || trial.seeds < 2) continue;
    const shown = ` Re-run from the start, lr = ${amount(rate)} gets to ${lossAmount(trial.after.probeLoss.end)}.`;
    return found(finding('plateau', 'warning', optimizer.name, `${words}${shown} ${howTried(trial.after, e.run, trial.seeds)}`));
  }
  return found(
    finding(
      'plateau',
      'information',
      optimizer.name,
      `${words} Three times and a third of the rate do no better, so this may be the best the model can do. ${howMuch(e.run)}`,
    ),
  );
}
