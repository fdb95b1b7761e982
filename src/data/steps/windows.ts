import { ok } from '../../base/result';
import type { Execute } from '../context';
import { fault } from '../fault';
import { arrayInput } from '../inputs';
import { arrayOf, noLineage, showShape, sizeOf, sourceLineage } from '../values';

/** Runs of entries along the first axis, each as a row: [count, length, ...]. */
export const executeWindows: Execute<'windows'> = (settings, inputs, context) => {
  const value = arrayInput(inputs, 0);
  if (!value.ok) return value;
  const { tensor, kept, boolean, pixels } = value.value;
  const { length, first, stride } = settings;
  const bound = context.size(settings.count);
  if (!bound.ok) return bound;
  const count = Math.max(0, Math.trunc(bound.value));
  const [rows = 0, ...inner] = tensor.shape;
  if (tensor.shape.length === 0) return fault('A single number has no windows.');
  if (kept < 1) return fault('Windows need rows that follow each other, and the file is too large to be kept whole.');
  if (count > 0 && first + (count - 1) * stride + length > rows)
    return fault(`${count} windows of ${length} reach beyond the ${rows} rows of an array of shape ${showShape(tensor.shape)}.`);
  const width = sizeOf(inner);
  const size = count * length * width;
  if (size * tensor.values.BYTES_PER_ELEMENT > context.maximumBytes)
    return fault(`${count} windows of ${length} rows are too large to be kept in memory.`);
  const Values = tensor.values.constructor as Float64ArrayConstructor;
  const out = new Values(size) as typeof tensor.values;
  for (let k = 0; k < count; k++) {
    const from = (first + k * stride) * width;
    out.set(tensor.values.subarray(from, from + length * width), k * length * width);
  }
  const lineage = value.value.rows === null ? noLineage : sourceLineage(count, pixels);
  return ok(arrayOf([count, length, ...inner], out, { ...lineage, boolean, names: inner.length > 0 ? value.value.names : null }));
};
