import type { LinearOperator } from './operator';

/**
 * Parameters that may be stretched together by any factor without an effect on the loss, since a normalisation follows: ranges of the
 * flat vector. Groups do not overlap.
 */
export type ScaleGroup = readonly { readonly offset: number; readonly length: number }[];

/**
 * A on the space without the directions along which θ's groups are stretched, 0 along these. Hw = -g along them makes H indefinite
 * wherever g ≠ 0: they are taken out before a saddle is named. The directions do not meet, so that one pass over the vector takes out
 * all of them, however many there are.
 */
export function withoutScales(operator: LinearOperator, theta: Float32Array, groups: readonly ScaleGroup[]): LinearOperator {
  const stretched = groups.filter((group) => product(group, theta, theta) > 0);
  if (stretched.length === 0) return operator;
  const at = theta.slice();
  const rest = new Float32Array(operator.dim);
  const remove = (v: Float32Array): void => {
    for (const group of stretched) {
      const factor = product(group, at, v) / product(group, at, at);
      for (const { offset, length } of group)
        for (let i = offset; i < offset + length; i++) v[i] = (v[i] as number) - factor * (at[i] as number);
    }
  };
  const apply = async (v: Float32Array, out: Float32Array): Promise<void> => {
    rest.set(v);
    remove(rest);
    await operator.apply(rest, out);
    remove(out);
  };
  const confine = (v: Float32Array): void => {
    operator.confine?.(v);
    remove(v);
  };
  return { dim: operator.dim, selfAdjoint: operator.selfAdjoint, apply, confine };
}

/**
 * What a rate η does to weights whose length has no effect: their direction follows the rate η/‖w‖² (Hoffer and others 2018). The least
 * and the most of all groups; null where none has a length.
 */
export function effectiveRates(
  theta: Float32Array,
  groups: readonly ScaleGroup[],
  rate: number,
): { readonly least: number; readonly most: number } | null {
  const rates = groups.map((group) => rate / product(group, theta, theta)).filter(Number.isFinite);
  if (rates.length === 0) return null;
  return { least: rates.reduce((a, b) => Math.min(a, b)), most: rates.reduce((a, b) => Math.max(a, b)) };
}

/**
 * The angle by which a step turns such weights once decay and noise balance, √(2ηω) (van Laarhoven 2017; Wan and others 2021): it does
 * not depend on the gradient's size.
 */
export const equilibriumTurn = (rate: number, decay: number): number => Math.sqrt(2 * rate * decay);

/** aᵀb over the group's parameters. */
function product(group: ScaleGroup, a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (const { offset, length } of group)
    for (let i = offset; i < offset + length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
