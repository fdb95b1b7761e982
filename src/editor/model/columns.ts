import type { MeasurementBatch, Measurements, Quantity, Series } from '../../records/measurement';

interface Column {
  steps: Float64Array;
  values: Float64Array;
  length: number;
}

/** The measured columns of one run, appended to as batches come in, readable at any time. */
export class Columns {
  private readonly columns = new Map<Quantity, Column>();
  private last = -1;

  /** Sequence number of the last batch contained; -1 before the first. */
  get sequence(): number {
    return this.last;
  }

  append(batch: MeasurementBatch): void {
    this.last = batch.sequence;
    for (const { quantity, steps, values } of batch.columns) {
      const column = this.columnFor(quantity, Math.min(steps.length, values.length));
      column.steps.set(steps, column.length);
      column.values.set(values, column.length);
      column.length += Math.min(steps.length, values.length);
    }
  }

  /** Copies, fit to be sent away while the run goes on. */
  snapshot(): { readonly quantity: Quantity; readonly steps: Float64Array; readonly values: Float64Array }[] {
    return [...this.columns].map(([quantity, column]) => ({
      quantity,
      steps: column.steps.slice(0, column.length),
      values: column.values.slice(0, column.length),
    }));
  }

  series(quantity: Quantity): Series | null {
    const column = this.columns.get(quantity);
    return column ? { steps: column.steps.subarray(0, column.length), values: column.values.subarray(0, column.length) } : null;
  }

  measurements(): Measurements {
    const all: Partial<Record<Quantity, Series>> = {};
    for (const quantity of this.columns.keys()) {
      const series = this.series(quantity);
      if (series) all[quantity] = series;
    }
    return all;
  }

  private columnFor(quantity: Quantity, more: number): Column {
    const old = this.columns.get(quantity);
    if (old && old.length + more <= old.values.length) return old;
    const length = old?.length ?? 0;
    const capacity = Math.max(64, 2 * (length + more));
    const grown: Column = { steps: new Float64Array(capacity), values: new Float64Array(capacity), length };
    if (old) {
      grown.steps.set(old.steps.subarray(0, length));
      grown.values.set(old.values.subarray(0, length));
    }
    this.columns.set(quantity, grown);
    return grown;
  }
}
