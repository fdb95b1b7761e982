import { Random } from '../base/random';
import type { ProbeDirection } from './finiteProbes';

/** Where one layer's units keep their parameters in θ. */
export interface UnitLayout {
  /** Name of the layer, for messages. */
  readonly name: string;
  /** For each unit, the places of its incoming weights and bias. */
  readonly incoming: readonly Int32Array[];
  /** For each unit, the places of the weights that read it, in the same order for every unit. */
  readonly outgoing: readonly Int32Array[];
}

/** A parameter's place and shape, as the twin gives it. */
export interface ParameterPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly length: number;
}

/**
 * The layout of a layer's units from its weight [units, …], its bias and the weight [outputs, units·k, …] that reads it (linear or
 * convolution; k > 1 where the units' maps were flattened in between). Null when the shapes do not fit.
 */
export function unitLayout(weight: ParameterPlace, bias: ParameterPlace | null, next: ParameterPlace | null): UnitLayout | null {
  const units = weight.shape[0] ?? 0;
  if (units === 0 || (bias !== null && bias.length !== units)) return null;
  const outputs = next?.shape[0] ?? 1;
  const perOutput = next === null ? 0 : next.length / outputs;
  if (perOutput % units !== 0) return null;
  const fanIn = weight.length / units;
  const width = perOutput / units;
  const incoming: Int32Array[] = [];
  const outgoing: Int32Array[] = [];
  for (let unit = 0; unit < units; unit++) {
    const places = Array.from({ length: fanIn }, (_, i) => weight.offset + unit * fanIn + i);
    if (bias !== null) places.push(bias.offset + unit);
    incoming.push(Int32Array.from(places));
    outgoing.push(
      Int32Array.from({ length: next === null ? 0 : outputs * width }, (_, i) => {
        const output = Math.floor(i / width);
        return (next?.offset ?? 0) + output * perOutput + unit * width + (i % width);
      }),
    );
  }
  return { name: weight.name, incoming, outgoing };
}

/**
 * Groups of units that are copies of each other: incoming and outgoing parameters equal and their gradients too, all to
 * `tolerance` of the layer's largest entry. Such units take the same steps for ever; only noise that tells them apart ends it.
 * Groups have at least two units, in ascending order.
 */
export function duplicatedUnits(theta: Float32Array, gradient: Float32Array, layout: UnitLayout, tolerance = 1e-5): number[][] {
  const places = layout.incoming.map((own, unit) => Int32Array.from([...own, ...(layout.outgoing[unit] as Int32Array)]));
  const largest = (values: Float32Array): number =>
    places.reduce((most, own) => own.reduce((max, place) => Math.max(max, Math.abs(values[place] as number)), most), 0);
  const thetaRoom = tolerance * largest(theta);
  const gradientRoom = tolerance * largest(gradient);
  const same = (a: Int32Array, b: Int32Array): boolean =>
    a.every((place, i) => {
      const other = b[i] as number;
      return (
        Math.abs((theta[place] as number) - (theta[other] as number)) <= thetaRoom &&
        Math.abs((gradient[place] as number) - (gradient[other] as number)) <= gradientRoom
      );
    });
  const groups: number[][] = [];
  for (const [unit, own] of places.entries()) {
    const group = groups.find(([first]) => same(places[first as number] as Int32Array, own));
    if (group === undefined) groups.push([unit]);
    else group.push(unit);
  }
  return groups.filter((group) => group.length > 1);
}

/**
 * For each group of copies one direction that tells them apart: each unit's incoming and outgoing parameters move their own random
 * way, with the group's mean left where it is.
 */
export function symmetryBreakingDirections(
  dim: number,
  layout: UnitLayout,
  groups: readonly (readonly number[])[],
  seed = 0,
): ProbeDirection[] {
  const random = new Random(seed).fork(layout.name);
  return groups.map((group) => {
    const vector = new Float32Array(dim);
    for (const role of [layout.incoming, layout.outgoing]) {
      const length = role[group[0] as number]?.length ?? 0;
      for (let i = 0; i < length; i++) {
        const moves = group.map(() => random.normal());
        const mean = moves.reduce((sum, x) => sum + x, 0) / moves.length;
        group.forEach((unit, j) => (vector[role[unit]?.[i] as number] = (moves[j] as number) - mean));
      }
    }
    return { kind: 'symmetryBreaking', name: `units ${group.join(', ')} of ${layout.name}`, vector };
  });
}

/** θ with the units of a layer re-ordered (unit i takes the parameters of unit order[i]): another point of the same loss. */
export function permuteUnits(theta: Float32Array, layout: UnitLayout, order: ArrayLike<number>): Float32Array {
  const permuted = theta.slice();
  for (const role of [layout.incoming, layout.outgoing]) {
    for (const [unit, places] of role.entries()) {
      const from = role[order[unit] as number] as Int32Array;
      places.forEach((place, i) => (permuted[place] = theta[from[i] as number] as number));
    }
  }
  return permuted;
}
