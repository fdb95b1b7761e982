import { ok } from '../base/result';
import type { DataSymbol } from '../records/dataSteps';
import { fault, type Outcome } from './fault';
import { largest, shapeOf, toArray, type Value } from './values';

/** The number that a symbol of a size stands for, once its step's result is there. */
export function symbolValue({ property }: DataSymbol, value: Value): Outcome<number> {
  if (value.kind !== 'array' && value.kind !== 'table') return fault('A size is taken of something that has none.');
  if (property.kind === 'size') {
    const shape = shapeOf(value);
    const size = shape.at(property.axis);
    return size === undefined
      ? fault(`The data have ${shape.length} axes; the script asks for the size of axis ${property.axis}.`)
      : ok(size);
  }
  if (property.kind === 'unique' && value.kind === 'table') {
    return ok(
      new Set(value.columns.flatMap((column) => [...column.values]).filter((cell) => cell !== null && !Number.isNaN(cell))).size,
    );
  }
  const array = toArray(value);
  if (!array.ok) return array;
  const { values } = array.value.tensor;
  return ok(property.kind === 'unique' ? new Set(values).size : largest(values));
}
