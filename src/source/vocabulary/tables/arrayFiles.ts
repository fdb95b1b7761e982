import { Arguments, numbersOf, type Call, type Handler } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, none, unreadable, type Value } from '../../values/value';
import { numberType } from '../tensors/numberTypes';
import { permuted } from '../tensors/tensorShaping';

const failure = (text: string, call: Call): Value => unreadable(text, call.range);

/** `np.loadtxt` and `np.genfromtxt`, which reads gaps as missing. */
export const readText =
  (allowMissing: boolean): Handler =>
  (call) => {
    const a = new Arguments(
      call,
      allowMissing ? 'fname dtype comments delimiter skip_header' : 'fname dtype comments delimiter converters skiprows usecols',
    );
    const path = a.value('fname');
    if (path?.kind !== 'string')
      return path?.kind === 'unknown' && path.reason ? path : failure('The path of this file could not be read', call);
    const columns = a.given('usecols') ? numbersOf(a.value('usecols') ?? none) : null;
    for (const name of ['converters', 'names', 'skip_footer', 'filling_values', 'missing_values', 'encoding'])
      if (a.given(name) && a.value(name)?.kind !== 'none' && name !== 'encoding') a.reject(name, `\`${name}\` is not read here`);
    if (a.given('usecols') && !columns) a.reject('usecols', 'The columns could not be read');
    const limit = a.optionalNumber('max_rows');
    const args = {
      path: path.value,
      delimiter: a.given('delimiter') ? a.string('delimiter', ',') : null,
      skipRows: a.number(allowMissing ? 'skip_header' : 'skiprows', 0),
      comment: a.string('comments', '#'),
      columns,
      allowMissing,
    };
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    const result = { shape: null, integer: numberType(a.value('dtype')) === 'integer' };
    const whole = dataStep(call.machine, 'readText', args, [], call.range, result);
    const read =
      limit === null
        ? whole
        : dataStep(call.machine, 'slice', { axis: 0, start: 0, end: limit, step: 1 }, [whole], call.range, result);
    const unpack = a.value('unpack');
    return unpack?.kind === 'boolean' && unpack.value ? unpacked(read, columns, call) : read;
  };

/** `unpack=True`: the columns, one after the other where their number is known. */
function unpacked(read: DataArray, columns: readonly number[] | null, call: Call): Value {
  if (!columns) return permuted(read, null, call);
  return listValue(
    columns.map((_, at) => dataStep(call.machine, 'index', { axis: 1, at }, [read], call.range, { shape: [null] })),
    'tuple',
  );
}

/** `np.load`. */
export const load: Handler = (call) => {
  const path = call.positional[0]?.value ?? call.keywords.get('file')?.value;
  if (path?.kind !== 'string')
    return path?.kind === 'unknown' && path.reason ? path : failure('The path of this file could not be read', call);
  if (path.value.endsWith('.npz'))
    return { kind: 'namespace', entries: new Map<string, Value>([['__npz', path]]), missing: 'npz' };
  const made = dataStep(call.machine, 'readNpy', { path: path.value }, [], call.range, { shape: null });
  return withAxes(made, path.value, null, call);
};

/** The array with the axes that its file has: their sizes are the data's. */
function withAxes(array: DataArray, path: string, key: string | null, { machine: m }: Pick<Call, 'machine'>): DataArray {
  const header = m.project.tables?.array?.(path, key, m.mainPath) ?? null;
  if (!header) return array;
  const shape = Array.from({ length: header.axes }, (_, axis) => m.program.symbol(array.step, { kind: 'size', axis }));
  const known: DataArray = { ...array, shape, integer: header.integer };
  m.program.results.set(array.step, { ...known });
  return known;
}

/** The array `key` of an archive that `np.load` opened. */
export function npzItem(path: Value, key: string, call: Pick<Call, 'machine' | 'range'>): DataArray | null {
  if (path.kind !== 'string') return null;
  const made = dataStep(call.machine, 'readNpz', { path: path.value, key }, [], call.range, { flavour: 'numpy', shape: null });
  return withAxes(made, path.value, key, call);
}
