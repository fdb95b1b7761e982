import { describe, expect, it } from 'vitest';
import { Columns } from '../../../src/editor/model/columns';

describe('Columns', () => {
  it('holds what came, in order, whatever the sizes of the batches', () => {
    const columns = new Columns();
    const steps: number[] = [];
    for (let sequence = 0; sequence < 40; sequence++) {
      const part = Float64Array.from({ length: sequence % 7 }, (_, i) => steps.length + i);
      steps.push(...part);
      columns.append({ sequence, columns: [{ quantity: 'loss', steps: part, values: part.map((step) => step / 2) }] });
    }
    const [loss] = columns.snapshot();
    expect([...(loss?.steps ?? [])]).toEqual(steps);
    expect([...(loss?.values ?? [])]).toEqual(steps.map((step) => step / 2));
    expect(columns.sequence).toBe(39);
  });

  it('gives snapshots that later batches do not touch', () => {
    const columns = new Columns();
    const batch = (sequence: number) => ({
      sequence,
      columns: [{ quantity: 'loss' as const, steps: Float64Array.of(sequence), values: Float64Array.of(1) }],
    });
    columns.append(batch(0));
    const [before] = columns.snapshot();
    columns.append(batch(1));
    expect(before?.steps).toEqual(Float64Array.of(0));
    expect(columns.series('loss')?.steps).toEqual(Float64Array.of(0, 1));
    expect(columns.series('lambdaMax')).toBeNull();
  });
});
