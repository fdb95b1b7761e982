import type { MeasurementBatch, Measurements, Quantity } from '../records/measurement';

/** Gathers what is measured, as columns, and hands out what is new in numbered batches. */
export class Recorder {
  private readonly series = new Map<Quantity, { steps: number[]; values: number[]; sent: number }>();
  private sequence = 0;

  add(quantity: Quantity, step: number, value: number): void {
    let column = this.series.get(quantity);
    if (!column) {
      column = { steps: [], values: [], sent: 0 };
      this.series.set(quantity, column);
    }
    column.steps.push(step);
    column.values.push(value);
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
}
