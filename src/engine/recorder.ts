import type { Quantity } from '../records/measurement';
import type { StepColumns } from './twin';

/** Room for this many steps is made at first; it doubles. */
const firstCapacity = 512;

/** The entries of one quantity, a step each; the array is replaced by a longer one when it is full. */
export interface RecordedColumn {
  values: Float64Array;
}

/** Gathers the by-products of steps, column by column. */
export class StepRecorder {
  private steps: Float64Array;
  private readonly columns = new Map<Quantity, RecordedColumn>();
  private taken = 0;
  /** Places of the steps of which more may be known than the loss and the rate. */
  private readonly looked: number[] = [];

  constructor(count: number) {
    // One more than will be taken: a full column grows.
    const length = Math.min(count + 1, firstCapacity);
    this.steps = new Float64Array(length);
    // Written at every step.
    for (const quantity of ['loss', 'learningRate'] as const) this.columns.set(quantity, { values: new Float64Array(length) });
  }

  /** Place of the current step's entry in every column. */
  get place(): number {
    return this.taken;
  }

  /** The column of `quantity`, NaN where nothing is written: to be written at `place` by who has much to write. */
  column(quantity: Quantity): RecordedColumn {
    let column = this.columns.get(quantity);
    if (column === undefined) {
      column = { values: new Float64Array(this.steps.length).fill(NaN) };
      this.columns.set(quantity, column);
    }
    return column;
  }

  /** The columns of several quantities, which is quicker than one by one. */
  columnsOf(quantities: readonly Quantity[]): RecordedColumn[] {
    const { length } = this.steps;
    const missing = quantities.filter((quantity) => !this.columns.has(quantity));
    const room = new Float64Array(missing.length * length).fill(NaN);
    missing.forEach((quantity, i) => this.columns.set(quantity, { values: room.subarray(i * length, (i + 1) * length) }));
    return quantities.map((quantity) => this.column(quantity));
  }

  /** Writes `value` into the current step's entry. */
  write(quantity: Quantity, value: number): void {
    this.column(quantity).values[this.taken] = value;
  }

  /** Ends the entry of step `step`. */
  close(step: number): void {
    this.looked.push(this.taken);
    this.steps[this.taken] = step;
    this.taken++;
    if (this.taken === this.steps.length) this.grow();
  }

  /** Enters a step for each of `losses`, the first of which is step `first`, of which nothing is known but the loss and the rate. */
  enter(first: number, losses: readonly number[], learningRates: readonly number[]): void {
    while (this.taken + losses.length >= this.steps.length) this.grow();
    this.column('loss').values.set(losses, this.taken);
    this.column('learningRate').values.set(learningRates, this.taken);
    for (let k = 0; k < losses.length; k++) this.steps[this.taken + k] = first + k;
    this.taken += losses.length;
  }

  /** What was gathered; nothing may be written any more. */
  result(nonFinite: { readonly step: number } | null): StepColumns {
    const columns = new Map<Quantity, Float64Array>();
    for (const [quantity, { values }] of this.columns) columns.set(quantity, values.subarray(0, this.taken));
    return { steps: this.steps.subarray(0, this.taken), columns, looked: this.looked, nonFinite };
  }

  private grow(): void {
    const enlarged = (values: Float64Array): Float64Array => {
      const larger = new Float64Array(2 * values.length).fill(NaN);
      larger.set(values);
      return larger;
    };
    this.steps = enlarged(this.steps);
    for (const column of this.columns.values()) column.values = enlarged(column.values);
  }
}
