import { Arguments, type Call, type Handler } from '../../interpret/call';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** One array of an archive of Keras that lies in the project. */
function arrayOf(call: Call, path: string, key: string, result: Partial<Omit<DataArray, 'kind' | 'step'>>): DataArray {
  return dataStep(call.machine, 'readNpz', { path, key }, [], call.range, { flavour: 'numpy', ...result });
}

const sought = (call: Call, path: string): void =>
  call.machine.assume(`${path} is looked for in the project, since nothing is downloaded`, call.range);

/** Numbers in `x` and `y`, divided by `load_data` itself: `rows` are those of the whole table. */
const table =
  (file: string, rows: number, columns: number): Handler =>
  (call) => {
    const a = new Arguments(call, 'path test_split seed');
    const path = a.string('path', file);
    const share = a.number('test_split', 0.2);
    const seed = a.number('seed', 113);
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    sought(call, path);
    const x = arrayOf(call, path, 'x', { shape: [rows, columns], integer: false });
    const y = arrayOf(call, path, 'y', { shape: [rows], integer: false });
    const args = { testSize: share, trainSize: null, seed, shuffle: true, stratify: false };
    const split = dataStep(call.machine, 'trainTestSplit', args, [x, y], call.range);
    const train = Math.floor(rows * (1 - share));
    const side = (i: number): Value => {
      const count = i === 0 ? train : rows - train;
      const shaped = { flavour: 'numpy', integer: false } as const;
      const part = (index: number, shape: readonly number[]): Value =>
        partOf(call.machine, split, index, call.range, { ...shaped, shape });
      return listValue([part(i, [count, columns]), part(2 + i, [count])], 'tuple');
    };
    return listValue([side(0), side(1)], 'tuple');
  };

/** Texts as lists of word numbers, with their labels: training rows, then test rows. */
const wordLists =
  (file: string, counts: readonly [number, number]): Handler =>
  (call) => {
    const a = new Arguments(call, 'path num_words skip_top maxlen');
    const path = a.string('path', file);
    if (a.given('maxlen')) a.reject('maxlen', '`maxlen` leaves longer texts out, which is not followed');
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    sought(call, path);
    const side = (name: string, count: number): Value =>
      listValue(
        [
          arrayOf(call, path, `x_${name}`, { shape: [count], integer: true, ragged: true }),
          arrayOf(call, path, `y_${name}`, { shape: [count], integer: true }),
        ],
        'tuple',
      );
    return listValue([side('train', counts[0]), side('test', counts[1])], 'tuple');
  };

/** Data sets of Keras that are archives of arrays. */
export const kerasArchiveTable: FunctionTable = {
  'keras.datasets.boston_housing.load_data': table('boston_housing.npz', 506, 13),
  'keras.datasets.imdb.load_data': wordLists('imdb.npz', [25_000, 25_000]),
  'keras.datasets.reuters.load_data': wordLists('reuters.npz', [8_982, 2_246]),
  'keras.datasets.california_housing.load_data': (call) => {
    const keywords = new Map([...call.keywords].filter(([name]) => name !== 'version'));
    const version = call.keywords.get('version')?.value;
    const small = version?.kind === 'string' && version.value === 'small';
    return table('california_housing.npz', small ? 600 : 20_640, 8)({ ...call, positional: [], keywords });
  },
};
