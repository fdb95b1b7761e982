import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rowsInput } from '../inputs';
import { arrayOf, asTable, lineageOf, nameOf, type Column } from '../values';

type Cell = string | number | null;

/** scikit-learn's OneHotEncoder, OrdinalEncoder and LabelBinarizer: the categories of the first input, applied to the second. */
export const executeEncodeCategories: Execute<'encodeCategories'> = (settings, inputs, context) => {
  const fitted = rowsInput(inputs, 0);
  const rows = rowsInput(inputs, 1);
  if (!fitted.ok) return fitted;
  if (!rows.ok) return rows;
  const [known, given] = [asTable(fitted.value).columns, asTable(rows.value).columns];
  if (known.length !== given.length)
    return fault(`This encoder was fitted on ${known.length} columns and is given ${given.length}.`);
  const count = asTable(rows.value).length;
  const parts: Float64Array[] = [];
  let width = 0;
  for (const [at, column] of given.entries()) {
    const categories = settings.categories?.[at] ?? categoriesOf(known[at] ?? column);
    const places = placesOf(column, categories, settings.unknown);
    if (!places.ok) return places;
    const own =
      settings.form === 'ordinal'
        ? ordinals(places.value, categories, settings.unknown)
        : marks(places.value, categories, settings);
    parts.push(own);
    width += own.length / Math.max(1, count);
    if (width * count * 8 > context.maximumBytes)
      return fault(`These categories make ${width} columns of ${count} rows, more than the bound on memory; leave columns out.`);
  }
  return ok(arrayOf([count, width], sideBySide(parts, count, width), lineageOf(rows.value)));
};

/** In sorted order; a missing value is one of its own, at the end. */
function categoriesOf(column: Column): Cell[] {
  const different = [...new Set(cellsOf(column))];
  const present = different.filter((cell): cell is string | number => cell !== null);
  present.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return different.includes(null) ? [...present, null] : present;
}

/** The number of each cell's category; -1 for one that is not known. */
function placesOf(
  column: Column,
  categories: readonly Cell[],
  unknown: DataSteps['encodeCategories']['unknown'],
): Outcome<Int32Array> {
  const at = new Map(categories.map((category, i) => [category, i]));
  const cells = [...cellsOf(column)];
  const lost = cells.find((cell) => !at.has(cell));
  if (unknown === 'error' && lost !== undefined)
    return fault(
      `${nameOf(column.label)} holds '${lost ?? 'nothing'}', which the encoder was not fitted on; set handle_unknown.`,
    );
  return ok(Int32Array.from(cells, (cell) => at.get(cell) ?? -1));
}

function ordinals(
  places: Int32Array,
  categories: readonly Cell[],
  unknown: DataSteps['encodeCategories']['unknown'],
): Float64Array {
  return Float64Array.from(places, (at) => {
    if (at < 0) return typeof unknown === 'number' ? unknown : NaN;
    return categories[at] === null ? NaN : at;
  });
}

/** Rows of zeros with a one, row after row. */
function marks(places: Int32Array, categories: readonly Cell[], { form, drop }: DataSteps['encodeCategories']): Float64Array {
  const isPair = categories.length === 2;
  const left = (form === 'binarize' && isPair) || drop === 'first' || (drop === 'ifBinary' && isPair) ? 1 : 0;
  const width = categories.length - left;
  const made = new Float64Array(places.length * width);
  for (const [row, at] of places.entries()) if (at >= left) made[row * width + at - left] = 1;
  return made;
}

function sideBySide(parts: readonly Float64Array[], count: number, width: number): Float64Array {
  const made = new Float64Array(count * width);
  let start = 0;
  for (const part of parts) {
    const own = part.length / Math.max(1, count);
    for (let row = 0; row < count; row++) made.set(part.subarray(row * own, (row + 1) * own), row * width + start);
    start += own;
  }
  return made;
}

function* cellsOf(column: Column): Generator<Cell> {
  if (column.type === 'text') yield* column.values;
  else for (const value of column.values) yield Number.isNaN(value) ? null : value;
}
