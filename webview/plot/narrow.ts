import { formatNumber } from '../format';
import { linearScale, ticksOf, type Tick } from './scale';

/** Characters that fit beside an axis. */
const mostCharacters = 7;

/** Marks of an axis on which values differ late in their digits: written as differences from `base`. */
export interface NarrowTicks {
  readonly base: number;
  readonly ticks: readonly Tick[];
}

/** Null where the marks' own values have room. */
export function narrowTicks(ticks: readonly Tick[], low: number, high: number, wanted: number): NarrowTicks | null {
  if (ticks.every(({ label }) => label.length <= mostCharacters)) return null;
  const base = shortestBetween(low, high);
  if (base === 0) return null;
  const shifted = ticksOf(linearScale, low - base, high - base, wanted).map(({ position, label }) => ({
    position: position + base,
    label: position > 0 && label !== '0' ? `+${label}` : label,
  }));
  return { base, ticks: shifted };
}

/** The number with the fewest digits between both. */
export function shortestBetween(low: number, high: number): number {
  if (low <= 0 && high >= 0) return 0;
  for (let exponent = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)))); exponent > -300; exponent--) {
    // From digits and not by a product, so that it is written as it is.
    const candidate = Number(`${Math.ceil(low / 10 ** exponent)}e${exponent}`);
    if (candidate >= low && candidate <= high) return candidate;
  }
  return low;
}

/** What an axis of differences is called: `loss − 0.0425`. */
export const narrowTitle = (title: string, base: number): string =>
  base < 0 ? `${title} + ${exact(-base)}` : `${title} − ${exact(base)}`;

const exact = (value: number): string => (value >= 1e-3 && value < 1e5 ? String(value) : formatNumber(value));
