import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault } from '../fault';
import { arrayInput } from '../inputs';
import { arrayOf, lineageOf, sizeOf } from '../values';
import { axisOf } from './along';

/** numpy.cumsum. */
export const executeCumulate: Execute<'cumulate'> = ({ axis }, inputs) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { tensor } = value.value;
  const shape = axis === null ? [tensor.values.length] : tensor.shape;
  const at = axisOf(axis ?? 0, shape.length);
  if (at === null) return fault(`cumsum over axis ${axis}: the array has ${shape.length} axes.`);
  const inner = sizeOf(shape.slice(at + 1));
  const length = shape[at] ?? 1;
  const sums = tensor.values.slice();
  for (let i = 0; i < sums.length; i++)
    if (Math.floor(i / inner) % length > 0) sums[i] = (sums[i] as number) + (sums[i - inner] as number);
  return ok(arrayOf(shape, sums, lineageOf(value.value)));
};
