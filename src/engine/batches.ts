import type { Random } from '../base/random';

/** How the training rows become batches, with the numbers bound. */
export interface BatchPlan {
  readonly sampling: 'full' | 'epochs' | 'replacement';
  readonly rows: number;
  /** Rows of a whole batch; `rows` for `full`. */
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  /** Only every so many batches of an epoch is taken, from the first one on. None: all. */
  readonly every?: number;
}

/** Batches that are taken in one pass over the rows. A draw with replacement counts ⌈rows / batchSize⌉ batches as a pass. */
export const batchesPerEpoch = (plan: BatchPlan): number => Math.ceil(allBatches(plan) / (plan.every ?? 1));

function allBatches(plan: BatchPlan): number {
  if (plan.sampling === 'full') return 1;
  if (plan.sampling === 'epochs' && plan.dropLast) return Math.floor(plan.rows / plan.batchSize);
  return Math.ceil(plan.rows / plan.batchSize);
}

/** Rows in the last batch of an epoch (the other batches are whole). */
export function lastBatchRows(plan: BatchPlan): number {
  if (plan.sampling !== 'epochs' || plan.dropLast) return plan.batchSize;
  return plan.rows - (allBatches(plan) - 1) * plan.batchSize;
}

/**
 * The batches of a run, each decided by the seed and its number alone: going back to an earlier
 * batch is free, and what else a run draws never shifts them.
 */
export class BatchStream {
  readonly perEpoch: number;
  private epoch = -1;
  private order: Int32Array;

  constructor(
    readonly plan: BatchPlan,
    private readonly random: Random,
  ) {
    this.perEpoch = batchesPerEpoch(plan);
    this.order = Int32Array.from({ length: plan.rows }, (_, i) => i);
  }

  /** Row numbers (into the training rows) of batch `index`, counted from 0 over the whole run. Valid until the next call. */
  at(index: number): Int32Array {
    const { sampling, rows, batchSize, shuffle, every = 1 } = this.plan;
    if (sampling === 'full') return this.order;
    if (sampling === 'replacement') {
      const draw = this.random.fork(`draw ${index}`);
      return Int32Array.from({ length: batchSize }, () => draw.integer(rows));
    }
    const epoch = Math.floor(index / this.perEpoch);
    if (shuffle && epoch !== this.epoch) this.order = this.random.fork(`epoch ${epoch}`).permutation(rows);
    this.epoch = epoch;
    const start = (index - epoch * this.perEpoch) * every * batchSize;
    return this.order.subarray(start, Math.min(start + batchSize, rows));
  }
}
