import type { Finding } from '../../records/finding';
import type { TrialResult } from '../../records/trial';
import { asWritten, niceRate } from '../edits';
import { chainOf, finding } from '../finding';
import { lossSpan, startOf, wholeSpan } from '../lossSpan';
import { isShortAtUsualRate, takesFewSteps, withMoreEpochs } from '../fewSteps';
import { excess, limitEvidence, limitsInForce, limitWords } from '../limitInForce';
import type { LimitPoint } from '../limitInForce';
import { byLoss } from '../rateSearch';
import type { RateSetting } from '../rateSetting';
import type { LossSpan } from '../lossSpan';
import type { Evidence, Outcome, Rule } from '../rule';
import { median } from '../series';
import { found, passed, undecided, wants } from '../rule';
import {
  clearlyBetter,
  costsValidation,
  failed,
  movesFurther,
  protocol,
  request,
  resultOf,
  tooSlowForAll,
  twiceAsFar,
  unchanged,
  unchangedRequest,
  verification,
} from '../trials';
import { amount, howTried, lossAmount, percent, stepsOf } from '../words';
import { rateFix, rateSetting, rateVariant } from '../rateSetting';

/** Share of the limit under which a rate is suspected. [own] */
const smallShare = 0.05;

/** Share of the loss up to which a run counts as one that hardly moved: further on, more epochs do as well. [own] */
const littleWay = 0.2;

/** The rate is a small part of what is stable, the loss stays high, and a larger rate gets much further. */
export const lrTooSmall = {
  id: 'lr-too-small',
  tier: 3,
  severity: 'warning',
  title: 'The learning rate is so low that the run hardly moves; a higher one gets much further.',
  explanation: `Three things together: over the first quarter of the run the rate was under 5 % of the local limit of stability; the loss
ended far above its floor; and re-run from the start, three or ten times the rate (or more, up to half of the limit) fell more
than twice as far in equally many steps, on two seeds. Where the loss hardly moved at all, ten and a hundred times are tried
first, and a thousand and ten thousand times if those get further; parts of the limit where it is a million times the rate.

**Why so strict.** A rate falls far below the limit in healthy runs too: once cross-entropy is fitted the curvature
vanishes, and the best rate along the gradient grows as stiff directions die. Only the beginning and a re-run count.

**No fault:** a run that has lost more than a fifth of its loss and falls on (information: more epochs do as well as a higher rate);
a script of so few steps that more epochs at the same rate are what it lacks (\`stopped-too-early\`; up to 300 steps where the rate
is one that is usual: 3e-4 of Adam and its kin, 0.01 of plain descent over 1 - momentum); a small rate
that has nearly finished its work; a low rate that is fine over the script's full length, of
which only a part was run (then it is information).

Thresholds: own, except the first quarter and the re-run, which follow from quadratics.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const setting = rateSetting(e);
  if (setting === null || e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  const limits = limitsInForce(e);
  if (limits === null) return undecided('the curvature of the loss along the run');
  const early = limits.points.filter(({ step }) => step <= 0.25 * (e.run?.steps ?? 0));
  const judged = early.length > 0 ? early : limits.points.slice(0, 1);
  if (judged.some((point) => excess(point) >= smallShare)) return passed;
  if (takesFewSteps(e) || isShortAtUsualRate(e)) {
    const more = withMoreEpochs(e);
    if (more.kind === 'wants') return wants('a re-run with more epochs', ...more.trials);
    if (more.kind === 'tried' && more.helped) return passed;
  }
  const before = unchanged(e);
  if (before === undefined) return wants('a re-run from the start', unchangedRequest(0));
  const span = wholeSpan(e);
  if (failed(before) || before.probeLoss.end - span.floor < 0.1 * (startOf(before.probeLoss.start, span) - span.floor))
    return passed;
  return tryLarger(e, setting, judged, before, span);
}

/** What the rate is multiplied by, in two rounds: coarser where the loss has hardly left its start. */
const rounds = {
  near: [
    [3, 10],
    [30, 100],
  ],
  far: [
    [10, 100],
    [1e3, 1e4],
  ],
} as const;

/** Larger rates in two rounds, where those are below half of the limit. */
function tryLarger(
  e: Evidence,
  setting: RateSetting,
  judged: readonly LimitPoint[],
  before: TrialResult,
  span: LossSpan,
): Outcome {
  const rate = setting.rate.value;
  const limit = median(judged.map((point) => point.limit));
  const tried: { rate: number; result: TrialResult }[] = [];
  const { start, end } = before.probeLoss;
  const hardlyMoved = end - span.floor > 0.9 * (startOf(start, span) - span.floor);
  // So far below the limit that the loss cannot tell ten times the rate from the rate: parts of the limit are tried as well.
  const beyond = hardlyMoved && 1e6 * rate < limit ? [[(0.01 * limit) / rate, (0.1 * limit) / rate]] : [];
  for (const factors of [...(hardlyMoved ? rounds.far : rounds.near), ...beyond]) {
    const candidates = factors.map((factor) => niceRate(rate * factor)).filter((candidate) => candidate <= 0.5 * limit);
    const missing = candidates.filter((candidate) => resultOf(e, rateVariant(e, candidate)) === undefined);
    if (missing.length > 0)
      return {
        kind: 'wants',
        needs: 're-runs from the start with higher rates',
        trials: missing.map((c) => request(rateVariant(e, c), 0)),
        meanwhile: suspicion(e, setting, judged, before, span),
      };
    tried.push(
      ...candidates.map((candidate) => ({ rate: candidate, result: resultOf(e, rateVariant(e, candidate)) as TrialResult })),
    );
    // Far below any useful rate the gain is too small to be clear, but it grows with the rate.
    const further = hardlyMoved ? movesFurther : clearlyBetter(span);
    const better = tried.some(({ result }) => result.status === 'trained' && further(result, before));
    if (!better && beyond.length === 0) return passed;
  }
  const winner = byLoss(tried.filter(({ result }) => result.status === 'trained'))[0];
  return winner === undefined ? passed : confirm(e, setting, winner.rate, judged, span);
}

/** What is seen before the re-runs decide, when more than half of the loss is left: shown meanwhile, as information. */
function suspicion(
  e: Evidence,
  setting: RateSetting,
  judged: readonly LimitPoint[],
  before: TrialResult,
  span: LossSpan,
): readonly Finding[] {
  const limits = limitsInForce(e);
  const point = judged.at(-1);
  const { start, end } = before.probeLoss;
  if (limits === null || point === undefined || e.run === null) return [];
  if (end - span.floor < 0.5 * (startOf(start, span) - span.floor)) return [];
  const message =
    `${setting.name} = ${asWritten(e, setting.rate)} looks too small: the probe loss goes ${lossAmount(start)} → ${lossAmount(end)} over ` +
    `${stepsOf(before.steps, e.run.ofSteps)}, at ${percent(excess(point))} of the limit. ${limitWords(limits, point)} Re-runs with higher rates would decide.`;
  return [
    finding('lr-too-small', 'information', setting.rate.place, message, {
      evidence: limitEvidence(point),
      related: chainOf(setting.rate, 'the learning rate'),
    }),
  ];
}

function confirm(e: Evidence, setting: RateSetting, best: number, judged: readonly LimitPoint[], span: LossSpan): Outcome {
  const limits = limitsInForce(e);
  const point = judged.at(-1);
  if (limits === null || point === undefined || e.run === null) return passed;
  const trial = protocol(e, rateVariant(e, best), twiceAsFar(span));
  if (trial.kind === 'wants') return wants('the best rate tried again on a fresh seed', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('re-runs from the start with higher rates');
  if (!trial.helped) return passed;
  const costs = costsValidation(trial.after, trial.before);
  const enough = tooSlowForAll(trial.before, e.run.ofSteps, span);
  const stands = way(trial.before, lossSpan(e)) < littleWay;
  const caution = costs
    ? ' The validation loss was worse with the higher rate.'
    : enough
      ? ''
      : ' The script goes on for much longer than was run, in which the lower rate may get there too.';
  const message =
    `${setting.name} = ${asWritten(e, setting.rate)} ${stands ? 'hardly moves this model' : 'is low for this model'}: over ${stepsOf(trial.after.steps, e.run.ofSteps)} from the start the probe loss goes ` +
    `${lossAmount(trial.before.probeLoss.start)} → ${lossAmount(trial.before.probeLoss.end)}; with ${amount(best)} it reaches ` +
    `${lossAmount(trial.after.probeLoss.end)}.${caution} The rate is ${percent(excess(point))} of the limit. ${limitWords(limits, point)} ` +
    howTried(trial.after, e.run, trial.seeds);
  const fix = costs ? null : rateFix(e, best, verification(trial));
  return found(
    finding(
      'lr-too-small',
      costs || !enough || !stands || trial.seeds < 2 ? 'information' : 'warning',
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

/** Share of the loss that a run has lost, of what tells one row from another. */
function way({ probeLoss: { start, end } }: TrialResult, span: LossSpan): number {
  const from = startOf(start, span);
  return (from - end) / Math.max(from - span.floor, Number.MIN_VALUE);
}
