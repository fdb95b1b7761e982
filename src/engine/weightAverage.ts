import type { Averaging } from '../records/experiment';

/** The average of the weights that a script keeps beside the training, in a vector of the run's memory. */
export class WeightAverage {
  constructor(
    private readonly averaging: Averaging,
    private readonly theta: Float32Array,
    /** The average; theta itself before the first update. */
    private readonly average: Float32Array,
  ) {}

  /** Takes theta in where the script does so: `ended` counts the steps or epochs that have ended, `taken` the updates so far. Returns the updates. */
  follow(what: Averaging['per'], ended: number, taken: number): number {
    const { per, every, decay, from = every - 1 } = this.averaging;
    if (what !== per || ended <= from || (ended - 1 - from) % every !== 0) return taken;
    const { theta, average } = this;
    // The first update copies; torch's AveragedModel then goes on as avg + (theta - avg) / (n + 1), or as its function says.
    if (taken === 0) average.set(theta);
    else {
      const share = decay === null ? 1 / (taken + 1) : 1 - decay.value;
      for (let i = 0; i < theta.length; i++) {
        const old = average[i] as number;
        average[i] = old + share * ((theta[i] as number) - old);
      }
    }
    return taken + 1;
  }

  /** The weights that the script evaluates after `taken` updates. */
  evaluated(taken: number): Float32Array {
    return this.averaging.evaluated && taken > 0 ? this.average : this.theta;
  }
}
