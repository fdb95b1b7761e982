import type { Quantity, Series } from '../records/measurement';
import type { StepColumns } from './twin';

/** Room for this many steps is made at first; it doubles. */
const firstSteps = 4096;

/** The entries of one quantity: of the steps that are looked at up to some of them, the rest being NaN. */
export interface RecordedColumn {
  readonly values: number[];
}

/** Writes the entry of the step at `place`; those before it that nothing was written for are NaN. */
export function writeAt({ values }: RecordedColumn, place: number, value: number): void {
  while (values.length < place) values.push(NaN);
  values[place] = value;
}

/** Gathers the by-products of steps: of each its loss and rate, of some more, column by column. */
export class StepRecorder {
  private taken = 0;
  private steps: Float64Array;
  private losses: Float64Array;
  private rates: Float64Array;
  /** Steps that were looked at. */
  private readonly looked: number[] = [];
  private readonly columns = new Map<Quantity, RecordedColumn>();

  constructor(count: number) {
    const length = Math.min(count, firstSteps);
    this.steps = new Float64Array(length);
    this.losses = new Float64Array(length);
    this.rates = new Float64Array(length);
  }

  /** Place of the current step's entry in the columns. */
  get place(): number {
    return this.looked.length;
  }

  /** The column of `quantity`, to be written with `writeAt`. */
  column(quantity: Quantity): RecordedColumn {
    let column = this.columns.get(quantity);
    if (column === undefined) {
      column = { values: [] };
      this.columns.set(quantity, column);
    }
    return column;
  }

  /** Ends the entry of step `step`, which was looked at. */
  close(step: number, loss: number, learningRate: number): void {
    if (this.taken === this.steps.length) this.growSteps(this.taken + 1);
    this.steps[this.taken] = step;
    this.losses[this.taken] = loss;
    this.rates[this.taken] = learningRate;
    this.taken++;
    this.looked.push(step);
  }

  /** Enters a step for each of `losses`, the first of which is step `first`, of which nothing is known but the loss and the rate. */
  enter(first: number, losses: readonly number[], learningRates: readonly number[]): void {
    const { length } = losses;
    if (this.taken + length > this.steps.length) this.growSteps(this.taken + length);
    for (let k = 0; k < length; k++) {
      const place = this.taken + k;
      this.steps[place] = first + k;
      this.losses[place] = losses[k] as number;
      this.rates[place] = learningRates[k] as number;
    }
    this.taken += length;
  }

  /** What was gathered; nothing may be written any more. */
  result(nonFinite: { readonly step: number } | null): StepColumns {
    const { taken, looked } = this;
    const columns = new Map<Quantity, Series['values']>([
      ['loss', this.losses.subarray(0, taken)],
      ['learningRate', this.rates.subarray(0, taken)],
    ]);
    for (const [quantity, column] of this.columns) columns.set(quantity, column.values);
    return { steps: this.steps.subarray(0, taken), looked, columns, nonFinite };
  }

  private growSteps(least: number): void {
    const length = Math.max(least, 2 * this.steps.length);
    this.steps = lengthened(this.steps, length);
    this.losses = lengthened(this.losses, length);
    this.rates = lengthened(this.rates, length);
  }
}

function lengthened(values: Float64Array, length: number): Float64Array {
  const longer = new Float64Array(length);
  longer.set(values);
  return longer;
}
