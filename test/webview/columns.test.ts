import { describe, expect, it } from 'vitest';
import { appendColumn, indexAtOrBefore, type Column } from '../../webview/columns';

const grow = (column: Column | undefined, from: number, to: number): Column => {
  const steps = Float64Array.from({ length: to - from }, (_, index) => from + index);
  return appendColumn(
    column,
    steps,
    steps.map((step) => step * step),
  );
};

describe('a growing column', () => {
  it('holds all that was appended, over many growths', () => {
    let column: Column | undefined;
    for (let start = 0; start < 1000; start += 7) column = grow(column, start, Math.min(1000, start + 7));
    expect([...(column?.steps ?? [])]).toEqual(Array.from({ length: 1000 }, (_, step) => step));
    expect(column?.values[999]).toBe(999 * 999);
  });

  it('leaves earlier columns as they were, also when two are grown from the same one', () => {
    const first = grow(undefined, 0, 3);
    const left = appendColumn(first, Float64Array.of(10), Float64Array.of(1));
    const right = appendColumn(first, Float64Array.of(20), Float64Array.of(2));
    expect([...first.steps]).toEqual([0, 1, 2]);
    expect([...left.steps]).toEqual([0, 1, 2, 10]);
    expect([...right.steps]).toEqual([0, 1, 2, 20]);
  });

  it('shares storage while it has room', () => {
    const first = grow(undefined, 0, 3);
    expect(grow(first, 3, 6).storage).toBe(first.storage);
  });
});

it('finds the last entry at or before a step', () => {
  const steps = [0, 1, 2, 4, 8, 16];
  for (let step = -1; step <= 20; step++) {
    expect(indexAtOrBefore(steps, step)).toBe(steps.filter((entry) => entry <= step).length - 1);
  }
});
