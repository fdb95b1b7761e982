/** A loss that is so many times the level of those before it has jumped. */
const jumpRatio = 1.5;
/** Losses before it that there must be. */
const fewest = 16;
/** What is left of a high loss in the level after one more step: the last fifty or so count. */
const decay = 0.98;
/** Steps after a jump that are of interest too. */
const after = 3;
/** Share of the steps that may be taken twice for the sake of jumps, beside one call. */
const shareTwice = 0.1;

/** Finds where the loss of a run jumps, in losses that come call by call. Sparing: it counts the steps that are taken twice for it. */
export class LossJumps {
  /** The largest of the last losses, older ones counting for less. */
  private level = 0;
  private seen = 0;
  private twice = 0;

  /** `call`: steps of one call at most. */
  constructor(private readonly call: number) {}

  /** Notes a loss that is recorded with its gradient in any case. */
  add(loss: number): void {
    this.level = Math.max(loss, decay * this.level);
    this.seen++;
  }

  /**
   * The steps up to and with the first jump among the losses of a call that begins at step `first`, and a few beyond; 0 where there is
   * none, and the losses are noted then.
   */
  find(first: number, losses: readonly number[]): number {
    const count = losses.length;
    const maySearch = this.twice + count <= this.call + shareTwice * first;
    let { level } = this;
    for (let k = 0; k < count; k++) {
      const loss = losses[k] as number;
      if (maySearch && this.seen + k >= fewest && level > 0 && loss > jumpRatio * level) {
        const again = Math.min(count, k + 1 + after);
        this.twice += again;
        return again;
      }
      level = Math.max(loss, decay * level);
    }
    this.level = level;
    this.seen += count;
    return 0;
  }
}
