import type { ColumnKey, ColumnSelection, CsvOptions } from '../../../records/dataSources';
import { pandasMissing } from '../../../records/missingMarks';
import { Arguments, numbersOf, stringsOf, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import { none, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { numberType } from '../tensors/numberTypes';
import { columnNamed } from './tableSeries';

const readCsv =
  (separator: string): Handler =>
  (call) => {
    const a = new Arguments(call, 'filepath_or_buffer sep delimiter header names index_col usecols');
    const path = a.value('filepath_or_buffer');
    if (path?.kind !== 'string')
      return path?.kind === 'unknown' && path.reason
        ? path
        : unreadable('The path of this file could not be read', a.range('filepath_or_buffer'));
    const delimiter = a.given('delimiter') ? a.string('delimiter', separator) : a.string('sep', separator);
    const names = a.given('names') ? stringsOf(a.value('names') ?? none) : null;
    if (a.given('names') && !names) a.reject('names', 'The names of the columns could not be read');
    const options: CsvOptions = {
      path: path.value,
      delimiter,
      whitespace: /^\\s[+*]$/.test(delimiter) || isTrue(a.value('delim_whitespace')),
      header: header(a, names !== null),
      names,
      missing: [
        ...pandasMissing,
        ...(a.given('na_values')
          ? (stringsOf(a.value('na_values') ?? none) ?? numbersOf(a.value('na_values') ?? none)?.map(String) ?? unclearMarks(a))
          : []),
      ],
      columns: columns(a, 'usecols'),
      skipRows: a.given('skiprows') ? a.number('skiprows') : 0,
      rowLimit: a.optionalNumber('nrows'),
      indexColumn: key(a.value('index_col')),
      decimal: a.string('decimal', '.'),
      comment: a.given('comment') ? a.string('comment', '#') : null,
      ...(a.boolean('skipinitialspace', false) ? { skipsBlanks: true as const } : {}),
      ...(a.given('skipfooter') ? { skipFooter: footer(a) } : {}),
    };
    a.rejectOthers(readOrHarmless);
    if (a.given('dtype') && !isNumberTypes(a.value('dtype'))) a.reject('dtype', 'These types of columns are not read');
    if (a.given('index_col') && isTrue(a.value('index_col'))) a.reject('index_col', 'This row index is not read');
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    if (a.given('parse_dates')) call.machine.categorised = true;
    const result = { flavour: 'frame', shape: null, columns: names } as const;
    const { indexColumn } = options;
    const isDated = typeof indexColumn === 'string' && a.given('parse_dates');
    const labels = indexColumn === null || isDated ? {} : { rowLabels: `${options.path} by ${indexColumn}` };
    const table = dataStep(call.machine, 'readCsv', options, [], call.range, { ...result, ...labels });
    if (!isDated) return table;
    const whole = dataStep(call.machine, 'readCsv', { ...options, indexColumn: null }, [], call.range, result);
    return { ...table, index: columnNamed(whole, indexColumn, call) };
  };

/** Arguments of read_csv that are read above, or change no number. */
const readOrHarmless =
  'na_values skiprows skipfooter nrows decimal comment skipinitialspace delim_whitespace parse_dates infer_datetime_format encoding engine ' +
  'low_memory memory_map compression dtype float_precision error_bad_lines warn_bad_lines on_bad_lines cache_dates verbose quotechar date_format';

/** Lines left out at the end, which pandas does not take together with a number of rows. */
function footer(a: Arguments): number {
  if (a.given('nrows')) a.reject('skipfooter', 'pandas leaves out no lines at the end where the number of rows is given');
  const count = a.number('skipfooter');
  if (!Number.isInteger(count) || count < 0) a.reject('skipfooter', 'The number of lines at the end could not be read');
  return count;
}

const unclearMarks = (a: Arguments): string[] => {
  a.reject('na_values', 'What stands for missing values could not be read');
  return [];
};

/** Types that leave numbers as they are. */
const isNumberTypes = (types: Value | null): boolean =>
  types?.kind === 'dict'
    ? !types.open && [...types.entries.values()].every((type) => numberType(type) === 'float')
    : numberType(types) === 'float';

const readParquet: Handler = (call) => {
  const a = new Arguments(call, 'path engine columns');
  const path = a.value('path');
  if (path?.kind !== 'string')
    return path?.kind === 'unknown' && path.reason
      ? path
      : unreadable('The path of this file could not be read', a.range('path'));
  const columns = a.given('columns') ? stringsOf(a.value('columns') ?? none) : null;
  if (a.given('columns') && !columns) return unreadable('The columns could not be read', a.range('columns'));
  return dataStep(call.machine, 'readParquet', { path: path.value, columns }, [], call.range, { flavour: 'frame', columns });
};

function header(a: Arguments, named: boolean): number | null {
  const value = a.value('header');
  if (value?.kind === 'none') return null;
  if (value === null || (value.kind === 'string' && value.value === 'infer')) return named ? null : 0;
  return a.number('header');
}

function columns(a: Arguments, name: string): ColumnSelection | null {
  if (!a.given(name)) return null;
  const value = a.value(name) ?? none;
  const keys = stringsOf(value) ?? numbersOf(value);
  if (!keys) a.reject(name, 'The columns could not be read');
  return keys ? { kind: 'keys', keys } : null;
}

const key = (value: Value | null): ColumnKey | null =>
  value?.kind === 'number' || value?.kind === 'string' ? value.value : null;

const isTrue = (value: Value | null): boolean => value?.kind === 'boolean' && value.value;

/** Files of tables. */
export const tableFileFunctions: FunctionTable = {
  'pandas.read_csv': readCsv(','),
  'pandas.read_parquet': readParquet,
  'pandas.read_table': readCsv('\t'),
};
