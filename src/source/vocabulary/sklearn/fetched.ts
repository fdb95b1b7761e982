import { plainCsv } from '../../../records/plainCsv';
import { Arguments, type Handler } from '../../interpret/call';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

/** Rows and targets as a pair, or as scikit-learn's object that holds them. */
function bunch(a: Arguments, data: DataArray, target: DataArray, what: string): Value {
  if (a.boolean('return_X_y', false)) return listValue([data, target], 'tuple');
  const features = listValue(Array.from({ length: Number(data.shape?.[1] ?? 0) }, (): Value => unknown));
  const entries = new Map<string, Value>([
    ['data', data],
    ['target', target],
    ['feature_names', features],
  ]);
  return { kind: 'namespace', entries, missing: `\`%\` of ${what} is not read` };
}

const california: Handler = (call) => {
  const a = new Arguments(call, '');
  const m = call.machine;
  const path = 'california_housing.csv';
  m.assume(`${path}, eight columns and MedHouseVal, is looked for in the project, since nothing is downloaded`, call.range);
  const whole = dataStep(m, 'readCsv', { ...plainCsv, path }, [], call.range, { flavour: 'frame', shape: [20_640, 9] });
  const framed = a.boolean('as_frame', false);
  const range = { columns: { kind: 'range', start: 0, end: 8, step: 1 }, single: false } as const;
  const last = { columns: { kind: 'keys', keys: [8] }, single: true } as const;
  const rows = dataStep(m, 'select', range, [whole], call.range, { flavour: 'frame', shape: [20_640, 8], integer: false });
  const column = dataStep(m, 'select', last, [whole], call.range, { flavour: 'series', shape: [20_640], integer: false });
  const plain = (array: DataArray): DataArray =>
    framed ? array : dataStep(m, 'toTensor', {}, [array], call.range, { flavour: 'numpy' });
  return bunch(a, plain(rows), plain(column), 'fetch_california_housing');
};

/** The Boston table under the name of Keras's copy of it. */
const boston: Handler = (call) => {
  const a = new Arguments(call, '');
  const path = 'boston_housing.npz';
  call.machine.assume(`${path} is looked for in the project, since nothing is downloaded`, call.range);
  const array = (key: string, shape: readonly number[]): DataArray =>
    dataStep(call.machine, 'readNpz', { path, key }, [], call.range, { flavour: 'numpy', shape, integer: false });
  return bunch(a, array('x', [506, 13]), array('y', [506]), 'load_boston');
};

/** MNIST as OpenML has it: 70,000 rows of 784 pixels, the training rows first. */
const openml: Handler = (call) => {
  const a = new Arguments(call, 'name');
  if (a.string('name', '') !== 'mnist_784') return unreadable('This table of OpenML is downloaded and is not read', call.range);
  const m = call.machine;
  m.assume('MNIST is looked for in idx files of the project, since nothing is downloaded', call.range);
  const sides = [true, false].map((train) => {
    const step = dataStep(m, 'readIdx', { root: 'data', dataset: 'MNIST', train }, [], call.range, { flavour: 'numpy' });
    return [0, 1].map((i) => partOf(m, step, i, call.range, { shape: i === 0 ? [null, 28, 28] : [null], integer: true }));
  });
  const both = (i: number): DataArray =>
    dataStep(
      m,
      'concatenate',
      { axis: 0 },
      sides.flatMap((side) => side[i] ?? []),
      call.range,
      {
        shape: i === 0 ? [70_000, 28, 28] : [70_000],
      },
    );
  const rows = dataStep(m, 'reshape', { shape: [70_000, 784] }, [both(0)], call.range, { shape: [70_000, 784] });
  return bunch(a, rows, both(1), 'this table');
};

/** Tables that scikit-learn downloads, as copies in the project. */
export const fetchedTable: FunctionTable = {
  'sklearn.datasets.fetch_california_housing': california,
  'sklearn.datasets.load_boston': boston,
  'sklearn.datasets.fetch_openml': openml,
};
