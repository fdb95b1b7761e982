import { Arguments, numbersOf, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import { listValue, unreadable } from '../../values/value';

/** `np.split(x, [a, b])`: the rows before a, those up to b, and the rest. */
export const splitAt: Handler = (call) => {
  const a = new Arguments(call, 'ary indices_or_sections axis');
  const array = a.value('ary');
  const places = a.value('indices_or_sections');
  const marks = places?.kind === 'list' ? numbersOf(places) : null;
  if (array?.kind !== 'array' || !marks || a.number('axis', 0) !== 0)
    return array?.kind === 'unknown' && array.reason ? array : unreadable('These parts could not be read', call.range);
  const rows = array.shape?.[0];
  const bounds = [0, ...marks];
  return listValue(
    bounds.map((start, i) => {
      const end = bounds[i + 1] ?? null;
      const last = end ?? (typeof rows === 'number' ? rows : null);
      const shape = array.shape ? [last === null ? null : last - start, ...array.shape.slice(1)] : null;
      return dataStep(call.machine, 'slice', { axis: 0, start, end, step: 1 }, [array], call.range, { shape });
    }),
  );
};
