import { fc } from '../../support/property';
import { describe, expect, it } from 'vitest';
import { linearScale, logScale, symlogScale, symlogThreshold, ticksOf, type Scale } from '../../../webview/plot/scale';

const labels = (scale: Scale, low: number, high: number, wanted: number): string[] =>
  ticksOf(scale, low, high, wanted).map(({ label }) => label);
const number = (label: string): number => {
  const power = /^(−?)10(⁻?)([⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/.exec(label);
  if (!power) return Number(label.replaceAll(',', '').replaceAll('−', '-'));
  const exponent = Number([...(power[3] ?? '')].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(digit)).join(''));
  return (power[1] ? -1 : 1) * 10 ** (power[2] ? -exponent : exponent);
};

describe('scales', () => {
  it('are inverse to themselves and rise', () => {
    for (const scale of [linearScale, symlogScale(0.01), symlogScale(100)]) {
      fc.assert(
        fc.property(fc.double({ min: -1e8, max: 1e8, noNaN: true }), (value) => {
          expect(Math.abs(scale.inverse(scale.forward(value)) - value)).toBeLessThanOrEqual(
            1e-9 * Math.max(scale.threshold, Math.abs(value)),
          );
          expect(scale.forward(value + 1 + Math.abs(value))).toBeGreaterThan(scale.forward(value));
        }),
      );
    }
  });

  it('symlog is odd, and the logarithm far from zero', () => {
    const scale = symlogScale(0.1);
    expect(scale.forward(-3)).toBe(-scale.forward(3));
    expect(scale.forward(1e6) - scale.forward(1e5)).toBeCloseTo(1, 5);
  });

  it('a logarithm has no place for zero and below', () => {
    expect(logScale.forward(0)).toBeNaN();
    expect(logScale.forward(-1)).toBeNaN();
  });

  it('takes the threshold from typical sizes, at most four decades apart', () => {
    expect(symlogThreshold([38, 0.4])).toBe(0.1);
    expect(symlogThreshold([1e6, 1e-9])).toBe(100);
    expect(symlogThreshold([0, NaN])).toBe(1);
  });
});

describe('ticks', () => {
  it('are round', () => {
    expect(labels(linearScale, 0, 1, 5)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    expect(labels(linearScale, -0.03, 0.02, 5)).toEqual(['−0.03', '−0.02', '−0.01', '0', '0.01', '0.02']);
    expect(labels(linearScale, 0, 18_000, 4)).toEqual(['0', '5,000', '10,000', '15,000']);
    expect(labels(logScale, -4, 1, 6)).toEqual(['10⁻⁴', '10⁻³', '0.01', '0.1', '1', '10']);
    expect(labels(logScale, -12, 2, 4)).toEqual(['10⁻¹²', '10⁻⁸', '10⁻⁴', '1']);
    expect(labels(symlogScale(1), -2.2, 3.2, 6)).toEqual(['−100', '−10', '0', '10', '100', '1,000']);
  });

  it('are 1, 2 and 5 where a logarithmic axis spans about a decade, down to its end', () => {
    expect(labels(logScale, Math.log10(0.0015), Math.log10(0.035), 5)).toEqual(['0.002', '0.005', '0.01', '0.02']);
    expect(labels(logScale, Math.log10(15), Math.log10(120), 5)).toEqual(['20', '50', '100']);
  });

  it('fall back to plain numbers when a logarithmic axis spans less than a decade or so', () => {
    const shown = labels(logScale, Math.log10(0.3), Math.log10(0.8), 5);
    expect(shown).toEqual(['0.3', '0.4', '0.5', '0.6', '0.7', '0.8']);
  });

  it('are whole steps where only those exist', () => {
    expect(ticksOf(linearScale, 0, 3, 10, true).map(({ label }) => label)).toEqual(['0', '1', '2', '3']);
  });

  it('lie within the range, where their label says, ascending, and not too many', () => {
    const scale = fc.constantFrom(linearScale, logScale, symlogScale(0.01), symlogScale(10));
    const range = fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.double({ min: 0.01, max: 12, noNaN: true }));
    fc.assert(
      fc.property(scale, range, fc.integer({ min: 2, max: 9 }), (chosen, [low, span], wanted) => {
        const ticks = ticksOf(chosen, low, low + span, wanted);
        expect(ticks.length).toBeLessThanOrEqual(2 * wanted + 3);
        for (const [index, { position, label }] of ticks.entries()) {
          expect(position).toBeGreaterThanOrEqual(low - 1e-3 * span);
          expect(position).toBeLessThanOrEqual(low + span * 1.001);
          expect(position).toBeGreaterThan(ticks[index - 1]?.position ?? -Infinity);
          expect(Math.abs(chosen.forward(number(label)) - position)).toBeLessThan(0.01 * span);
        }
      }),
    );
  });
});
