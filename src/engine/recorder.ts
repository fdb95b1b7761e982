import type { Quantity, Series } from '../records/measurement';
import type { StepColumns } from './twin';

/** The entries of one quantity: of the steps that are looked at up to some of them, the rest being NaN. */
export interface RecordedColumn {
  readonly quantity: Quantity;
  values: number[];
}

/** Writes the entry of the step at `place`; those before it that nothing was written for are NaN. */
export function writeAt({ values }: RecordedColumn, place: number, value: number): void {
  while (values.length < place) values.push(NaN);
  values[place] = value;
}

/** Gathers the by-products of steps: of each its loss and rate, of some more, column by column. */
export class StepRecorder {
  private readonly steps: number[] = [];
  private readonly losses: number[] = [];
  private readonly rates: number[] = [];
  /** Steps that were looked at. */
  private readonly looked: number[] = [];
  private readonly columns: RecordedColumn[] = [];

  /** Place of the current step's entry in the columns. */
  get place(): number {
    return this.looked.length;
  }

  /** Empties `columns`, to be written with `writeAt` for this recorder alone from now on. Those who write keep them: making them anew is dear. */
  adopt(columns: readonly RecordedColumn[]): void {
    for (const column of columns) {
      column.values = [];
      this.columns.push(column);
    }
  }

  /** Ends the entry of step `step`, which was looked at. */
  close(step: number, loss: number, learningRate: number): void {
    this.steps.push(step);
    this.losses.push(loss);
    this.rates.push(learningRate);
    this.looked.push(step);
  }

  /** Enters a step for each of `losses`, the first of which is step `first`, of which nothing is known but the loss and the rate. */
  enter(first: number, losses: readonly number[], learningRates: readonly number[]): void {
    for (let k = 0; k < losses.length; k++) {
      this.steps.push(first + k);
      this.losses.push(losses[k] as number);
      this.rates.push(learningRates[k] as number);
    }
  }

  /** What was gathered; nothing may be written any more. */
  result(nonFinite: { readonly step: number } | null): StepColumns {
    const columns = new Map<Quantity, Series['values']>();
    columns.set('loss', this.losses);
    columns.set('learningRate', this.rates);
    for (const { quantity, values } of this.columns) columns.set(quantity, values);
    return { steps: this.steps, looked: this.looked, columns, nonFinite };
  }
}
