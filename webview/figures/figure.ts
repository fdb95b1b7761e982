import type { Quantity, QuantityName } from '../../src/records/measurement';
import { indexAtOrBefore, type Column } from '../columns';

/** A colour by its meaning: a chart token of the theme, or a place between input (0) and output (1) of the network. */
export type Hue =
  { readonly token: 'blue' | 'green' | 'yellow' | 'orange' | 'red' | 'purple' | 'foreground' } | { readonly depth: number };

/** One line of a figure. */
export interface Trace {
  /** Stable name, by which a hidden line is remembered. */
  readonly key: string;
  readonly label: string;
  /** The label where room is scarce and the figure says the rest. */
  readonly short?: string;
  readonly steps: Float64Array;
  readonly values: Float64Array;
  readonly hue: Hue;
  readonly dash: 'solid' | 'dashed' | 'dotted';
  /** Noisy by nature: drawn thin behind its smoothed form. */
  readonly noisy: boolean;
  /** Half width of the error band, where it is known. */
  readonly error?: Float64Array;
  /** Said in the area above this line. */
  readonly above?: string;
}

/** What is measured, put together for the eye. How it is drawn is the charts' affair. */
export interface Figure {
  readonly id: string;
  readonly title: string;
  /** Title of the upright axis, with its unit. */
  readonly axis: string;
  /** What will stand here, while nothing does. */
  readonly empty: string;
  readonly logByDefault: boolean;
  /** The logarithmic axis has a negative side. */
  readonly signed: boolean;
  /** Values are shares, written in percent; the linear axis runs from 0 to 100 %. */
  readonly share: boolean;
  traces(columns: ReadonlyMap<Quantity, Column>): Trace[];
}

/** Columns `name/LAYER`, in the order in which they first came, with the part after the slash. */
export function columnsOf(
  columns: ReadonlyMap<Quantity, Column>,
  name: QuantityName,
): { readonly part: string; readonly column: Column }[] {
  const found: { part: string; column: Column }[] = [];
  const prefix = `${name}/`;
  for (const [quantity, column] of columns) {
    if (quantity.startsWith(prefix)) found.push({ part: quantity.slice(prefix.length), column });
  }
  return found;
}

/** Places of `count` layers from input to output. */
export function depthOf(index: number, count: number): Hue {
  return { depth: count <= 1 ? 0 : index / (count - 1) };
}

/** The values of `other` at the steps of `column`; NaN where it has none. */
export function alignTo(column: Column, other: Column | undefined): Float64Array {
  const aligned = new Float64Array(column.steps.length).fill(NaN);
  if (!other) return aligned;
  for (let i = 0; i < aligned.length; i++) {
    const at = indexAtOrBefore(other.steps, column.steps[i] as number);
    if (at >= 0 && other.steps[at] === column.steps[i]) aligned[i] = other.values[at] as number;
  }
  return aligned;
}

/** A measured value; `error`: half the width of its band, null where none is known. */
export interface Measured {
  readonly step: number;
  readonly value: number;
  readonly error: number | null;
}

/** The last value at or before `step`, with the step at which it was measured; null when nothing was measured so early. */
export function valueAt(trace: Trace, step: number): Measured | null {
  const at = indexAtOrBefore(trace.steps, step);
  if (at < 0) return null;
  const error = trace.error?.[at];
  return {
    step: trace.steps[at] as number,
    value: trace.values[at] as number,
    error: error !== undefined && Number.isFinite(error) ? error : null,
  };
}
