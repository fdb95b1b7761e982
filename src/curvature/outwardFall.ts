import type { GradientAt } from './gradientDifference';
import { placeAt, type GradientPlace } from './newtonSteps';
import { norm, plus } from './vector';

/** A direction in which the loss may fall for ever. */
export interface OutwardRay {
  /** As it goes on after "along". */
  readonly name: string;
  readonly direction: (theta: Float32Array) => Float32Array;
  /** What of the gradient fades along it: all; a part of it, while the others stay; or one that only the loss shows. */
  readonly fades: 'all' | 'part' | 'hidden';
}

/** What was seen along a ray, at multiples of its direction: first one inward, then where one stands, then outward. */
export interface OutwardFall {
  readonly name: string;
  readonly multiples: readonly number[];
  /** Null where the loss itself is not known. */
  readonly losses: readonly number[] | null;
  readonly gradientNorms: readonly number[];
}

const multiples = [-0.5, 0, 0.25, 0.5, 1, 2, 4] as const;
const here = 1;
/** A direction that is shorter than this share of θ tells of rounding, not of what lies far away. */
const shortest = 1e-3;
/** Relative differences of losses that are rounding. */
const lossRounding = 2 ** -21;
/** A loss that stays may rise by so much of its fall from inward: large logits round. Near a minimum it rises by a quarter of it, and more. */
const levelShare = 1e-4;
/** What may be left of the loss's slope at the far end, of that on the way here. */
const leftSlope = 0.1;
/** How much larger than before a gradient may be that only stays. */
const stays = 1.5;

/**
 * Looks along a ray: the loss must have fallen to where one stands and nowhere rise further out, while ‖g‖ falls on and on, or, where only
 * a part of it fades, does not grow; where that part is hidden by others, the loss alone is asked. Near a critical point both rise on either side. The fall must level off. Null where that is not so; `rounding`: what ‖g‖ may be
 * of rounding alone. A loss that falls so has no minimum at a finite distance along the ray, as of separable classes (Soudry and others 2018).
 */
export async function fallsOutward(
  { gradient, loss }: { readonly gradient: GradientAt; readonly loss?: (theta: Float32Array) => Promise<number> },
  place: GradientPlace,
  { name, direction, fades }: OutwardRay,
  rounding: number,
): Promise<OutwardFall | null> {
  const way = direction(place.theta);
  if (!(norm(way) > shortest * norm(place.theta))) return null;
  const losses: number[] = [];
  const norms: number[] = [];
  for (const times of multiples) {
    const theta = plus(place.theta, times, way);
    norms.push((await placeAt(gradient, theta)).norm);
    if (loss) losses.push(await loss(theta));
    const [at, before] = [norms.length - 1, norms[norms.length - 2] ?? Infinity];
    const size = norms[at] as number;
    const holds = fades === 'hidden' || (fades === 'all' ? size < before : size <= stays * (norms[here] ?? Infinity));
    const isRounding = at > here && size <= rounding;
    if (!(holds || isRounding) || !fallsUntil(at, losses)) return null;
  }
  const [middle = 0, last = 0] = [norms[here], norms[norms.length - 1]];
  // Where nothing is left of the gradient, only the loss can tell that it has faded.
  const hasFaded = middle === 0 ? losses.length > 0 : last < 0.5 * middle;
  if (fades === 'all' ? !hasFaded : losses.length === 0) return null;
  if (losses.length > 0 && !levelsOff(losses)) return null;
  return { name, multiples, losses: loss ? losses : null, gradientNorms: norms };
}

/** Whether the loss falls ever less: a slope that stays, as on a plateau, leads anywhere. */
function levelsOff(losses: readonly number[]): boolean {
  const slope = (from: number, to: number): number =>
    ((losses[from] as number) - (losses[to] as number)) / ((multiples[to] as number) - (multiples[from] as number));
  return slope(losses.length - 2, losses.length - 1) <= leftSlope * slope(0, here);
}

/** Whether the loss fell from inward to here, and has not risen since. True where it is not known. */
function fallsUntil(at: number, losses: readonly number[]): boolean {
  const [inward = 0, middle = 0] = losses;
  if (losses.length === 0 || at < here) return true;
  const rounding = lossRounding * Math.abs(middle);
  const fallen = inward - middle;
  return at === here ? fallen > rounding : (losses[at] as number) - middle <= rounding + levelShare * fallen;
}

/** Multiples of the way behind and before one. */
const farMultiples = [-1, 0, 4, 16] as const;
/** How much larger a gradient may be that rounding hides. */
const hides = 3;

/**
 * Whether the loss still falls along the way where ‖g‖ is rounding: from behind to here and on to sixteen times that way it falls by more than
 * losses round, rises nowhere, and ‖g‖ stays as small. Around a zero of the gradient the loss is level to its rounding, or ‖g‖ grows.
 */
export async function fallsWithinRounding(
  { gradient, loss }: { readonly gradient: GradientAt; readonly loss?: (theta: Float32Array) => Promise<number> },
  place: GradientPlace,
  way: Float32Array,
): Promise<boolean> {
  if (!loss || !(norm(way) > shortest * norm(place.theta))) return false;
  const losses: number[] = [];
  for (const times of farMultiples) {
    const theta = plus(place.theta, times, way);
    losses.push(await loss(theta));
    const last = losses.length - 1;
    const noise = lossRounding * Math.abs(losses[0] as number);
    if (last > 0 && (losses[last] as number) > (losses[last - 1] as number) + noise / 4) return false;
    if (times >= 0 && (await placeAt(gradient, theta)).norm > hides * place.norm) return false;
  }
  return (losses[0] as number) - (losses[farMultiples.length - 1] as number) > 2 * lossRounding * Math.abs(losses[0] as number);
}
