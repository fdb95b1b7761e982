import type { Fix, Severity } from '../../records/finding';
import type { RateSetting } from '../rateSetting';
import type { TrialResult } from '../../records/trial';
import { asWritten } from '../edits';
import { chainOf, finding } from '../finding';
import { excess, limitEvidence, limitsInForce, limitWords, tightest } from '../limitInForce';
import type { LimitPoint, LimitsInForce } from '../limitInForce';
import { byLoss, onFreshSeed, searchBelow } from '../rateSearch';
import type { Bracket, TriedRate } from '../rateSearch';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, passed, undecided, wants } from '../rule';
import { courseOfLoss } from '../course';
import { lossSpan } from '../lossSpan';
import { meanInPlace, summedLossWords } from '../summedLoss';
import { first, last, median, read, tail, valueAt } from '../series';
import type { Comparison, Protocol } from '../trials';
import {
  clearlyBetter,
  editVariant,
  failed,
  momentumVariant,
  protocol,
  trains,
  unchanged,
  unchangedRequest,
  verification,
} from '../trials';
import { amount, howTried, lossAmount, stepsOf } from '../words';
import { rateFix, rateSetting } from '../rateSetting';

/** The run diverges at this rate and trains from the start at a lower one. */
export const lrDiverges = {
  id: 'lr-diverges',
  tier: 3,
  severity: 'error',
  title: 'The learning rate is so high that the run diverges; a lower one trains.',
  explanation: `With this learning rate the loss leaves every bound, or ends well above where it began, and the same script
trains from the start with a lower rate.

**How it is measured.** The script is re-run from its start with half the rate, a tenth, and a rate below the measured
limit; then twice more between the highest rate that trains and the lowest that does not. The best one is tried again on
a fresh seed, beside the script as it stands. The re-run decides; the local limit of stability (for SGD 2/η against the
largest eigenvalue of the Hessian) only explains it, because the curvature follows the rate.

**Diverging** means: a value that is not finite, a loss that ends a fifth above its start, or one that had halved and
came back to its start.

Where the loss is written as a sum over rows, the mean in its place is tried at the script's own rate, and offered first if it gets as far.
Momentum of .98 or more is lowered first: where the rate trains with .9, the finding is \`momentum-too-high\`.

**No fault:** a first spike that recovers; a rate above the local limit whose loss goes on falling (edge of stability).

Sources: Cohen et al. 2021, *Gradient descent on neural networks typically occurs at the edge of stability*; Lewkowycz
et al. 2020, *The large learning rate phase of deep learning*.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer } = e.experiment;
  if (optimizer === null || e.run === null) return undecided('a run of the script');
  if (e.run.nonFinite !== null && e.run.nonFinite.step <= 0) return passed;
  if (!endedBadly(e)) return passed;
  const before = unchanged(e);
  if (before === undefined) return wants('a re-run from the start', unchangedRequest(0));
  if (before.status === 'unavailable') return undecided('a re-run of the script');
  if (!failed(before) || before.steps === 0) return passed;
  const setting = rateSetting(e);
  const rate = setting?.rate.value ?? 0;
  if (setting === null || !(rate > 0)) return passed;
  const momentum = momentumAtFault(e);
  if (momentum?.kind === 'wants') return wants('a re-run with less momentum', ...momentum.trials);
  if (momentum?.kind === 'tried' && momentum.helped) return passed;
  const search = searchBelow(e, rate, guess(e, rate));
  if (search.kind === 'wants') return wants('re-runs from the start with lower rates', ...search.trials);
  if (search.kind === 'none') return search.unavailable ? undecided('re-runs from the start with lower rates') : passed;
  return confirm(e, setting, search.bracket, before);
}

/** Extreme momentum with a rate that trains without it is a matter of `momentum-too-high`. */
function momentumAtFault(e: Evidence): Protocol | null {
  const { optimizer } = e.experiment;
  const momentum = optimizer?.kind === 'sgd' ? optimizer.settings.momentum.value : 0;
  return momentum >= 0.98 && momentum < 1 ? protocol(e, momentumVariant(0.9), clearlyBetter(lossSpan(e))) : null;
}

/** The main run ended not finite, or well above its start, or came back to it from far below. */
function endedBadly(e: Evidence): boolean {
  if (e.run?.stoppedBy === 'divergence' || e.run?.nonFinite != null) return true;
  if (trainingFell(e)) return false;
  if (e.baseline !== null && failed(e.baseline)) return true;
  const loss = read(e.measurements, 'epochLoss');
  const [start, end] = [first(loss), last(loss)];
  return start !== undefined && end !== undefined && end > start + 0.2 * Math.abs(start);
}

/** The loss of the steps themselves fell: then a high loss on the probe rows is another matter (the mode of batch norm, dropout). */
function trainingFell(e: Evidence): boolean {
  const loss = read(e.measurements, 'loss');
  const start = first(loss);
  return start !== undefined && loss.values.length >= 20 && median(tail(loss, 0.1).values) < start - 0.1 * Math.abs(start);
}

/** A rate at half of the first measured limit, or a hundredth of the script's. */
function guess(e: Evidence, rate: number): number {
  const point = limitsInForce(e)?.points[0];
  return point === undefined ? rate / 100 : point.limit / 2;
}

/** Tries the best rates on a fresh seed until one trains there too; at most two. */
function confirm(e: Evidence, setting: RateSetting, bracket: Bracket, before: TrialResult): Outcome {
  for (const winner of byLoss(bracket.trained).slice(0, 2)) {
    const fresh = onFreshSeed(e, winner.rate);
    if (fresh.kind === 'wants') return wants('the best rate tried again on a fresh seed', ...fresh.trials);
    if (fresh.winner.status === 'unavailable' || fresh.reference.status === 'unavailable')
      return report(e, setting, bracket, winner, before, { severity: 'warning', seeds: 1, seedWords: '' });
    if (!trains(fresh.winner)) continue;
    const mean = withMean(e, winner.result);
    if (mean?.kind === 'wants') return wants('a re-run with the mean of the loss', ...mean.trials);
    const again = failed(fresh.reference);
    const seedWords = again ? '' : ` On a second seed ${asWritten(e, setting.rate)} did not diverge.`;
    return report(e, setting, bracket, winner, before, { severity: again ? 'error' : 'warning', seeds: 2, seedWords });
  }
  return passed;
}

/** The script with the mean of its loss in place of the sum, at its own rate: it must get about as far as with the rate that was found. */
function withMean(e: Evidence, { probeLoss }: TrialResult): Protocol | null {
  const remedy = meanInPlace(e);
  const asFar: Comparison = (after) => trains(after) && shareLost(after.probeLoss) > 0.8 * shareLost(probeLoss);
  return remedy === null ? null : protocol(e, editVariant('lr-diverges', remedy.edits, 'mean'), asFar);
}

/** What a run has lost of its first loss: sums and means compare by it. */
const shareLost = ({ start, end }: TrialResult['probeLoss']): number => 1 - end / start;

/** The mean as a fix; none where it was not tried, or did not get as far. */
function meanFix(e: Evidence, winner: TriedRate): readonly Fix[] {
  const remedy = meanInPlace(e);
  const trial = withMean(e, winner.result);
  return remedy !== null && trial?.kind === 'tried' && trial.helped ? [{ ...remedy, verified: verification(trial) }] : [];
}

/** The first measured step at which the rate was over its limit; else the one at which it was nearest. */
const explaining = (limits: LimitsInForce): LimitPoint => limits.points.find((point) => excess(point) > 1) ?? tightest(limits);

/** The limits while the loss was still of the size of its start: what curves far out there explains nothing. */
function limitsBefore(e: Evidence): LimitsInForce | null {
  const limits = limitsInForce(e);
  const loss = courseOfLoss(e);
  const start = Math.abs(first(loss) ?? Infinity);
  const near = limits?.points.filter(({ step }) => !(Math.abs(valueAt(loss, step) ?? 0) > 10 * start)) ?? [];
  return limits === null || near.length === 0 ? limits : { ...limits, points: near };
}

const unexplained = (point: LimitPoint): string =>
  excess(point) > 1
    ? ''
    : ' The rate was below it wherever it was measured, so small steps of linear theory do not explain the divergence.';

interface Verdict {
  readonly severity: Severity;
  readonly seeds: number;
  readonly seedWords: string;
}

function report(
  e: Evidence,
  setting: RateSetting,
  bracket: Bracket,
  winner: TriedRate,
  before: TrialResult,
  { severity, seeds, seedWords }: Verdict,
): Outcome {
  const rate = setting.rate.value;
  const { steps, probeLoss } = winner.result;
  const ofSteps = e.run?.ofSteps ?? steps;
  const limits = limitsBefore(e);
  const point = limits === null ? null : explaining(limits);
  const bracketWords =
    bracket.fails < rate
      ? ` Between them: ${amount(bracket.trains.rate)} trains, ${amount(bracket.fails)} does not.`
      : bracket.trains.rate === winner.rate
        ? ''
        : ` The highest rate tried that trains is ${amount(bracket.trains.rate)}.`;
  const message =
    `${setting.name} = ${asWritten(e, setting.rate)} diverges: re-run from the start, ${amount(winner.rate)} trains (probe loss ` +
    `${lossAmount(probeLoss.start)} → ${lossAmount(probeLoss.end)} over ${stepsOf(steps, ofSteps)}) and ${asWritten(e, setting.rate)} does not.` +
    bracketWords +
    (limits === null || point === null
      ? ' The curvature was not measured before it diverged.'
      : ` ${limitWords(limits, point)}${unexplained(point)}`) +
    `${summedLossWords(e)}${seedWords} ${howTried(winner.result, e.run, seeds)}`;
  const verified = {
    steps,
    seeds,
    quantity: 'probeLoss',
    before: before.probeLoss.end,
    after: probeLoss.end,
    helped: true,
  };
  const fix = rateFix(e, winner.rate, verified);
  return found(
    finding('lr-diverges', severity, setting.rate.place, message, {
      evidence: point === null ? [] : limitEvidence(point),
      related: chainOf(setting.rate, 'the learning rate'),
      fixes: [...meanFix(e, winner), ...(fix === null ? [] : [fix])],
    }),
  );
}
