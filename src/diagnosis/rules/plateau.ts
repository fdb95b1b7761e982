import type { Fix } from '../../records/finding';
import type { Optimizer } from '../../records/optimizer';
import type { Verification } from '../../records/trial';
import { courseOfLoss, isFlat, lossLeft } from '../course';
import { niceRate } from '../edits';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import { limitsInForce } from '../limitInForce';
import type { RateSetting } from '../rateSetting';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { last } from '../series';
import { tanhRemedy, tanhVariant } from '../activationRemedies';
import type { Variant } from '../trials';
import { betterThroughout, protocol, verification } from '../trials';
import { amount, howMuch, howTried, lossAmount, percent } from '../words';
import { rateFix, rateSetting, rateVariant } from '../rateSetting';

/** The loss has stopped falling far above its floor, though the script with another rate or activation gets lower. */
export const plateau = {
  id: 'plateau',
  tier: 3,
  severity: 'warning',
  title: 'The loss stays on a plateau that another rate or activation leaves.',
  explanation: `A loss that no longer falls may have reached the best the model can do, or be held up: by flat activations, a saddle, a
symmetric start, a rate that does not fit.

**How it is measured.** Over the last half of the run the loss has no falling trend (Mann-Kendall at p .05) or moves by under
1 % of its start, and more than half of it is left. Re-run from the start with three times or a third of the rate, or with
tanh for hidden sigmoids, it must be clearly better on two seeds; else it is information: the floor of a loss is not known beforehand.

**No fault:** a loss that is down; noisy labels, whose floor is high.

Sources: Mann 1945, Kendall 1975; NeuroScope for the 1 %. Thresholds else: own.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  const setting = rateSetting(e);
  if (optimizer === null || setting === null || e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  if (courseOfLoss(e).values.length < 8) return undecided('the loss along the run');
  if (!isFlat(e) || lossLeft(e) <= 0.5) return passed;
  const better = betterThroughout(lossSpan(e));
  const place = lossLeft(e) > 1 ? 'and is above where it began' : `with ${percent(lossLeft(e))} of it left`;
  const words = `The loss has not fallen over the last half of the run, ${place} (${lossAmount(last(courseOfLoss(e)) ?? NaN)}).`;
  for (const { variant, says, remedy } of candidates(e, optimizer, setting)) {
    const trial = protocol(e, variant, better);
    if (trial.kind === 'wants') return wants('re-runs with something changed', ...trial.trials);
    if (trial.kind === 'unavailable' || !trial.helped || trial.seeds < 2) continue;
    const fix = remedy(verification(trial));
    const shown = `${words} Re-run from the start ${says}, it gets to ${lossAmount(trial.after.probeLoss.end)}. ${howTried(trial.after, e.run, trial.seeds)}`;
    return found(finding('plateau', 'warning', optimizer.name, shown, { fixes: fix === null ? [] : [fix] }));
  }
  const tanhTried = e.experiment.model !== null && tanhRemedy(e, e.experiment.model) !== null ? ', tanh units' : '';
  const ending = `${words} What was tried (three times and a third of the rate${tanhTried}) does no better: this may be the best the model can do, or something else holds it up. ${howMuch(e.run)}`;
  return found(finding('plateau', 'information', optimizer.name, ending));
}

interface Candidate {
  readonly variant: Variant;
  readonly says: string;
  readonly remedy: (verified: Verification) => Fix | null;
}

/** What is tried: three times and a third of the rate (a hundred times where no limit is known), then tanh in place of hidden sigmoids. */
function candidates(e: Evidence, { kind }: Optimizer, { rate, name }: RateSetting): readonly Candidate[] {
  const near = [3 * rate.value, rate.value / 3];
  // Without a limit of stability no rule looks for rates further off.
  const far = limitsInForce(e) === null && kind !== 'lbfgs' ? [100 * rate.value] : [];
  const rates = [...near, ...far].map(niceRate).map((value): Candidate => ({
    variant: rateVariant(e, value),
    says: `with ${name} = ${amount(value)}`,
    remedy: (verified) => rateFix(e, value, verified),
  }));
  const tanh = e.experiment.model === null ? null : tanhRemedy(e, e.experiment.model);
  if (tanh === null) return rates;
  return [...rates, { variant: tanhVariant(tanh), says: 'with tanh units', remedy: (verified) => ({ ...tanh, verified }) }];
}
