import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import { type ListValue, type Value } from '../values/value';
import type { Machine } from './machine';
import { axisSize, dataStep } from './tensors';
import { rowsOfList } from './windows';

/** `random.shuffle(rows)` of a list of rows of numbers, which from here on stand in another order; false for other lists. */
export function shuffleRows(m: Machine, list: ListValue, range: SourceRange): boolean {
  const rows = rowsOfList(m, list) ?? rowsAsWritten(m, list, range);
  if (!rows) return false;
  const size = axisSize(m, rows, 0);
  const order = dataStep(m, 'randomPermutation', { size, seed: m.drawSeed('python') }, [], range, {
    shape: [size],
    integer: true,
  });
  list.before = [dataStep(m, 'takeRows', {}, [rows, order], range)];
  list.items = [];
  delete list.each;
  return true;
}

/** Rows of plain numbers as columns side by side, each with its own type of number. */
function rowsAsWritten(m: Machine, list: ListValue, range: SourceRange): DataArray | null {
  const [first] = list.items;
  if (list.open || first?.kind !== 'list' || first.items.length === 0) return null;
  const rows = list.items.map((item) => (item.kind === 'list' && !item.open ? item.items.flatMap(plainNumber) : []));
  const width = first.items.length;
  if (rows.some((row) => row.length !== width)) return null;
  const columns = first.items.map((_, at) => {
    const numbers = rows.flatMap((row) => row[at] ?? []);
    const args = { shape: [rows.length], values: numbers.map(({ value }) => value), integer: numbers.every((n) => n.integer) };
    return dataStep(m, 'literal', args, [], range, { shape: args.shape, integer: args.integer, flavour: 'numpy' });
  });
  const integer = columns.every((column) => column.integer === true);
  return dataStep(m, 'stack', { axis: 1 }, columns, range, { shape: [rows.length, width], integer });
}

const plainNumber = (value: Value): { readonly value: number; readonly integer: boolean }[] =>
  value.kind === 'number' ? [{ value: value.value, integer: value.integer }] : [];

/** One entry of every row of a list of lists, with the type of number that it has there; null where the rows are no such list. */
export function entryOfRows(m: Machine, rows: DataArray, at: number): DataArray | null {
  const step = m.program.steps[rows.step];
  const inputs = (step?.inputs ?? []).flatMap((input) => m.program.results.get(input) ?? []);
  const [of, order] = inputs;
  if (!step || inputs.length !== step.inputs.length || !of) return null;
  switch (step.kind) {
    case 'stack': {
      const part = step.arguments.axis === 1 ? inputs.at(at) : undefined;
      return part && part.shape?.length === 1 ? { ...part, row: rows.row, loop: rows.loop } : null;
    }
    case 'concatenate': {
      const parts = step.arguments.axis === 0 ? inputs.flatMap((input) => entryOfRows(m, input, at) ?? []) : [];
      if (parts.length !== inputs.length) return null;
      const integer = parts.every((part) => part.integer === true) ? true : null;
      return likeRows(
        rows,
        dataStep(m, 'concatenate', { axis: 0 }, parts.map(whole), rows.range, { shape: ofRows(rows), integer }),
      );
    }
    case 'takeRows': {
      const part = entryOfRows(m, of, at);
      return part && order
        ? likeRows(rows, dataStep(m, 'takeRows', {}, [whole(part), order], rows.range, { shape: ofRows(rows) }))
        : null;
    }
    case 'slice': {
      const part = step.arguments.axis === 0 ? entryOfRows(m, of, at) : null;
      return part && likeRows(rows, dataStep(m, 'slice', step.arguments, [whole(part)], rows.range, { shape: ofRows(rows) }));
    }
    default:
      return null;
  }
}

const whole = (part: DataArray): DataArray => ({ ...part, row: false, loop: null });
const ofRows = ({ shape }: DataArray): DataArray['shape'] => shape && shape.slice(0, 1);
const likeRows = ({ row, loop }: DataArray, made: DataArray): DataArray => ({ ...made, row, loop });
