import type { WeightBounds } from '../records/experiment';
import type { ParameterLayout } from './parameters';

/** A parameter, and the length of its rows. */
interface Bounded {
  readonly values: Float32Array;
  readonly width: number;
}

/** What Keras adds to a norm before it divides by it. */
const fuzz = 1e-7;

/** Scales each row to a norm within the bounds. */
function boundNorms(values: Float32Array, width: number, { least, most }: NonNullable<WeightBounds['norms']>): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    const factor = Math.min(most, Math.max(least, norm)) / (fuzz + norm);
    for (let i = 0; i < row.length; i++) row[i] = factor * (row[i] as number);
  }
}

/** Keeps parameters within the bounds that the script cuts them off at. */
export class BoundedWeights {
  private readonly parts: readonly { readonly bounds: WeightBounds; readonly values: readonly Bounded[] }[];

  constructor(bounds: readonly WeightBounds[], { trained }: ParameterLayout, theta: Float32Array) {
    this.parts = bounds.map((one) => ({
      bounds: one,
      values: trained
        .filter(({ index }) => one.parameters.includes(index))
        .map(({ offset, length, shape }) => ({
          values: theta.subarray(offset, offset + length),
          width: length / Math.max(1, shape[0] ?? 1),
        })),
    }));
  }

  /** Cuts the values off at this place of a step. */
  apply(when: WeightBounds['when']): void {
    for (const { bounds, values } of this.parts) {
      if (bounds.when !== when) continue;
      const { norms } = bounds;
      if (norms) for (const { values: part, width } of values) boundNorms(part, width, norms);
      if (norms) continue;
      const [low, high] = [bounds.low?.value ?? -Infinity, bounds.high?.value ?? Infinity];
      for (const { values: part } of values)
        for (let i = 0; i < part.length; i++) part[i] = Math.min(high, Math.max(low, part[i] as number));
    }
  }
}
