import type { Loop } from '../../records/experiment';
import type { Schedule, ScheduleRule } from '../../records/optimizer';
import { misplaced } from '../fastDecay';
import { appendToBody, removeStatement } from '../edits';
import { finding } from '../finding';
import { lossSpan } from '../lossSpan';
import type { Remedy } from '../removal';
import { settle } from '../removal';
import type { Evidence, Outcome, Rule } from '../rule';
import { irrelevant, passed, undecided } from '../rule';
import { textAt } from '../text';
import { clearlyBetter } from '../trials';
import { amount, grouped } from '../words';

/** A schedule that is never stepped, or stepped at the wrong pace. */
export const schedulerMisplaced = {
  id: 'scheduler-misplaced',
  tier: 0,
  severity: 'warning',
  title: 'The learning-rate schedule is never stepped, or stepped at the wrong pace.',
  explanation: `A scheduler changes the rate only when its \`step()\` is called. Stepped for every batch although it counts epochs, it
runs out in the first epochs; stepped once an epoch although it counts steps, it hardly begins.

**How it is found.** From the loop: no \`step()\` at all; a cosine whose period is the number of epochs, stepped for every
batch; a one-cycle schedule that would need more than three times the calls it gets; a step or exponential decay that,
stepped for every batch, takes the rate below a millionth in the first half of the run. [thresholds: own]

**No fault:** schedules that count batches and are stepped for every batch; warm restarts.`,
  detect,
} as const satisfies Rule;

function detect(e: Evidence): Outcome {
  const { schedules, loop } = e.experiment;
  if (schedules.length === 0) return irrelevant;
  if (loop === null) return undecided('a training loop that can be read');
  for (const schedule of schedules) {
    const words = faultOf(e, schedule, loop.epochs.value);
    if (words === null) continue;
    const range = schedule.stepCall ?? schedule.range;
    return settle(
      e,
      'scheduler-misplaced',
      stepPerEpoch(e, schedule, loop),
      (ending, fixes, trial) =>
        finding('scheduler-misplaced', trial === 'failed' ? 'information' : 'warning', range, `${words}${ending}`, { fixes }),
      clearlyBetter(lossSpan(e)),
    );
  }
  return passed;
}

function faultOf(e: Evidence, schedule: Schedule, epochs: number): string | null {
  const { rule, per, stepCall } = schedule;
  if (rule.kind === 'table') return null;
  if (stepCall === null) return 'This schedule has no effect: its step() is never called, so the learning rate stays as it is.';
  const stepsPerEpoch = e.run?.stepsPerEpoch ?? stepsOfData(e);
  const calls = stepsPerEpoch === null ? null : epochs * stepsPerEpoch;
  if (rule.kind === 'cosine' && per === 'batch' && rule.period === epochs && stepsPerEpoch !== null && stepsPerEpoch > 1)
    return `The cosine's period is ${grouped(rule.period)}, the number of epochs, but it is stepped for every batch: the rate swings up and down every ${grouped(rule.period)} batches.`;
  if (rule.kind === 'oneCycle' && per === 'epoch' && rule.totalSteps > 3 * epochs)
    return `The one-cycle schedule is made for ${grouped(rule.totalSteps)} steps, but it is stepped once an epoch, ${grouped(epochs)} times: it hardly begins.`;
  // Once an epoch is the pace that these count in: a decay that is too fast there is a matter of its factor.
  if (calls === null || per === 'epoch') return null;
  const half = decay(rule, calls / 2);
  return half < misplaced
    ? `Stepped for every batch, the schedule takes the learning rate to ${amount(half)} of itself by half of the run.`
    : null;
}

/** The step of a schedule that is stepped for every batch, moved to the end of the epoch. */
function stepPerEpoch(e: Evidence, { per, stepCall }: Schedule, loop: Loop): Remedy | null {
  if (per !== 'batch' || stepCall === null || stepCall.path !== loop.range.path) return null;
  const statement = textAt(e.texts, stepCall);
  const removed = removeStatement(e.texts, stepCall);
  const added = statement === null ? [] : appendToBody(e.texts, loop.range, statement);
  if (removed.length === 0 || added.length === 0) return null;
  return { title: 'Step the schedule once an epoch', edits: [...removed, ...added] };
}

/** Factor on the rate after `calls` steps of a decay; 1 for schedules that do not only fall. */
function decay(rule: ScheduleRule, calls: number): number {
  if (rule.kind === 'step') return rule.gamma ** Math.floor(calls / rule.stepSize);
  if (rule.kind === 'exponential') return rule.gamma ** calls;
  return 1;
}

/** Batches in one epoch, from the data and the batch size; null when one is unknown. */
function stepsOfData({ statistics, experiment }: Evidence): number | null {
  const { batches } = experiment;
  if (batches === null) return null;
  if (batches.sampling === 'full') return 1;
  if (statistics === null || batches.batchSize === null) return null;
  return Math.ceil(statistics.rows / batches.batchSize.value);
}
