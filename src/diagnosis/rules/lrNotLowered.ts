import type { Remedy } from '../removal';
import { appendToBody, assignedName, insertStatement } from '../edits';
import { courseOfLoss, signalRules } from '../course';
import { chainOf, finding } from '../finding';
import { lossFloor } from '../graphWalk';
import { momentumOf } from '../limits';
import type { Evidence, Outcome, Rule } from '../rule';
import { found, irrelevant, passed, undecided, wants } from '../rule';
import { last, mannKendall, median, read, tail } from '../series';
import { betterBy, clearlyBetter, costsValidation, editVariant, protocol, verification } from '../trials';
import { amount, howTried, lossAmount } from '../words';
import { lossSpan } from '../lossSpan';

/** A constant rate holds the run at its noise floor; lowered along the run it gets clearly lower. */
export const lrNotLowered = {
  id: 'lr-not-lowered',
  tier: 3,
  severity: 'warning',
  title: 'The run has reached the noise floor of its constant rate; a falling rate gets lower.',
  explanation: `With minibatches a constant rate leaves a floor of about η·trΣ/(4B(1-μ)) above the minimum. Lowering the rate towards the end
takes it away.

**How it is measured.** Minibatches and no schedule; over the last third the loss has no falling trend, or the median
signal-to-noise ratio is under 1. The script with a cosine schedule over its whole length, re-run from the start, must gain a
twentieth or more of all that was to be gained, on two seeds. It warns if that is clearly better, or if the loss is flat and
the formula accounts for half of the gain; else it is information. [own]

**No fault:** a model that interpolates its data has no floor; runs that still fall; where the lower floor has worse
validation it is information.

Source: the stationary variance of SGD on a quadratic; Bottou, Curtis and Nocedal 2018.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { optimizer, batches, schedules } = e.experiment;
  if (optimizer === null || batches === null) return undecided('an optimizer and batches that can be read');
  if (batches.sampling === 'full' || schedules.length > 0 || optimizer.kind === 'adagrad') return irrelevant;
  if (e.run === null) return undecided('a run of the script');
  if (e.run.stoppedBy === 'divergence') return passed;
  const loss = courseOfLoss(e);
  if (loss.values.length < 8) return undecided('the loss along the run');
  const flat = mannKendall(tail(loss, 1 / 3)) > -1.64;
  if (!flat && signalRules(e)) return passed;
  // What is left is too little to matter for the verdict, whatever its cause.
  if ((last(loss) ?? 0) - lossFloor(e.experiment) < 0.1 * ((loss.values[0] ?? 0) - lossFloor(e.experiment))) return passed;
  const remedy = cosine(e);
  if (remedy === null) return undecided('a re-run with a falling rate');
  const span = lossSpan(e);
  const trial = protocol(e, editVariant('lr-not-lowered', remedy.edits), betterBy(span, { ratio: 1, gain: 0.05 }));
  if (trial.kind === 'wants') return wants('a re-run with a falling rate', ...trial.trials);
  if (trial.kind === 'unavailable') return undecided('a re-run with a falling rate');
  if (!trial.helped) return passed;
  const { before, after } = trial;
  const noise = noiseFloor(e);
  const explained = flat && noise !== null && noise >= 0.5 * (before.probeLoss.end - after.probeLoss.end);
  const costs = costsValidation(after, before);
  const clear = trial.seeds > 1 && !costs && (explained || clearlyBetter(span)(after, before));
  const message =
    `The rate stays at ${amount(optimizer.learningRate.value)} to the end and holds the probe loss at ${lossAmount(before.probeLoss.end)}; with a cosine schedule from the start it ends at ` +
    `${lossAmount(after.probeLoss.end)}.${predicted(noise, before.probeLoss.end)}${costs ? ' The validation loss was worse, though.' : ''} ${howTried(after, e.run, trial.seeds)}`;
  return found(
    finding('lr-not-lowered', clear ? 'warning' : 'information', optimizer.learningRate.place, message, {
      related: chainOf(optimizer.learningRate, 'the learning rate'),
      fixes: costs ? [] : [{ ...remedy, verified: verification(trial) }],
    }),
  );
}

/** The floor that the noise of the last third predicts for SGD: η·trΣ/(4B(1-μ)); null for other optimizers or unmeasured. */
function noiseFloor(e: Evidence): number | null {
  const { optimizer, batches } = e.experiment;
  const traces = tail(read(e.measurements, 'noiseTrace'), 1 / 3).values;
  if (optimizer?.kind !== 'sgd' || batches?.batchSize == null || traces.length === 0) return null;
  return (optimizer.learningRate.value * median(traces)) / (4 * batches.batchSize.value * (1 - momentumOf(optimizer)));
}

/** Nothing where the formula gives more than all that is left: then the noise of the last third is not that of a plateau. */
const predicted = (noise: number | null, left: number): string =>
  noise === null || noise > left
    ? ''
    : ` The measured gradient noise predicts a floor of about ${lossAmount(noise)} above the minimum.`;

/** A cosine schedule after the optimizer, stepped at the end of each epoch's body. */
function cosine(e: Evidence): Remedy | null {
  const { optimizer, loop } = e.experiment;
  if (optimizer === null || loop === null) return null;
  const name = assignedName(e.texts, optimizer.call);
  if (name === null || optimizer.call.path !== loop.range.path || loop.steps !== null) return null;
  const made = insertStatement(
    e.texts,
    optimizer.call,
    'after',
    `scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(${name}, T_max=${loop.epochs.value})`,
  );
  const step = appendToBody(e.texts, loop.range, 'scheduler.step()');
  if (made.length === 0 || step.length === 0) return null;
  return { title: 'Lower the rate along a cosine', edits: [...made, ...step] };
}
