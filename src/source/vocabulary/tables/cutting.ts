import type { Array as DataArray } from '../../values/dataValues';
import type { Argument, Call, Handler, Method } from '../../interpret/call';
import { chunkRows, splitRows } from '../../interpret/pieces';
import { unknown, type Value } from '../../values/value';
import { asFunction, tensorOperations } from '../tensors/tensorOperations';

/** Ways to cut the rows of data into batches. */
const cuttingMethods: Readonly<Record<string, (array: DataArray, size: Argument, call: Call) => Value>> = {
  split: (array, size, call) => splitRows(call.machine, array, size, call.range),
  chunk: (array, parts, call) => chunkRows(call.machine, array, parts, call.range),
};

/** The way to cut `receiver` by the method `name`; null when it is not data of torch or the name is another. */
export const cutting = (receiver: Value, name: string): Method | null => {
  const cut = receiver.kind === 'array' && receiver.flavour === 'torch' ? cuttingMethods[name] : undefined;
  if (!cut || receiver.kind !== 'array') return null;
  return (_, call) => {
    const size = call.positional[0] ?? call.keywords.get('split_size') ?? call.keywords.get('chunks');
    const axis = call.positional[1]?.value ?? call.keywords.get('dim')?.value;
    if (!size || (axis && !(axis.kind === 'number' && axis.value === 0))) return unknown;
    return cut(receiver, size, call);
  };
};

/** `torch.split(x, 20)` of data; of tensors of the graph it stays the operation that it is. */
export const cutFunction =
  (name: string): Handler =>
  (call) => {
    const [whole, ...rest] = call.positional;
    const method = whole ? cutting(whole.value, name) : null;
    const operation = tensorOperations[name];
    if (method && whole) return method(whole.value, { ...call, positional: rest });
    return operation ? asFunction(operation, call) : unknown;
  };
