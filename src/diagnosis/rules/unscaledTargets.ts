import type { Fix, RuleId } from '../../records/finding';
import type { SourceRange } from '../../records/source';
import type { TrialResult } from '../../records/trial';
import { finding } from '../finding';
import { ignoresScale, largestDeviation, scaleSpread, scalingEdits } from '../inputScaling';
import { lossSpan } from '../lossSpan';
import { meanErrorOf } from '../meanError';
import type { Remedy } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import type { Comparison, Tried } from '../trials';
import { clearlyBetter, editVariant, failed, protocol, unchanged, unchangedRequest, verification } from '../trials';
import { amount, howTried, lossAmount } from '../words';

/** Numbers to be predicted are large, and the script that does not get near them does so once they are standardised. */
export const unscaledTargets = {
  id: 'unscaled-targets',
  tier: 4,
  severity: 'warning',
  title: 'The numbers to be predicted are so large that the run does not get near them.',
  explanation: `A network begins with outputs of size 1. Targets of size 100,000 make the first gradients a hundred thousand times larger:
gradient descent diverges at the usual rates, and adaptive optimizers, whose steps have the size of their rate, take very many of
them until the outputs have grown.

**How it is measured.** Targets whose root mean square is above 10 raise the suspicion. The verdict comes from a trial: where the script
as written diverges, or leaves more than half of the targets' variance, it is re-run from its start with standardised targets (and
inputs, if those are unscaled too), and must leave less than half of what it left as written, on two seeds. Losses are compared in the
units as written.

The predictions of the changed script are standardised too: multiply by the deviation and add the mean to get them back.

**No fault:** large targets that the run reaches; targets that no scaling makes predictable.

Source: Bishop 1995, *Neural Networks for Pattern Recognition*, section 8.2; the 10 is our own.`,
  detect,
} as const satisfies Rule;

const id: RuleId = 'unscaled-targets';

/** Root mean square of targets from which on they are suspected. [own] */
const suspected = 10;

function detect(e: Evidence): Outcome {
  const { model, train } = e.experiment;
  const error = model === null ? null : meanErrorOf(model);
  if (train === null || error === null) return irrelevant;
  if (e.statistics === null) return undecided('the training rows');
  const { mean, variance } = e.statistics.target;
  const deviation = Math.sqrt(variance);
  if (!(Math.hypot(mean, deviation) > suspected) || !(deviation > 0)) return passed;
  if (e.run === null) return undecided('a run of the script');
  const before = unchanged(e);
  if (before === undefined) return wants('a re-run from the start', unchangedRequest(0));
  if (before.status === 'unavailable') return undecided('a re-run of the script');
  const half = error.squared ? 0.5 * variance : halfOfVariance * deviation;
  if (!failed(before) && before.probeLoss.end < half) return passed;
  return tried(e, train.targetRange, error.squared ? variance : deviation);
}

/** The mean distance from an answer that leaves half of the variance, in deviations, for a normal distribution: √(2/π)·√½. */
const halfOfVariance = 0.56;

/** Tries the remedies in turn; `unit` is what one unit of the standardised targets' loss is worth as written. */
function tried(e: Evidence, range: SourceRange, unit: number): Outcome {
  const remedies = remediesFor(e);
  if (remedies.length === 0) return undecided('a trial: the statement that makes the targets could not be followed by another');
  for (const remedy of remedies) {
    const trial = protocol(e, editVariant(id, remedy.edits, remedy.title), halfAsMuchLeft(e, unit));
    if (trial.kind === 'wants') return wants('a re-run with standardised targets', ...trial.trials);
    if (trial.kind === 'unavailable') return undecided(`a trial: ${trial.reason}`);
    if (trial.helped) return report(e, range, remedy, { ...trial, after: asWrittenUnits(trial.after, unit) });
  }
  return passed;
}

/** The targets alone; then the inputs with them, where these are unscaled too. */
function remediesFor(e: Evidence): readonly Remedy[] {
  const targets = scalingEdits(e, 'standardise', 'targets');
  if (targets.length === 0) return [];
  const alone = { title: 'Standardise the targets', edits: targets };
  const { statistics } = e;
  const unscaled = statistics !== null && (largestDeviation(statistics) > 10 || scaleSpread(statistics) > 10);
  const inputs = unscaled && !ignoresScale(e) ? scalingEdits(e, 'standardise') : [];
  return inputs.length === 0
    ? [alone]
    : [alone, { title: 'Standardise the inputs and the targets', edits: [...inputs, ...targets] }];
}

const asWrittenUnits = (result: TrialResult, unit: number): TrialResult => {
  const { start, third, end, best } = result.probeLoss;
  return { ...result, probeLoss: { start: start * unit, third: third * unit, end: end * unit, best: best * unit } };
};

/** Clearly better in the units as written, and less than half as much left. */
const halfAsMuchLeft =
  (e: Evidence, unit: number): Comparison =>
  (after, before) => {
    const scaled = asWrittenUnits(after, unit);
    return clearlyBetter(lossSpan(e))(scaled, before) && (failed(before) || scaled.probeLoss.end < 0.5 * before.probeLoss.end);
  };

function report(e: Evidence, range: SourceRange, remedy: Remedy, trial: Tried): Outcome {
  const { mean = NaN, variance = NaN } = e.statistics?.target ?? {};
  const { before, after } = trial;
  const ending = before.status === 'diverged' ? 'no finite value' : lossAmount(before.probeLoss.end);
  const severity = trial.seeds < 2 ? 'information' : failed(before) ? 'error' : 'warning';
  const words =
    `The targets have mean ${amount(mean)} and standard deviation ${amount(Math.sqrt(variance))}, while the outputs begin near 0. ` +
    `${remedy.title}, re-run from the start: the probe loss ends at ${lossAmount(after.probeLoss.end)} in the units as written, ` +
    `as written at ${ending}. Predictions are turned back with the same mean and deviation. ${howTried(after, e.run, trial.seeds)}`;
  const size = {
    quantity: 'targetSize',
    step: 0,
    value: Math.hypot(mean, Math.sqrt(variance)),
    limit: suspected,
    unit: 'target',
  };
  const fixes: readonly Fix[] = [{ ...remedy, verified: verification(trial) }];
  return found(finding(id, severity, range, words, { evidence: [size], fixes }));
}
