import { describe, expect, it } from 'vitest';
import { Random } from '../../src/base/random';
import { smallerLayer } from '../../src/curvature/smallerNet';
import { unitLayout, type UnitLayout } from '../../src/curvature/symmetry';
import { normalVector } from '../../src/curvature/vector';

const [inputs, units] = [3, 6];
const layout = unitLayout(
  { name: 'hidden', shape: [units, inputs], offset: 0, length: units * inputs },
  { name: 'bias', shape: [units], offset: units * inputs, length: units },
  { name: 'out', shape: [2, units], offset: units * (inputs + 1), length: 2 * units },
) as UnitLayout;
const dim = units * (inputs + 3);

/** Units 0, 2 and 5 nearly alike (5 turned round), 3 read by nothing. */
function merged(): Float32Array {
  const theta = normalVector(dim, new Random(2));
  const copy = (from: number, to: number, sign: number): void =>
    layout.incoming[to]?.forEach((place, i) => {
      theta[place] = sign * (theta[layout.incoming[from]?.[i] as number] as number) * 1.01;
    });
  copy(0, 2, 1);
  copy(0, 5, -1);
  layout.outgoing[3]?.forEach((place) => (theta[place] = 1e-4));
  return theta;
}

/** Outputs of the net on one row, its hidden units tanh, by hand. */
function outputs(theta: Float32Array, x: readonly number[], without: readonly number[] = []): number[] {
  return [0, 1].map((output) =>
    Array.from({ length: units }, (_, unit) => unit)
      .filter((unit) => !without.includes(unit))
      .reduce((sum, unit) => {
        const places = layout.incoming[unit] as Int32Array;
        const at = [...x, 1].reduce((total, value, i) => total + value * (theta[places[i] as number] as number), 0);
        return sum + Math.tanh(at) * (theta[layout.outgoing[unit]?.[output] as number] as number);
      }, 0),
  );
}

describe('a layer near that of a smaller net', () => {
  it('has units that have come together, and units that nothing reads', () => {
    expect(smallerLayer(merged(), layout, true)).toEqual({ units, merged: [[0, 2, 5]], idle: [3], left: 3 });
    expect(smallerLayer(merged(), layout, false)).toEqual({ units, merged: [[0, 2]], idle: [3], left: 4 });
    expect(smallerLayer(normalVector(dim, new Random(3)), layout, true)).toEqual({ units, merged: [], idle: [], left: units });
  });

  it('does almost what that net does', () => {
    const theta = merged();
    const { merged: groups, idle } = smallerLayer(theta, layout, true);
    const small = theta.slice();
    const others = groups.flatMap(([, ...rest]) => rest);
    layout.outgoing[0]?.forEach((place, output) => {
      const sum = [2, -5].reduce(
        (total, unit) => total + Math.sign(unit) * (theta[layout.outgoing[Math.abs(unit)]?.[output] as number] as number),
        theta[place] as number,
      );
      small[place] = sum;
    });
    const x = [0.4, -0.8, 1.1];
    outputs(small, x, [...others, ...idle]).forEach((value, output) => {
      expect(Math.abs(value - (outputs(theta, x)[output] as number))).toBeLessThan(0.02);
    });
  });

  it('counts units of zeros as alike', () => {
    expect(smallerLayer(new Float32Array(dim), layout, false).left).toBeLessThanOrEqual(1);
  });
});
