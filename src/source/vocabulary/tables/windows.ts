import { Arguments, numbersOf, type Call } from '../../interpret/call';
import { opaqueOperation } from '../../interpret/tensors';
import { allWindows } from '../../interpret/windows';
import type { Array as DataArray } from '../../values/dataValues';
import { unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { dataOf, type TensorOperation } from '../tensors/tensorOperation';
import { permuted } from '../tensors/tensorShaping';

/** Windows along the first axis as NumPy and PyTorch lay them out: [windows, ..., length]. */
function windowsLast(array: DataArray, length: number, stride: number, call: Call): Value {
  if (!array.shape) return unreadable('The number of axes is not known here', call.range);
  const made = allWindows(call.machine, array, length, stride, call.range);
  const axes = array.shape.length + 1;
  const order = Array.from({ length: axes }, (_, i) => (i === 0 ? 0 : i === axes - 1 ? 1 : i + 1));
  return axes === 2 ? made : permuted(made, order, call);
}

/** `x.unfold(0, size, step)`. */
export const unfold: TensorOperation = {
  names: 'dimension size step',
  run: (x, a) => {
    const array = dataOf(x);
    if (!array) return opaqueOperation(a.call.machine, 'unfold', [x], a.call.range);
    if (array.row || a.number('dimension') !== 0)
      return unreadable('Windows along another axis than the first are not read', a.call.range);
    const [length, stride] = [a.number('size'), a.number('step')];
    return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : windowsLast(array, length, stride, a.call);
  },
};

/** NumPy's views on windows. */
export const windowTable: FunctionTable = {
  'numpy.lib.stride_tricks.sliding_window_view': (call) => {
    const a = new Arguments(call, 'x window_shape axis');
    const x = a.value('x');
    const shape = numbersOf(a.value('window_shape') ?? unknown);
    if (x?.kind !== 'array' || x.row)
      return x?.kind === 'unknown' ? x : unreadable('What is cut into windows could not be read', call.range);
    const isFirst = a.given('axis') ? a.number('axis') === 0 : x.shape?.length === 1;
    const [length] = shape ?? [];
    if (!isFirst || length === undefined || shape?.length !== 1)
      return unreadable('Windows along other axes than the first are not read', call.range);
    return windowsLast(x, length, 1, call);
  },
};
