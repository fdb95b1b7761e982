import type { Loop } from '../records/experiment';

type Paced = Pick<Loop, 'accumulation' | 'pace'>;

/** Batches before and with the first step. */
const firstOf = ({ accumulation, pace }: Paced): number => pace?.first ?? accumulation;

/** Whether a step follows the batch numbered `batch` (from 0, over the whole run), where an epoch has `perEpoch` batches. */
export function isStepDue(loop: Paced, batch: number, perEpoch: number): boolean {
  const inEpoch = batch % perEpoch;
  if (loop.pace?.last && inEpoch === perEpoch - 1) return true;
  const past = (loop.pace?.over === 'run' ? batch : inEpoch) + 1 - firstOf(loop);
  return past >= 0 && past % loop.accumulation === 0;
}

/** Whether what the batches of an epoch left is cleared before this batch, its first one. */
export const startsCleared = ({ pace }: Paced, batch: number, perEpoch: number): boolean =>
  pace?.cleared === true && batch % perEpoch === 0;

/** Steps in `epochs` epochs of `perEpoch` batches each. */
export function stepsOfEpochs(loop: Paced, perEpoch: number, epochs: number): number {
  const within = (batches: number): number => Math.max(0, Math.floor((batches - firstOf(loop)) / loop.accumulation) + 1);
  if (loop.pace?.over === 'run') return within(perEpoch * epochs);
  const steps = within(perEpoch);
  const isLastExtra =
    loop.pace?.last === true &&
    perEpoch > 0 &&
    !isStepDue({ ...loop, pace: { ...loop.pace, last: false } }, perEpoch - 1, perEpoch);
  return epochs * (steps + (isLastExtra ? 1 : 0));
}

/** Steps in one epoch; on average, and one at least, where batches are counted over the whole run. */
export const stepsOfEpoch = (loop: Paced, perEpoch: number): number =>
  loop.pace?.over === 'run'
    ? Math.max(Math.min(1, perEpoch), Math.floor(perEpoch / loop.accumulation))
    : stepsOfEpochs(loop, perEpoch, 1);
