import type { Random } from '../base/random';

/** How the training rows become batches, with the numbers bound. */
export interface BatchPlan {
  readonly sampling: 'full' | 'epochs' | 'replacement';
  readonly rows: number;
  /** Rows of a whole batch; `rows` for `full`. */
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly dropLast: boolean;
  /** Only every so many batches of an epoch is taken. None: all. */
  readonly every?: number;
  /** Batches of an epoch before the first one that is taken. None: 0. */
  readonly from?: number;
}

/** Batches that are taken in one pass over the rows. A draw with replacement counts ⌈rows / batchSize⌉ batches as a pass. */
export const batchesPerEpoch = (plan: BatchPlan): number =>
  Math.max(0, Math.ceil((allBatches(plan) - (plan.from ?? 0)) / (plan.every ?? 1)));

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

  /** The pass of the script's loop, counted over the whole run, that takes batch `index`. */
  passOf(index: number): number {
    const { every = 1, from = 0 } = this.plan;
    const epoch = Math.floor(index / this.perEpoch);
    return epoch * allBatches(this.plan) + from + (index - epoch * this.perEpoch) * every;
  }

  /** Row numbers (into the training rows) of batch `index`, counted from 0 over the whole run. Valid until the next call. */
  at(index: number): Int32Array {
    const { sampling, rows, batchSize, shuffle } = this.plan;
    if (sampling === 'full') return this.order;
    if (sampling === 'replacement') {
      const draw = this.random.fork(`draw ${index}`);
      return Int32Array.from({ length: batchSize }, () => draw.integer(rows));
    }
    const epoch = Math.floor(index / this.perEpoch);
    if (shuffle && epoch !== this.epoch) this.order = this.random.fork(`epoch ${epoch}`).permutation(rows);
    this.epoch = epoch;
    const start = (this.passOf(index) - epoch * allBatches(this.plan)) * batchSize;
    return this.order.subarray(start, Math.min(start + batchSize, rows));
  }
}
