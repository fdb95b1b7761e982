import type { Scale } from './scale';
import { roundStep } from './scale';

/** Values of one line within the drawn steps. */
export interface Sample {
  readonly values: Float64Array;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Extent of the drawn values, and how many of them the axis does not show. */
export interface ValueRange {
  readonly low: number;
  readonly high: number;
  readonly above: number;
  readonly below: number;
  /** Zero or negative, on a logarithmic axis. */
  readonly notPositive: number;
  readonly notFinite: number;
}

/**
 * The values that an axis has to show. Unless `wide`, a linear axis leaves out the few values that are far from all
 * others (beyond three times the spread of the middle 96 %), so that one spike does not flatten the rest. Null when
 * nothing can be shown.
 */
export function valueRange(samples: readonly Sample[], scale: Scale, wide: boolean): ValueRange | null {
  let notPositive = 0;
  let notFinite = 0;
  let shown = 0;
  let low = Infinity;
  let high = -Infinity;
  for (const { values, from, to } of samples) {
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) notFinite++;
      else if (scale.kind === 'log' && value <= 0) notPositive++;
      else {
        shown++;
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  if (shown === 0) return null;
  const all = { low, high, above: 0, below: 0, notPositive, notFinite };
  return wide || scale.kind !== 'linear' ? all : withoutFarValues(samples, all, shown);
}

function withoutFarValues(samples: readonly Sample[], all: ValueRange, shown: number): ValueRange {
  const sorted = sampled(samples, shown);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  const spread = at(0.98) - at(0.02);
  const lowest = at(0.02) - 3 * spread;
  const highest = at(0.98) + 3 * spread;
  if (sorted.length < 20 || spread === 0 || (all.low >= lowest && all.high <= highest)) return all;
  let low = Infinity;
  let high = -Infinity;
  let above = 0;
  let below = 0;
  for (const { values, from, to } of samples) {
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (!Number.isFinite(value)) continue;
      if (value > highest) above++;
      else if (value < lowest) below++;
      else {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
  }
  return { ...all, low, high, above, below };
}

/** About a thousand of the values, evenly taken, in ascending order. */
function sampled(samples: readonly Sample[], shown: number): Float64Array {
  const stride = Math.max(1, Math.floor(shown / 1000));
  const taken: number[] = [];
  let position = 0;
  for (const { values, from, to } of samples) {
    for (let i = from; i < to; i++) {
      const value = values[i] as number;
      if (Number.isFinite(value) && position++ % stride === 0) taken.push(value);
    }
  }
  return Float64Array.from(taken).sort();
}

/** Positions of the axis around `low` … `high`: widened to round values, so that it moves seldom while values come in. */
export function axisRange(scale: Scale, low: number, high: number): readonly [number, number] {
  if (scale.kind === 'linear') {
    if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) / 2, high + Math.abs(high) / 2];
    const step = roundStep(high - low, 6);
    // Zero belongs to the picture when it is near.
    const bottom = low > 0 && low < 0.5 * high ? 0 : Math.floor(low / step + 1e-9) * step;
    return [bottom, Math.ceil(high / step - 1e-9) * step];
  }
  const grain = scale.kind === 'log' ? 0.25 : 0.5;
  const bottom = Math.floor((scale.forward(low) - 0.02) / grain) * grain;
  const top = Math.ceil((scale.forward(high) + 0.02) / grain) * grain;
  return top - bottom < 2 * grain ? [bottom - grain, top + grain] : [bottom, top];
}
