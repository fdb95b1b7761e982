import { arrayOf, lineageOf, sizeOf, type ArrayValue } from '../values';

/** `axis` as a position from 0; null when the array has no such axis. */
export const axisOf = (axis: number, rank: number): number | null => {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : null;
};

/** A copy of `list` with the entry at `at` replaced. */
export const replacedAt = <T>(list: readonly T[], at: number, entry: T): T[] =>
  list.map((old, index) => (index === at ? entry : old));

/** A copy of `list` with an entry more at `at`. */
export const insertedAt = <T>(list: readonly T[], at: number, entry: T): T[] => [...list.slice(0, at), entry, ...list.slice(at)];

/** A copy of `list` without the entry at `at`. */
export const removedAt = <T>(list: readonly T[], at: number): T[] => list.filter((_, index) => index !== at);

/** The positions `chosen` of one axis, in their order. For the rows use `takeRows`, which keeps their sources. */
export function chooseAlong(value: ArrayValue, axis: number, chosen: readonly number[]): ArrayValue {
  const { shape, values } = value.tensor;
  const length = shape[axis] ?? 1;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = values.length / Math.max(1, length * inner);
  const Values = values.constructor as Float64ArrayConstructor;
  const out = new Values(outer * chosen.length * inner) as typeof values;
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (const at of chosen) {
      const from = (o * length + at) * inner;
      for (let i = 0; i < inner; i++) out[to++] = values[from + i] as number;
    }
  }
  const isLast = axis === shape.length - 1;
  const names = isLast && value.names ? chosen.map((at) => value.names?.[at] ?? '') : value.names;
  return arrayOf(replacedAt(shape, axis, chosen.length), out, { ...lineageOf(value), boolean: value.boolean, names });
}
