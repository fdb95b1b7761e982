import type { TensorData } from '../../graph/operations';
import { sizeOf } from '../../graph/operations';
import type { ValueType } from './messages';
import type { Wire } from './program';
import type { Values } from './runtime';
import type { TensorView, Views } from './session';

/** The memory of each wire, by its name in the model; of stacked values the first `steps` entries. RangeError if it does not fit. */
export function viewsOf(wires: readonly Wire[], values: Values, steps?: number): Views {
  return Object.fromEntries(wires.map(({ port, value }) => [value.name, viewOf(port, value, values[port], steps)]));
}

function viewOf(port: string, { dtype, shape: sizes }: ValueType, data: TensorData | undefined, steps?: number): TensorView {
  const shape = sizes.map((size) => (typeof size === 'number' ? size : (steps ?? 0)));
  const length = sizeOf(shape);
  if (data === undefined) throw new RangeError(`no memory for ${port}`);
  if (data.length < length || (steps === undefined && data.length !== length))
    throw new RangeError(`${data.length} elements for ${port}, which has ${length}`);
  return { dtype, shape, data: data.length === length ? data : data.subarray(0, length) };
}
