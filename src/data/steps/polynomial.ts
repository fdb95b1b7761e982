import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault } from '../fault';
import { arrayInput } from '../inputs';
import { arrayOf, lineageOf } from '../values';

/** scikit-learn's PolynomialFeatures: [rows, products]. */
export const executePolynomial: Execute<'polynomial'> = ({ degree, interactionOnly, bias }, inputs, context) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { shape, values } = value.value.tensor;
  const [count = 0, width] = shape;
  if (width === undefined || shape.length !== 2) return fault('PolynomialFeatures takes rows and columns.');
  const products = productsOf(width, degree, interactionOnly).slice(bias ? 0 : 1);
  if (count * products.length * 8 > context.maximumBytes)
    return fault(`PolynomialFeatures would make ${products.length} columns of ${count} rows, more than the bound on memory.`);
  const made = new Float64Array(count * products.length);
  for (let i = 0; i < count; i++)
    products.forEach((factors, j) => {
      made[i * products.length + j] = factors.reduce((product, at) => product * (values[i * width + at] ?? 0), 1);
    });
  return ok(arrayOf([count, products.length], made, lineageOf(value.value)));
};

/** The columns of each product, those of lower degree first, each with its columns in their order. */
export function productsOf(width: number, degree: number, interactionOnly: boolean): readonly (readonly number[])[] {
  let last: readonly (readonly number[])[] = [[]];
  const all: (readonly number[])[] = [[]];
  for (let power = 1; power <= degree; power++) {
    last = last.flatMap((factors) => {
      const from = (factors[factors.length - 1] ?? 0) + (interactionOnly && factors.length > 0 ? 1 : 0);
      return Array.from({ length: Math.max(0, width - from) }, (_, i) => [...factors, from + i]);
    });
    all.push(...last);
  }
  return all;
}
