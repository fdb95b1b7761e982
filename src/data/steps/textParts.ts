import { ok } from '../../base/result';
import type { TextPart } from '../../records/textSteps';
import type { Execute } from '../context';
import { fault, type Outcome } from '../fault';
import { rowsInput } from '../inputs';
import { asTable, type Column, type TableValue } from '../values';

type Texts = readonly (string | null)[];

/** The texts of the only column; a fault where it holds numbers. */
function textsOf(
  inputs: Parameters<typeof rowsInput>[0],
): Outcome<{ readonly table: TableValue; readonly column: Column; readonly texts: Texts }> {
  const value = rowsInput(inputs, 0);
  if (!value.ok) return value;
  const table = asTable(value.value);
  const [column] = table.columns;
  if (!column || table.columns.length > 1) return fault('One column of text is needed here.');
  if (column.type === 'text') return ok({ table, column, texts: column.values });
  // A column in which nothing stands has no type.
  if (column.values.every(Number.isNaN)) return ok({ table, column, texts: Array.from(column.values, () => null) });
  return fault(`The column '${column.label}' holds numbers, not text.`);
}

const withColumn = (table: TableValue, column: Column): TableValue => ({ ...table, columns: [column] });

/** column.str.extract, column.str.split(...).str[i] and column.str[a:b]. */
export const executeTextPart: Execute<'textPart'> = (settings, inputs) => {
  const found = textsOf(inputs);
  if (!found.ok) return found;
  const { table, column, texts } = found.value;
  // Classes of characters mean more letters in Python than here.
  if (
    'pattern' in settings &&
    /\\[wdsb]/i.test(settings.pattern) &&
    texts.some((text) => text !== null && /[^\x00-\x7f]/.test(text))
  )
    return fault('This pattern is not followed in texts with other than plain letters.');
  const part = partBy(settings);
  const values = texts.map((text) => (text === null ? null : part(text)));
  return ok(withColumn(table, { label: column.label, origin: column.origin, type: 'text', values }));
};

function partBy(settings: TextPart): (text: string) => string | null {
  if (settings.part === 'match') {
    const pattern = new RegExp(settings.pattern);
    return (text) => pattern.exec(text)?.[1] ?? null;
  }
  if (settings.part === 'substituted') {
    const pattern = new RegExp(settings.pattern, 'g');
    return (text) => text.replace(pattern, () => settings.by);
  }
  if (settings.part === 'piece') {
    const { separator, at } = settings;
    return (text) =>
      (separator === null
        ? text
            .trim()
            .split(/\s+/)
            .filter((piece) => piece !== '')
        : text.split(separator)
      ).at(at) ?? null;
  }
  const { start, end } = settings;
  const one = start !== null && end !== null && (end === start + 1 || (start === -1 && end === 0));
  if (one) return (text) => [...text].at(start) ?? null;
  return (text) => [...text].slice(start ?? 0, end ?? undefined).join('');
}

/** column.str.len(). */
export const executeTextLength: Execute<'textLength'> = (_settings, inputs) => {
  const found = textsOf(inputs);
  if (!found.ok) return found;
  const { table, column, texts } = found.value;
  const values = Float64Array.from(texts, (text) => (text === null ? NaN : [...text].length));
  const type = values.some(Number.isNaN) ? 'float' : 'integer';
  return ok(withColumn(table, { label: column.label, origin: column.origin, type, values }));
};

/** column.str.contains(text) and the like: a missing text is a fault, since its mark is neither true nor false. */
export const executeTextTest: Execute<'textTest'> = ({ test, text: wanted }, inputs) => {
  const found = textsOf(inputs);
  if (!found.ok) return found;
  const { table, column, texts } = found.value;
  if (texts.includes(null))
    return fault(
      `The column '${column.label}' has missing texts, which neither hold a word nor lack it; fill them, or give na=False.`,
    );
  const holds = (text: string): boolean =>
    test === 'contains' ? text.includes(wanted) : test === 'startswith' ? text.startsWith(wanted) : text.endsWith(wanted);
  const values = Float64Array.from(texts, (text) => Number(text !== null && holds(text)));
  return ok(withColumn(table, { label: column.label, origin: column.origin, type: 'boolean', values }));
};
