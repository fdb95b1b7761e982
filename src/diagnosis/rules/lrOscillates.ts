import type { TrialResult } from '../../records/trial';
import { chainOf, finding } from '../finding';
import { roseAndStayed, swings } from '../course';
import { asWritten, niceRate } from '../edits';
import { excess, limitEvidence, limitsInForce, limitWords, tightest } from '../limitInForce';
import { byLoss } from '../rateSearch';
import { summedLossWords } from '../summedLoss';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import {
  betterThroughout,
  costsValidation,
  failed,
  protocol,
  request,
  resultOf,
  unchanged,
  unchangedRequest,
  verification,
} from '../trials';
import { amount, howTried, lossAmount, stepsOf } from '../words';
import { lossSpan, startOf } from '../lossSpan';
import { choosesRate, rateFix, rateSetting, rateVariant } from '../rateSetting';

/** The run neither diverges nor gets down to what a lower rate reaches, and its rate is above the local limit. */
export const lrOscillates = {
  id: 'lr-oscillates',
  tier: 3,
  severity: 'warning',
  title: 'The learning rate is so high that the loss swings instead of falling; a lower one gets further.',
  explanation: `The rate was above the local limit of stability at some measured step, or the loss swings over the last half of the run, or it
rose at first and then stayed high, and the same script re-run from its start
with a third or a tenth of the rate (a hundredth where neither helps) is clearly lower, both at a third and at the end of equally many steps.

**How it is measured.** The largest eigenvalue of the Hessian (preconditioned for adaptive optimizers) at geometrically
spaced steps gives the rate at the limit. That only raises the suspicion. The verdict comes from re-runs from the start:
the probe loss at the end is at least a quarter lower (less the floor of the loss), the gain is a tenth or more of all
that was to be gained, and a fresh seed agrees.

**No fault:** training at the edge of stability whose loss falls as fast as with lower rates; a first spike that
recovers; noise of small batches (see \`lr-not-lowered\`). Where the lower rate has worse validation, it is information.

Sources: Cohen et al. 2021; Cohen et al. 2022, *Adaptive gradient methods at the edge of stability*. Thresholds: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const setting = rateSetting(e);
  if (setting === null || e.run === null) return undecided('a run of the script');
  const limits = limitsInForce(e);
  if (limits === null) return e.run.stoppedBy === 'divergence' ? passed : undecided('the curvature of the loss along the run');
  const point = tightest(limits);
  const swinging = swings(e);
  const thrown = roseAndStayed(e);
  if (excess(point) <= 1 && !swinging && !thrown) return passed;
  const before = unchanged(e);
  if (before === undefined) return wants('a re-run from the start', unchangedRequest(0));
  if (failed(before)) return passed;
  const rate = setting.rate.value;
  const span = lossSpan(e);
  const better = betterThroughout(span);
  const near = [niceRate(rate / 3), niceRate(rate / 10)];
  const stuck = before.probeLoss.end - span.floor > 0.1 * (startOf(before.probeLoss.start, span) - span.floor);
  // A rate that is far too high is so at a tenth of it as well.
  const hopeless = near.every((c) => {
    const result = resultOf(e, rateVariant(e, c));
    return result !== undefined && !better(result, before);
  });
  const candidates = stuck && hopeless ? [...near, niceRate(rate / 100)] : near;
  const missing = candidates.filter((candidate) => resultOf(e, rateVariant(e, candidate)) === undefined);
  if (missing.length > 0)
    return wants('re-runs from the start with lower rates', ...missing.map((c) => request(rateVariant(e, c), 0)));
  const [best] = byLoss(candidates.map((c) => ({ rate: c, result: resultOf(e, rateVariant(e, c)) as TrialResult }))).map(
    (tried) => tried.rate,
  );
  if (best === undefined) return passed;
  const trial = protocol(e, rateVariant(e, best), better);
  if (trial.kind === 'wants') return wants('the best rate tried again on a fresh seed', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('re-runs from the start with lower rates');
  if (!trial.helped) return passed;
  const costs = costsValidation(trial.after, trial.before);
  const validation = costs ? ' The validation loss was worse with the lower rate, so this is no advice.' : '';
  const below =
    excess(point) > 1 || thrown ? '' : ' The rate was below this limit, which holds for all rows at once; batches lower it.';
  const message =
    `${setting.name} = ${asWritten(e, setting.rate)} is too high to settle: over ${stepsOf(trial.after.steps, e.run.ofSteps)} from the start it ends at probe loss ` +
    `${lossAmount(trial.before.probeLoss.end)}, ${amount(best)} at ${lossAmount(trial.after.probeLoss.end)} (start ` +
    `${lossAmount(trial.before.probeLoss.start)}).${validation} ${courseWords(swinging, thrown)}${limitWords(limits, point)}${below}${summedLossWords(e)} ${howTried(trial.after, e.run, trial.seeds)}`;
  const fix = costs ? null : rateFix(e, best, verification(trial));
  return found(
    finding(
      'lr-oscillates',
      costs || trial.seeds < 2 || !choosesRate(e) ? 'information' : 'warning',
      setting.rate.place,
      message,
      {
        evidence: limitEvidence(point),
        related: chainOf(setting.rate, 'the learning rate'),
        fixes: fix === null ? [] : [fix],
      },
    ),
  );
}

function courseWords(swinging: boolean, thrown: boolean): string {
  if (swinging) return 'The loss swings up and down over the last half. ';
  return thrown ? 'The first steps threw the loss up, and it never came down from there. ' : '';
}
