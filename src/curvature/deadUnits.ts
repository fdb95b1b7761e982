import { Random } from '../base/random';
import type { GradientAt } from './gradientDifference';
import type { LinearOperator } from './operator';
import { restricted } from './composition';
import { norm } from './vector';
import type { UnitLayout } from './symmetry';

/** One layer's units that are zero on every row, and stay so nearby. */
export interface DeadUnits {
  /** Name of the layer. */
  readonly layer: string;
  /** How many units the layer has. */
  readonly of: number;
  /** Numbers of the dead ones, from 0. */
  readonly units: readonly number[];
  /** Places of their parameters in θ, incoming and outgoing. */
  readonly places: readonly number[];
}

/** How far incoming weights are moved, over their length: a unit that wakes up so near is not dead. */
const nudge = 1e-3;

/**
 * Units that have no effect on the loss (rectifiers that are shut for every row; Lu and others 2020): the gradient of all their incoming
 * and outgoing weights is zero to the last bit, here and where the incoming ones are moved a little, both ways, and the outgoing ones a lot. A
 * unit of a net of zeros, which also has no gradient, shows itself there. `gradient` is that of the rows' loss alone, without a decay; one,
 * and two more where there may be any.
 */
export async function deadUnits(
  gradient: GradientAt,
  theta: Float32Array,
  layouts: readonly UnitLayout[],
  random: Random,
): Promise<DeadUnits[]> {
  const out = new Float32Array(theta.length);
  await gradient(theta, out);
  const still = (places: Int32Array): boolean => places.length > 0 && places.every((place) => out[place] === 0);
  const isStill = ({ incoming, outgoing }: UnitLayout, unit: number): boolean =>
    still(incoming[unit] as Int32Array) && still(outgoing[unit] as Int32Array);
  const candidates = layouts.map((layout) => ({
    layout,
    units: layout.incoming.flatMap((_, unit) => (isStill(layout, unit) ? [unit] : [])),
  }));
  if (candidates.every(({ units }) => units.length === 0)) return [];
  let left = candidates;
  const seed = random.bits();
  for (const side of [1, -1] as const) {
    const moved = theta.slice();
    const same = new Random(seed);
    for (const { layout, units } of candidates) for (const unit of units) moveUnit(moved, layout, unit, side, same);
    await gradient(moved, out);
    left = left.map(({ layout, units }) => ({ layout, units: units.filter((unit) => isStill(layout, unit)) }));
  }
  return left.flatMap(({ layout, units }): DeadUnits[] => {
    if (units.length === 0) return [];
    const places = units.flatMap((unit) => [...(layout.incoming[unit] ?? []), ...(layout.outgoing[unit] ?? [])]);
    return [{ layer: layout.name, of: layout.incoming.length, units, places }];
  });
}

/** Moves what a unit reads by little, to one of both sides, and what reads it by as much as usual first weights are long. */
function moveUnit(theta: Float32Array, { incoming, outgoing }: UnitLayout, unit: number, side: 1 | -1, random: Random): void {
  const own = incoming[unit] as Int32Array;
  const length = norm(Float32Array.from(own, (place) => theta[place] as number)) / Math.sqrt(own.length);
  for (const place of own) theta[place] = (theta[place] as number) + side * random.normal(0, nudge * (length > 0 ? length : 1));
  for (const place of outgoing[unit] as Int32Array) theta[place] = (theta[place] as number) + random.normal();
}

/** For each parameter whether it belongs to a dead unit. */
export function deadParameters(dim: number, dead: readonly DeadUnits[]): Uint8Array {
  const flags = new Uint8Array(dim);
  for (const { places } of dead) for (const place of places) flags[place] = 1;
  return flags;
}

/** The operator on the parameters that have an effect: flat directions of dead units hide what the rest of the spectrum says. */
export function withoutDead(operator: LinearOperator, flags: Uint8Array): LinearOperator {
  if (!flags.includes(1)) return operator;
  const alive: { offset: number; length: number }[] = [];
  for (let i = 0; i < flags.length; i++) {
    if (flags[i] === 1) continue;
    const last = alive[alive.length - 1];
    if (last && last.offset + last.length === i) last.length++;
    else alive.push({ offset: i, length: 1 });
  }
  return restricted(operator, alive);
}
