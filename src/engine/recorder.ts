import type { Quantity } from '../records/measurement';
import type { StepColumns } from './twin';

/** Room for this many steps is made at first, and for this many that are looked at; it doubles. */
const firstSteps = 4096;
const firstLooks = 16;

/** The entries of one quantity, one for each step that is looked at; the array is replaced by a longer one when it is full. */
export interface RecordedColumn {
  values: Float64Array;
}

/** Gathers the by-products of steps: of each its loss and rate, of some more, column by column. */
export class StepRecorder {
  private taken = 0;
  private steps: Float64Array;
  private losses: Float64Array;
  private rates: Float64Array;
  private looks = 0;
  /** Steps that were looked at. */
  private looked = new Float64Array(firstLooks);
  private readonly columns = new Map<Quantity, RecordedColumn>();

  constructor(count: number) {
    const length = Math.min(count, firstSteps);
    this.steps = new Float64Array(length);
    this.losses = new Float64Array(length);
    this.rates = new Float64Array(length);
  }

  /** Place of the current step's entry in the columns. */
  get place(): number {
    return this.looks;
  }

  /** The columns of several quantities, NaN where nothing is written: to be written at `place`. */
  columnsOf(quantities: readonly Quantity[]): RecordedColumn[] {
    const { length } = this.looked;
    const missing = quantities.filter((quantity) => !this.columns.has(quantity));
    // In one piece, which is quicker.
    const room = new Float64Array(missing.length * length).fill(NaN);
    missing.forEach((quantity, i) => this.columns.set(quantity, { values: room.subarray(i * length, (i + 1) * length) }));
    return quantities.map((quantity) => this.columns.get(quantity) as RecordedColumn);
  }

  /** Ends the entry of step `step`, which was looked at. */
  close(step: number, loss: number, learningRate: number): void {
    if (this.taken === this.steps.length) this.growSteps(this.taken + 1);
    this.steps[this.taken] = step;
    this.losses[this.taken] = loss;
    this.rates[this.taken] = learningRate;
    this.taken++;
    this.looked[this.looks] = step;
    this.looks++;
    if (this.looks === this.looked.length) this.growLooks();
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
    const { taken, looks } = this;
    const columns = new Map<Quantity, Float64Array>([
      ['loss', this.losses.subarray(0, taken)],
      ['learningRate', this.rates.subarray(0, taken)],
    ]);
    for (const [quantity, { values }] of this.columns) columns.set(quantity, values.subarray(0, looks));
    return { steps: this.steps.subarray(0, taken), looked: this.looked.subarray(0, looks), columns, nonFinite };
  }

  private growSteps(least: number): void {
    const length = Math.max(least, 2 * this.steps.length);
    this.steps = lengthened(this.steps, length);
    this.losses = lengthened(this.losses, length);
    this.rates = lengthened(this.rates, length);
  }

  private growLooks(): void {
    const length = 2 * this.looked.length;
    this.looked = lengthened(this.looked, length);
    for (const column of this.columns.values()) column.values = lengthened(column.values, length);
  }
}

/** The values with NaN after them. */
function lengthened(values: Float64Array<ArrayBufferLike>, length: number): Float64Array<ArrayBuffer> {
  const longer = new Float64Array(length);
  longer.set(values);
  longer.fill(NaN, values.length);
  return longer;
}
