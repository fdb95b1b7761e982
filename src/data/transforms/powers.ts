import { ok } from '../../base/result';
import type { ColumnTransform } from '../../records/columnTransforms';
import { fault } from '../fault';
import { variance } from '../steps/statistic';
import { columnOf, eachColumn, type Transform } from './columns';

type Settings = Extract<ColumnTransform, { form: 'powers' }>;

/** PowerTransformer: each column raised to the power that makes it most like normal numbers. */
export const powers: Transform<Settings> = ({ method, standardize }, fitted, rows) => {
  if (method === 'box-cox' && fitted.values.some((value) => value <= 0)) return fault('Box-Cox takes numbers above zero only.');
  const changes = Array.from({ length: fitted.width }, (_, at) => {
    const column = columnOf(fitted, at).filter((value) => !Number.isNaN(value));
    const raise = method === 'box-cox' ? boxCox : yeoJohnson;
    const exponent = least((p) => -likelihood(column, p, method), -4, 6);
    const raised = column.map((value) => raise(value, exponent));
    const mean = raised.reduce((sum, value) => sum + value / raised.length, 0);
    const deviation = Math.sqrt(variance(raised, 0));
    const [offset, scale] = standardize ? [mean, deviation > 10 * Number.EPSILON ? deviation : 1] : [0, 1];
    return (x: number): number => (raise(x, exponent) - offset) / scale;
  });
  return ok(eachColumn(rows, changes));
};

const boxCox = (x: number, p: number): number => (Math.abs(p) < 1e-14 ? Math.log(x) : Math.expm1(p * Math.log(x)) / p);

function yeoJohnson(x: number, p: number): number {
  if (x >= 0) return Math.abs(p) < Number.EPSILON ? Math.log1p(x) : Math.expm1(p * Math.log1p(x)) / p;
  return Math.abs(p - 2) > Number.EPSILON ? -Math.expm1((2 - p) * Math.log1p(-x)) / (2 - p) : -Math.log1p(-x);
}

/** The logarithm of the likelihood of an exponent (Yeo and Johnson 2000; Box and Cox 1964). */
function likelihood(column: Float64Array, p: number, method: Settings['method']): number {
  const raise = method === 'box-cox' ? boxCox : yeoJohnson;
  const raised = column.map((value) => raise(value, p));
  const jacobian = column.reduce(
    (sum, x) => sum + (method === 'box-cox' ? Math.log(x) : Math.sign(x) * Math.log1p(Math.abs(x))),
    0,
  );
  return (-column.length / 2) * Math.log(variance(raised, 0)) + (p - 1) * jacobian;
}

/** Where a function with one valley is least, by golden sections. */
function least(f: (x: number) => number, from: number, to: number): number {
  const part = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [from, to];
  let [a, b] = [high - part * (high - low), low + part * (high - low)];
  let [fa, fb] = [f(a), f(b)];
  while (high - low > 1e-9) {
    if (fa < fb) {
      [high, b, fb] = [b, a, fa];
      a = high - part * (high - low);
      fa = f(a);
    } else {
      [low, a, fa] = [a, b, fb];
      b = low + part * (high - low);
      fb = f(b);
    }
  }
  return (low + high) / 2;
}
