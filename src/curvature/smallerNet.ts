import type { UnitLayout } from './symmetry';

/** What of a layer's units is no unit of its own. */
export interface SmallerLayer {
  readonly units: number;
  /** Groups of units that do almost the same: what reads them reads their sum. */
  readonly merged: readonly (readonly number[])[];
  /** Units that hardly anything reads. */
  readonly idle: readonly number[];
  /** Units that a net without these would have there. */
  readonly left: number;
}

/** Distance of incoming weights, over their length, under which two units do the same. */
const alike = 0.05;
/** Length of outgoing weights, over the layer's longest, under which a unit counts for nothing. */
const unread = 0.01;

/** A unit's incoming weights with their bias, and how long they are. */
interface Incoming {
  readonly weights: readonly number[];
  readonly length: number;
}

/**
 * How a layer stands near a critical point of a smaller net: units whose incoming weights have come together (up to their sign where
 * `odd`: the activation is an odd function), and units that are read by nothing. Critical points of a net are critical for every larger
 * one that it is embedded in so, along whole lines (Fukumizu and Amari 2000): second order is zero there in many directions.
 */
export function smallerLayer(theta: Float32Array, { incoming, outgoing }: UnitLayout, odd: boolean): SmallerLayer {
  const valuesAt = (places: Int32Array | undefined): number[] => Array.from(places ?? [], (place) => theta[place] as number);
  const own = incoming.map((places): Incoming => {
    const weights = valuesAt(places);
    return { weights, length: Math.sqrt(weights.reduce((sum, weight) => sum + weight ** 2, 0)) };
  });
  const lengths = outgoing.map((places) => Math.hypot(...valuesAt(places)));
  const longest = Math.max(...lengths);
  const idle = lengths.flatMap((length, unit) => (length <= unread * longest ? [unit] : []));
  const groups: number[][] = [];
  for (const [unit, weights] of own.entries()) {
    if (idle.includes(unit)) continue;
    const group = groups.find(([first]) => areAlike(own[first as number] as Incoming, weights, odd));
    if (group === undefined) groups.push([unit]);
    else group.push(unit);
  }
  const merged = groups.filter((group) => group.length > 1);
  return { units: incoming.length, merged, idle, left: groups.length };
}

/** Whether two vectors are nearer than their longer one's length times `alike`; `odd`: or one and the other turned round. */
function areAlike(a: Incoming, b: Incoming, odd: boolean): boolean {
  const most = (alike * Math.max(a.length, b.length)) ** 2;
  const near = (sign: 1 | -1): boolean => {
    let squared = 0;
    for (let i = 0; i < a.weights.length && squared <= most; i++) {
      squared += ((a.weights[i] as number) - sign * (b.weights[i] as number)) ** 2;
    }
    return squared <= most;
  };
  return near(1) || (odd && near(-1));
}
