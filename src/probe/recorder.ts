import type { MeasurementBatch, Measurements, Quantity } from '../records/measurement';

/** One quantity: what of it has been handed out. */
interface Column {
  readonly steps: number[];
  readonly values: number[];
  sent: number;
}

/** Gathers what is measured, as columns, and hands out what is new in numbered batches. */
export class Recorder {
  private readonly series = new Map<Quantity, Column>();
  private sequence = 0;

  add(quantity: Quantity, step: number, value: number): void {
    const column = this.columnOf(quantity);
    column.steps.push(step);
    column.values.push(value);
  }

  /** Adds a column. */
  addAll(quantity: Quantity, steps: ArrayLike<number>, values: ArrayLike<number>): void {
    const column = this.columnOf(quantity);
    for (let place = 0; place < steps.length; place++) {
      column.steps.push(steps[place] as number);
      column.values.push(values[place] as number);
    }
  }

  /** Adds those entries of a column that are not NaN. */
  addKnown(quantity: Quantity, steps: ArrayLike<number>, values: ArrayLike<number>): void {
    const column = this.columnOf(quantity);
    for (let place = 0; place < values.length; place++) {
      const value = values[place] as number;
      if (Number.isNaN(value)) continue;
      column.steps.push(steps[place] as number);
      column.values.push(value);
    }
  }

  /** Everything since the last call; null when there is nothing. */
  takeBatch(): MeasurementBatch | null {
    const columns: { quantity: Quantity; steps: Float64Array; values: Float64Array }[] = [];
    for (const [quantity, column] of this.series) {
      if (column.sent === column.steps.length) continue;
      columns.push({
        quantity,
        steps: Float64Array.from(column.steps.slice(column.sent)),
        values: Float64Array.from(column.values.slice(column.sent)),
      });
      column.sent = column.steps.length;
    }
    return columns.length === 0 ? null : { sequence: this.sequence++, columns };
  }

  measurements(): Measurements {
    return Object.fromEntries([...this.series].map(([quantity, { steps, values }]) => [quantity, { steps, values }]));
  }

  private columnOf(quantity: Quantity): Column {
    let column = this.series.get(quantity);
    if (!column) {
      column = { steps: [], values: [], sent: 0 };
      this.series.set(quantity, column);
    }
    return column;
  }
}
