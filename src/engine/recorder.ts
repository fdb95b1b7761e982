import type { Quantity } from '../records/measurement';
import type { StepColumns } from './twin';

/** Room for this many steps is made at first; it doubles. */
const firstCapacity = 512;

/** Gathers the by-products of steps, column by column. */
export class StepRecorder {
  private steps: Float64Array;
  private readonly columns = new Map<Quantity, Float64Array>();
  private taken = 0;

  constructor(count: number) {
    this.steps = new Float64Array(Math.min(count, firstCapacity));
  }

  /** Writes `value` into the current step's entry. */
  write(quantity: Quantity, value: number): void {
    let column = this.columns.get(quantity);
    if (column === undefined) {
      column = new Float64Array(this.steps.length).fill(NaN);
      this.columns.set(quantity, column);
    }
    column[this.taken] = value;
  }

  /** Ends the entry of step `step`. */
  close(step: number): void {
    this.steps[this.taken] = step;
    this.taken++;
    if (this.taken === this.steps.length) this.grow();
  }

  /** What was gathered. */
  result(nonFinite: { readonly step: number } | null): StepColumns {
    const columns = new Map([...this.columns].map(([quantity, column]) => [quantity, column.slice(0, this.taken)]));
    return { steps: this.steps.slice(0, this.taken), columns, nonFinite };
  }

  private grow(): void {
    const enlarged = (column: Float64Array): Float64Array => {
      const larger = new Float64Array(2 * this.taken).fill(NaN);
      larger.set(column);
      return larger;
    };
    this.steps = enlarged(this.steps);
    for (const [quantity, column] of this.columns) this.columns.set(quantity, enlarged(column));
  }
}
