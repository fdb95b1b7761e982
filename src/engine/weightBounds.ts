import type { WeightBounds } from '../records/experiment';
import type { ParameterLayout } from './parameters';

/** Keeps parameters within the bounds that the script cuts them off at. */
export class BoundedWeights {
  private readonly parts: readonly { readonly bounds: WeightBounds; readonly values: readonly Float32Array[] }[];

  constructor(bounds: readonly WeightBounds[], { trained }: ParameterLayout, theta: Float32Array) {
    this.parts = bounds.map((one) => ({
      bounds: one,
      values: trained
        .filter(({ index }) => one.parameters.includes(index))
        .map(({ offset, length }) => theta.subarray(offset, offset + length)),
    }));
  }

  /** Cuts the values off at this place of a step. */
  apply(when: WeightBounds['when']): void {
    for (const { bounds, values } of this.parts) {
      if (bounds.when !== when) continue;
      const [low, high] = [bounds.low?.value ?? -Infinity, bounds.high?.value ?? Infinity];
      for (const part of values) for (let i = 0; i < part.length; i++) part[i] = Math.min(high, Math.max(low, part[i] as number));
    }
  }
}
