import { combineSizes } from '../../../graph/size';
import type { DataStep } from '../../../records/dataSteps';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { axisSize, dataStep, partOf } from '../../interpret/tensors';
import { byDefault } from '../../values/origin';
import type { Array as DataArray, Dataset, Loader } from '../../values/dataValues';
import { listValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { countLeftOut } from './noise';
import { withoutChanges } from './pictures';
import { partOfRows, shuffledRows } from './streamRows';

const flat = (value: Value): Value[] => (value.kind === 'list' ? value.items.flatMap(flat) : [value]);

const fromSlices: Handler = (call) => {
  const value = new Arguments(call, 'tensors').value('tensors') ?? unknown;
  const items = flat(value);
  const components = items.flatMap((item) => (item.kind === 'array' ? [item] : []));
  if (components.length === 0 || components.length !== items.length) {
    const bad = items.find((item) => item.kind === 'unknown' && item.reason !== null);
    return bad ?? unreadable('The tensors of this data set could not be read', call.range);
  }
  return { kind: 'dataset', components, range: call.range, bare: value.kind === 'array', attributes: new Map(), streamed: {} };
};

function mapped(set: Dataset, call: Call): Value {
  const callee = new Arguments(call, 'map_func').value('map_func') ?? unknown;
  const changes = countLeftOut(call.machine);
  const rows = set.components.map((component): DataArray => ({ ...component, row: true }));
  const positional = rows.map((value) => ({ value, range: call.range }));
  const made = callValue(call.machine, callee, { ...call, positional, keywords: new Map(), unclear: null });
  const items = flat(made);
  const components = items.flatMap((item) => (item.kind === 'array' && item.row ? [{ ...item, row: false }] : []));
  if (components.length === 0 || components.length !== items.length) {
    const bad = items.find((item) => item.kind === 'unknown' && item.reason !== null);
    return bad ?? unreadable('What this function makes of a row could not be read', call.range);
  }
  const whole: Dataset = { ...set, components, bare: made.kind === 'array' };
  return countLeftOut(call.machine) > changes ? withoutChanges(whole) : whole;
}

function batched(set: Dataset, call: Call): Value {
  const a = new Arguments(call, 'batch_size drop_remainder');
  const size = a.size('batch_size');
  const full = typeof size === 'object';
  const batchSize = full ? byDefault(0, call.name) : a.sourcedNumber('batch_size');
  const dropLast = a.boolean('drop_remainder', false);
  const problem = a.problems[0];
  if (problem) return { kind: 'unknown', reason: problem };
  const loader: Loader = {
    kind: 'loader',
    dataset: set,
    batchSize,
    full,
    shuffle: set.streamed?.shuffle ?? byDefault(false, call.name),
    replacement: false,
    dropLast,
    range: call.range,
  };
  return loader;
}

/** Marks rows without end: only `fit` with `steps_per_epoch` says how many make an epoch. */
const endlessMark = '__endless';

/** True for batches that are repeated without end. */
export const isRepeated = (loader: Loader): boolean => loader.dataset.attributes.has(endlessMark);

const endless = (set: Dataset): Dataset['attributes'] => new Map([...set.attributes, [endlessMark, unknown] as const]);

const isEndless = (call: Call): boolean => {
  const count = call.positional[0]?.value ?? call.keywords.get('count')?.value;
  return count === undefined || count.kind === 'none' || (count.kind === 'number' && count.value === -1);
};

const notRepeated = (call: Call): Value =>
  unreadable('Rows that are repeated a number of times inside an epoch are not read', call.range);

interface Window {
  readonly length: number;
  readonly shift: number;
}

const windows = new WeakMap<Dataset, Window>();

/** `window(size, shift=1, drop_remainder=True)`: windows that are data sets until `flat_map` joins them. */
function windowed(set: Dataset, call: Call): Value {
  const a = new Arguments(call, 'size shift stride drop_remainder');
  const length = a.number('size');
  const window = { length, shift: a.number('shift', length) };
  if (a.given('stride') && a.number('stride') !== 1) a.reject('stride', '`stride` is not followed');
  if (!a.boolean('drop_remainder', false)) a.reject('drop_remainder', 'Shorter windows at the end are not read');
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  if (set.streamed?.shuffle) return unreadable('Windows over mixed rows are not read', call.range);
  const made: Dataset = { ...set };
  windows.set(made, window);
  return made;
}

/** `flat_map(lambda window: window.batch(size))`: each window becomes one row. */
function joinedWindows(set: Dataset, call: Call): Value {
  const window = windows.get(set);
  const m = call.machine;
  const callee = call.positional[0]?.value ?? call.keywords.get('map_func')?.value ?? unknown;
  const [first] = set.components;
  if (!window || !first || set.components.length !== 1) return unreadable('These rows could not be joined', call.range);
  const made = callValue(m, callee, {
    ...call,
    positional: [{ value: set, range: call.range }],
    keywords: new Map(),
    unclear: null,
  });
  if (made.kind !== 'loader' || made.dataset !== set || made.full || made.batchSize.value !== window.length)
    return unreadable('What becomes of a window could not be read', call.range);
  const { length, shift } = window;
  const rows = axisSize(m, first, 0);
  const places = combineSizes('-', rows, length - 1);
  const count = shift === 1 ? places : combineSizes('//', combineSizes('+', places, shift - 1), shift);
  const args = { length, first: 0, stride: shift, count };
  const shape = first.shape ? [typeof count === 'number' ? count : null, length, ...first.shape.slice(1)] : null;
  return { ...set, components: [dataStep(m, 'windows', args, [first], call.range, { shape })] };
}

/** Steps that mean the same for a batch as for its rows. */
const rowwise: ReadonlySet<string> = new Set([
  'literal',
  'cast',
  'add',
  'subtract',
  'multiply',
  'divide',
  'unary',
  'power',
  'oneHot',
  'select',
  'toTensor',
  // Fitted on rows that `adapt` was given.
  'fitScaler',
  'applyScaler',
  'changeText',
  'textPart',
  'wordNumbers',
  'wordMatrix',
  'vocabularyIndex',
  'multiHot',
]);

/** A step that means the same for a batch as for its rows. */
const isRowwise = (step: DataStep): boolean =>
  rowwise.has(step.kind) || (step.kind === 'unsqueeze' && (step.arguments.axis > 0 || step.arguments.axis === -1));

/** `map` behind `batch`: what changes single numbers can be done before. */
function mappedBatches(loader: Loader, call: Call): Value {
  const m = call.machine;
  const before = m.program.steps.length;
  const changes = countLeftOut(m);
  const callee = new Arguments(call, 'map_func').value('map_func') ?? unknown;
  const positional = loader.dataset.components.map((value) => ({ value, range: call.range }));
  const made = callValue(m, callee, { ...call, positional, keywords: new Map(), unclear: null });
  const components = flat(made).flatMap((item) => (item.kind === 'array' ? [item] : []));
  const steps = m.program.steps.slice(before);
  const whole = components.length === flat(made).length && components.length > 0;
  if (!whole || !steps.every(isRowwise)) {
    const bad = flat(made).find((item) => item.kind === 'unknown' && item.reason !== null);
    return bad ?? unreadable('Changes of whole batches are not read', call.range);
  }
  const set: Dataset = { ...loader.dataset, components };
  return { ...loader, dataset: countLeftOut(m) > changes ? withoutChanges(set) : set };
}

/** Methods of tf.data.Dataset before rows are put into batches. */
export const streamMethods: MethodTable<Dataset> = {
  shuffle: shuffledRows,
  batch: batched,
  map: mapped,
  take: (set, call) => partOfRows(set, call, true),
  skip: (set, call) => partOfRows(set, call, false),
  cache: (set) => set,
  prefetch: (set) => set,
  with_options: (set) => set,
  repeat: (set, call) => (isEndless(call) ? { ...set, attributes: endless(set) } : notRepeated(call)),
  window: (set, call) => windowed(set, call),
  flat_map: (set, call) => joinedWindows(set, call),
};

/** The same behind `batch`. */
export const batchStreamMethods: MethodTable<Loader> = {
  cache: (loader) => loader,
  prefetch: (loader) => loader,
  with_options: (loader) => loader,
  // Rows that are mixed anew in each epoch stay so when their batches are mixed too.
  shuffle: (loader, call) => (loader.shuffle.value ? loader : unreadable('Mixing whole batches is not read', call.range)),
  repeat: (loader, call) =>
    isEndless(call) ? { ...loader, dataset: { ...loader.dataset, attributes: endless(loader.dataset) } } : notRepeated(call),
  map: mappedBatches,
};

/** The project's own copy of a Keras archive: arrays of an npz file. */
const archive =
  (file: string): Handler =>
  (call) => {
    const path = new Arguments(call, 'path').string('path', file);
    const array = (key: string, picture: boolean): DataArray => {
      const m = call.machine;
      const step = m.program.add('readNpz', { path, key }, [], call.range);
      return {
        kind: 'array',
        step,
        flavour: 'numpy',
        shape: picture ? [null, 28, 28] : [null],
        integer: true,
        columns: null,
        range: call.range,
        loop: null,
        mask: false,
        row: false,
        fault: null,
      };
    };
    const pair = (part: string): Value => listValue([array(`x_${part}`, true), array(`y_${part}`, false)], 'tuple');
    return listValue([pair('train'), pair('test')], 'tuple');
  };

/** Fashion-MNIST in the idx files that lie in the project. */
const fashion: Handler = (call) => {
  const m = call.machine;
  const side = (train: boolean): Value => {
    const step = m.program.add('readIdx', { root: 'data', dataset: 'FashionMNIST', train }, [], call.range);
    const base = { kind: 'array', flavour: 'numpy', integer: true, columns: null, range: call.range, loop: null } as const;
    const piece = (index: number, shape: DataArray['shape']): DataArray => ({
      ...base,
      step: m.program.add('part', { index }, [step], call.range),
      shape,
      mask: false,
      row: false,
      fault: null,
    });
    return listValue([piece(0, [null, 28, 28]), piece(1, [null])], 'tuple');
  };
  m.assume('Fashion-MNIST is looked for in idx files of the project, since nothing is downloaded', call.range);
  return listValue([side(true), side(false)], 'tuple');
};

/** CIFAR in the batches that torchvision and Keras unpack alike; labels are a column. */
const cifar =
  (classes: 10 | 100): Handler =>
  (call) => {
    const m = call.machine;
    const side = (train: boolean): Value => {
      const whole = dataStep(m, 'readCifar', { root: 'data', classes, train }, [], call.range, { flavour: 'numpy' });
      const pictures = partOf(m, whole, 0, call.range, { shape: [null, 32, 32, 3], integer: true });
      const labels = partOf(m, whole, 1, call.range, { shape: [null], integer: true });
      const column = dataStep(m, 'unsqueeze', { axis: 1 }, [labels], call.range, { shape: [null, 1] });
      return listValue([pictures, column], 'tuple');
    };
    m.assume('CIFAR is looked for in its unpacked batches below `data`, since nothing is downloaded', call.range);
    return listValue([side(true), side(false)], 'tuple');
  };

const categories: Handler = (call) => {
  const a = new Arguments(call, 'x num_classes');
  const given = a.value('x') ?? a.value('y');
  if (given?.kind !== 'array') return given ?? unknown;
  const classes = a.given('num_classes') ? a.size('num_classes') : null;
  // An axis of one entry at the end goes away: a column of numbers is as good as a row of them.
  const count = given.shape?.[0] ?? null;
  const isColumn = given.shape?.length === 2 && given.shape[1] === 1;
  const value = isColumn ? dataStep(call.machine, 'reshape', { shape: [-1] }, [given], call.range, { shape: [count] }) : given;
  return dataStep(call.machine, 'oneHot', { classes }, [value], call.range, {
    shape: [count, classes],
    integer: false,
    flavour: 'numpy',
  });
};

/** tf.data, keras.datasets and keras.utils as far as they make rows. */
export const kerasDataTable: FunctionTable = {
  'tensorflow.data.Dataset.from_tensor_slices': fromSlices,
  'tensorflow.data.AUTOTUNE': () => unknown,
  'keras.utils.get_file': (call) => {
    const name = new Arguments(call, 'fname origin').value('fname');
    if (name?.kind !== 'string') return unreadable('The name of this file could not be read', call.range);
    call.machine.assume(`${name.value} is looked for in the project, since nothing is downloaded`, call.range);
    return name;
  },
  'keras.utils.to_categorical': categories,
  'keras.utils.np_utils.to_categorical': categories,
  'keras.datasets.mnist.load_data': archive('mnist.npz'),
  'keras.datasets.fashion_mnist.load_data': fashion,
  'keras.datasets.cifar10.load_data': cifar(10),
  'keras.datasets.cifar100.load_data': cifar(100),
};
