import type { Emission } from './emission';

/** Terms of the series below that are needed where |x| ≤ 6; further out erf is ±1 in float64. */
const terms = 130;

/**
 * erf in float64, for which ONNX Runtime has no operator:
 * erf(x) = 2x/√π · exp(-x²) · Σ (2x²)ⁿ / (2n+1)!!, all terms positive (Abramowitz and Stegun 7.1.6), by Horner's rule.
 */
export function erf64(e: Emission, x: string): string {
  const bounded = e.op('Max', [e.op('Min', [x, e.scalar(6, 'float64')]), e.scalar(-6, 'float64')]);
  const squared = e.op('Mul', [bounded, bounded]);
  let series = e.scalar(1, 'float64');
  for (let n = terms; n > 0; n--) {
    const scaled = e.op('Mul', [e.op('Mul', [squared, e.scalar(2 / (2 * n + 1), 'float64')]), series]);
    series = e.op('Add', [scaled, e.scalar(1, 'float64')]);
  }
  const envelope = e.op('Mul', [bounded, e.op('Exp', [e.op('Neg', [squared])])]);
  return e.op('Mul', [e.op('Mul', [envelope, series]), e.scalar(2 / Math.sqrt(Math.PI), 'float64')]);
}
