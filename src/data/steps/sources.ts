import { join } from 'node:path';
import { ok } from '../../base/result';
import type { DataSteps } from '../../records/dataSteps';
import { plainCsv } from '../../records/plainCsv';
import type { Execute, StepContext } from '../context';
import { fault, type Outcome } from '../fault';
import type { Parsed } from '../files/access';
import { readChunks } from '../files/bytes';
import { readCsv, type Bound, type ParsedTable } from '../files/csv';
import { readIdx } from '../files/idx';
import { examine, type Located } from '../files/locate';
import { readCharacters } from '../files/characters';
import { NpyReader } from '../files/npy';
import { readNpz } from '../files/npz';
import { readParquet } from '../files/parquet';
import { readText, type ParsedNumbers } from '../files/text';
import { arrayOf, fileName, toArray, type ArrayValue, type TableValue } from '../values';

/** Rows that could not be followed to where they come from: there is nothing to load. */
export const executeUnread: Execute<'unread'> = ({ text }) => fault(text);

/** pandas.read_csv: a table. */
export const executeReadCsv: Execute<'readCsv'> = async (settings, _inputs, context) => {
  const file = await context.files.find(settings.path, context.assume);
  if (!file.ok) return file;
  const table = await parse(file.value, settings, context, (bound) => readCsv(file.value.path, settings, bound, context.cancel));
  return table.ok ? ok(tableOf(table.value)) : table;
};

/** pandas.read_parquet: a table. */
export const executeReadParquet: Execute<'readParquet'> = async (settings, _inputs, context) => {
  const file = await context.files.find(settings.path, context.assume);
  if (!file.ok) return file;
  const { path } = file.value;
  const table = await parse(file.value, settings, context, (bound) => readParquet(path, settings.columns, bound, context.cancel));
  return table.ok ? ok(tableOf(table.value)) : table;
};

/** numpy.loadtxt and genfromtxt: an array of floats. */
export const executeReadText: Execute<'readText'> = (settings, _inputs, context) =>
  readNumbers(settings.path, settings, context, (file, bound) => readText(file.path, settings, bound, context.cancel));

/** The characters of a text file, as Python reads it: line ends become `\n`. */
export const executeReadCharacters: Execute<'readCharacters'> = async ({ path, lower }, _inputs, context) => {
  const file = await context.files.find(path, context.assume);
  if (!file.ok) return file;
  const { value: found } = file;
  const parsed = await parse(found, { lower }, context, () => readCharacters(found.path, lower, context));
  return parsed.ok ? ok(numbersOf(parsed.value, false)) : parsed;
};

/** numpy.load of an npy file. */
export const executeReadNpy: Execute<'readNpy'> = (settings, _inputs, context) =>
  readNumbers(settings.path, settings, context, async (file, bound) => {
    const reader = new NpyReader(file.path, bound);
    const read = await readChunks(file.path, context.cancel, (chunk) => reader.push(chunk));
    return read.ok ? reader.finish() : read;
  });

/** One array of numpy.load of an npz archive. */
export const executeReadNpz: Execute<'readNpz'> = (settings, _inputs, context) =>
  readNumbers(settings.path, settings, context, (file, bound) => readNpz(file.path, settings.key, bound, context.cancel));

/** torchvision's MNIST and its like. Where Fashion-MNIST is not there, the first images of it that ship with the project. */
export const executeReadIdx: Execute<'readIdx'> = async (settings, _inputs, context) => {
  const files = await findIdx(settings, context);
  if (!files.ok) return files;
  const values: ArrayValue[] = [];
  for (const file of files.value) {
    const parsed = await parse(file, 'idx', context, (bound) => readIdx(file.path, bound, context.cancel));
    if (!parsed.ok) return parsed;
    values.push(numbersOf(parsed.value, true));
  }
  return ok({ kind: 'parts', parts: values });
};

/** scikit-learn's load_NAME: parts 0 data (floats), 1 target. */
export const executeBundled: Execute<'bundled'> = async (settings, _inputs, context) => {
  const name = settings.table === 'digits' ? 'digits.csv.gz' : `${settings.table}.csv`;
  const file = await examine(join(context.bundled, name), null);
  if (!file) return fault(`The table ${settings.table} that ships with the project is missing (${name}).`);
  const table = await parse(file, settings.table, context, (bound) => readCsv(file.path, plainCsv, bound, context.cancel));
  if (!table.ok) return table;
  const whole = tableOf(table.value);
  const last = whole.columns.length - 1;
  const data = toArray({ ...whole, columns: whole.columns.slice(0, last), pixels: settings.table === 'digits' });
  const target = toArray({ ...whole, columns: whole.columns.slice(last), single: true });
  if (!data.ok) return data;
  if (!target.ok) return target;
  const { shape, values } = data.value.tensor;
  return ok({ kind: 'parts', parts: [{ ...data.value, tensor: { shape, values: Float64Array.from(values) } }, target.value] });
};

async function readNumbers(
  path: string,
  settings: object,
  context: StepContext,
  read: (file: Located, bound: Bound) => Promise<Outcome<ParsedNumbers>>,
): Promise<Outcome<ArrayValue>> {
  const file = await context.files.find(path, context.assume);
  if (!file.ok) return file;
  const parsed = await parse(file.value, settings, context, (bound) => read(file.value, bound));
  return parsed.ok ? ok(numbersOf(parsed.value, false)) : parsed;
}

/** Reads a file through the cache and says what was taken for granted, as often as it is read. */
export async function parse<T extends Parsed & { notes: readonly string[] }>(
  file: Located,
  settings: unknown,
  context: StepContext,
  read: (bound: Bound) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { maximumBytes, seed } = context;
  const parsed = await context.files.parse(file, { settings, maximumBytes, seed }, (rate) =>
    read({ maximumBytes, seed, rate, fileBytes: file.size }),
  );
  if (!parsed.ok) return parsed;
  for (const note of parsed.value.notes) context.assume(note);
  if (parsed.value.kept < 1) {
    const { ofRows, kept } = parsed.value;
    const count = ofRows.toLocaleString('en-US');
    const share = Math.round(kept * 1000) / 10;
    context.assume(
      `${fileName(file.path)} has ${count} rows; ${share} % of them, chosen at random, are kept within the bound on memory`,
    );
  }
  return parsed;
}

const tableOf = (table: ParsedTable): TableValue => ({
  kind: 'table',
  columns: table.columns,
  length: table.rows.length,
  single: false,
  rows: table.rows,
  ofRows: table.ofRows,
  kept: table.kept,
  pixels: false,
});

const numbersOf = ({ shape, values, rows, ofRows, kept }: ParsedNumbers, pixels: boolean): ArrayValue =>
  arrayOf(shape, values, { rows, ofRows, kept, pixels });

/** The images and the labels, in torchvision's folders. */
async function findIdx(settings: DataSteps['readIdx'], context: StepContext): Promise<Outcome<[Located, Located]>> {
  const { dataset, root, train } = settings;
  const part = train ? 'train' : 't10k';
  const prefixes = dataset === 'EMNIST' ? emnistSplits.map((split) => `emnist-${split}-${train ? 'train' : 'test'}`) : [part];
  for (const prefix of prefixes) {
    const images = await context.files.findFirst(idxPaths(root, dataset, `${prefix}-images-idx3-ubyte`), context.assume);
    if (!images) continue;
    const labels = await context.files.findFirst(idxPaths(root, dataset, `${prefix}-labels-idx1-ubyte`), () => undefined);
    if (!labels)
      return fault(`${prefix}-labels-idx1-ubyte is missing beside ${images.path}; download the data set again.`, {
        notFound: true,
      });
    if (dataset === 'EMNIST') context.assume(`EMNIST is read from its part '${prefix}'`);
    return ok([images, labels]);
  }
  if (dataset === 'FashionMNIST') {
    const folder = join(context.bundled, 'FashionMNIST', 'raw');
    const images = await examine(join(folder, `${part}-images-idx3-ubyte.gz`), null);
    const labels = await examine(join(folder, `${part}-labels-idx1-ubyte.gz`), null);
    if (images && labels) {
      const count = train ? 'first 2,000 images' : 'first 400 test images';
      context.assume(`Fashion-MNIST is not under '${root}'; its ${count}, bundled, are used`);
      return ok([images, labels]);
    }
  }
  const wanted = `${root}/${dataset}/raw/${prefixes[0]}-images-idx3-ubyte`;
  return fault(
    `'${wanted}' is not there (nor packed as .gz). Looked in ${context.files.searched}. Download it once with torchvision (download=True), or pick its folder.`,
    {
      notFound: true,
      file: { path: wanted },
    },
  );
}

const emnistSplits = ['balanced', 'byclass', 'bymerge', 'letters', 'digits', 'mnist'];

function idxPaths(root: string, dataset: string, name: string): string[] {
  const folders = [join(root, dataset, 'raw'), join(root, 'raw'), root];
  return folders.flatMap((folder) => [join(folder, name), join(folder, `${name}.gz`)]);
}
