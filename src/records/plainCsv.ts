import type { CsvOptions } from './dataSources';

/** A table with commas, a header and nothing missing: what a file of numbers is read with where nothing else is said. */
export const plainCsv: Omit<CsvOptions, 'path'> = {
  delimiter: ',',
  whitespace: false,
  header: 0,
  names: null,
  missing: [],
  columns: null,
  skipRows: 0,
  rowLimit: null,
  indexColumn: null,
  decimal: '.',
  comment: null,
};
