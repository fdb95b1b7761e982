import { open } from 'node:fs/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
} from 'hyparquet';
import type { CancelToken } from '../../base/cancel';
import { ok } from '../../base/result';
import { cancelled, fault, listNames, nearNames, type Outcome } from '../fault';
import { fittingRate, sampleRows } from '../sampling';
import { fileName, type Column } from '../values';
import { unreadable } from './bytes';
import type { Bound, ParsedTable } from './csv';

const compressors: Compressors = {
  GZIP: (bytes) => gunzipSync(bytes),
  BROTLI: (bytes) => brotliDecompressSync(bytes),
};

/** Reads a parquet file as `pandas.read_parquet` does: `columns` null is all. Rows beyond the bound are left out at random. */
export async function readParquet(
  path: string,
  columns: readonly string[] | null,
  bound: Bound,
  cancel: CancelToken,
): Promise<Outcome<ParsedTable>> {
  const handle = await open(path);
  try {
    const file: AsyncBuffer = {
      byteLength: bound.fileBytes,
      slice: async (start, end = bound.fileBytes) => {
        const { buffer } = await handle.read(new Uint8Array(end - start), 0, end - start, start);
        return buffer.buffer;
      },
    };
    const metadata = await parquetMetadataAsync(file);
    const count = countOf(metadata);
    if (count === null) return unreadable(path, 'its groups hold other numbers of rows than it says');
    const schema = parquetSchema(metadata).children.map(({ element }) => element);
    const names = schema.map(({ name }) => name);
    const missing = columns?.find((name) => !names.includes(name));
    if (missing !== undefined) return noColumn(path, missing, names);
    const wanted = columns ?? names.filter((name) => !/^__index_level_\d+__$/.test(name));
    const rate = Math.min(bound.rate, fittingRate(count, wanted.length * 8, bound.maximumBytes));
    const rows = sampleRows(count, rate, bound.seed);
    const found = wanted.map((): unknown[] => []);
    let start = 0;
    let next = 0;
    // One group of rows at a time: only the rows that are kept stay in memory.
    for (const group of metadata.row_groups) {
      if (cancel.cancelled) return cancelled();
      const end = start + Number(group.num_rows);
      if ((rows[next] ?? Infinity) < end) {
        const options = { file, metadata, columns: [...wanted], compressors, rowStart: start, rowEnd: end };
        const records = await parquetReadObjects(options);
        for (; (rows[next] ?? Infinity) < end; next++) {
          const record = records[(rows[next] ?? 0) - start];
          for (const [at, name] of wanted.entries()) found[at]?.push(record?.[name] ?? null);
        }
      }
      start = end;
    }
    const made = wanted.map((name, at) => {
      const whole = /^INT/.test(schema[names.indexOf(name)]?.type ?? '');
      return columnOf(name, path, found[at] ?? [], whole);
    });
    const kept = rows.length === count ? 1 : rate;
    return ok({ columns: made, rows, ofRows: count, kept, notes: [], bytes: rows.length * wanted.length * 8 });
  } catch (error) {
    return unreadable(path, error);
  } finally {
    await handle.close();
  }
}

/** Rows of the file, where its groups hold as many; null for a broken file. */
function countOf({ num_rows, row_groups }: FileMetaData): number | null {
  const sizes = row_groups.map((group) => Number(group.num_rows));
  const sum = sizes.reduce((total, size) => total + size, 0);
  return sizes.every((size) => size >= 0) && sum === Number(num_rows) ? sum : null;
}

function noColumn(path: string, name: string, names: readonly string[]): Outcome<never> {
  const near = nearNames(name, names);
  const hint = near.length > 0 ? ` Did you mean ${listNames(near)}?` : ` It has ${listNames(names)}.`;
  return fault(`${fileName(path)} has no column '${name}'.${hint}`, { file: { path, column: name } });
}

/** A column with pandas' type: whole numbers with gaps become floats, what is no number is text. */
function columnOf(label: string, path: string, found: readonly unknown[], whole: boolean): Column {
  const origin = { path, lineOf: (row: number): number => row + 1 };
  if (found.every((value) => value === null || isNumeric(value))) {
    const present = found.filter((value) => value !== null);
    const isBoolean = present.length > 0 && present.length === found.length && present.every((v) => typeof v === 'boolean');
    const type = isBoolean ? 'boolean' : whole && present.length === found.length ? 'integer' : 'float';
    return { label, origin, type, values: Float64Array.from(found, (value) => (value === null ? NaN : Number(value))) };
  }
  return { label, origin, type: 'text', values: found.map(textOf) };
}

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';

function textOf(value: unknown): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}
