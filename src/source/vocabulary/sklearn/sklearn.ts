import type { BundledTable } from '../../../records/dataSources';
import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, numbersOf, stringsOf, type Call, type Handler } from '../../interpret/call';
import { dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray, Encoder, Scaler } from '../../values/dataValues';
import { listValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { asTensor } from '../tables/tables';

/** Rows and columns of the tables that ship with the extension. */
const tables: Readonly<Record<BundledTable, readonly [rows: number, columns: number, classes: number]>> = {
  iris: [150, 4, 3],
  wine: [178, 13, 3],
  digits: [1797, 64, 10],
  breast_cancer: [569, 30, 2],
  diabetes: [442, 10, 0],
};

const loadTable =
  (table: BundledTable): Handler =>
  (call) => {
    const a = new Arguments(call, '');
    const [rows, columns, classes] = tables[table];
    const m = call.machine;
    if (a.given('n_class') || (a.given('scaled') && !a.boolean('scaled', true)))
      return unreadable('This form of the table is not read', call.range);
    const whole = dataStep(m, 'bundled', { table }, [], call.range);
    const framed = a.boolean('as_frame', false);
    const data = partOf(m, whole, 0, call.range, { flavour: framed ? 'frame' : 'numpy', shape: [rows, columns], integer: false });
    const target = partOf(m, whole, 1, call.range, { flavour: framed ? 'series' : 'numpy', shape: [rows], integer: classes > 0 });
    if (a.boolean('return_X_y', false)) return listValue([data, target], 'tuple');
    const names = Array.from({ length: classes }, (): Value => unknown);
    const entries = new Map<string, Value>([
      ['data', data],
      ['target', target],
      ['target_names', listValue(names)],
      ['feature_names', listValue(Array.from({ length: columns }, (): Value => unknown))],
    ]);
    // The rows and the target in one table; pandas has the target as the last column.
    if (framed) entries.set('frame', dataStep(m, 'assign', { column: 'target' }, [data, target], call.range, { shape: null }));
    if (table === 'digits')
      entries.set('images', dataStep(m, 'reshape', { shape: [-1, 8, 8] }, [data], call.range, { shape: [rows, 8, 8] }));
    return { kind: 'namespace', entries, missing: `\`%\` of load_${table} is not read` };
  };

const trainTestSplit: Handler = (call) => {
  const a = new Arguments({ ...call, positional: [] }, '');
  const arrays: DataArray[] = [];
  for (const { value, range } of call.positional) {
    if (value.kind !== 'array')
      return value.kind === 'unknown' && value.reason ? value : unreadable('What is split here could not be read', range);
    arrays.push(value);
  }
  const args = {
    testSize: a.optionalNumber('test_size'),
    trainSize: a.optionalNumber('train_size'),
    seed: a.given('random_state') ? a.number('random_state') : call.machine.drawSeed('numpy'),
    shuffle: a.boolean('shuffle', true),
    stratify: a.given('stratify'),
  };
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const stratifyBy = a.value('stratify');
  const inputs = args.stratify && stratifyBy?.kind === 'array' ? [...arrays, stratifyBy] : arrays;
  if (args.stratify && stratifyBy?.kind !== 'array')
    return unreadable('What the split is stratified by could not be read', a.range('stratify'));
  const split = dataStep(call.machine, 'trainTestSplit', args, inputs, call.range);
  const counts = rowCounts(arrays[0]?.shape?.[0] ?? null, args.testSize, args.trainSize);
  return listValue(
    arrays.flatMap((array, i) =>
      [0, 1].map((side) =>
        partOf(call.machine, split, 2 * i + side, call.range, {
          flavour: array.flavour,
          shape: array.shape ? [counts[side] ?? null, ...array.shape.slice(1)] : null,
          integer: array.integer,
          columns: array.columns,
          fault: array.fault,
        }),
      ),
    ),
    'tuple',
  );
};

/** `shuffle(X, y, random_state=0)`: rows of all arrays in one new order. */
const shuffled: Handler = (call) => {
  const a = new Arguments({ ...call, positional: [] }, '');
  const seed = a.given('random_state') ? a.number('random_state') : call.machine.drawSeed('numpy');
  const arrays = call.positional.flatMap(({ value }) => (value.kind === 'array' ? [value] : []));
  if (arrays.length < call.positional.length || arrays.length === 0 || a.given('n_samples') || a.problems.length > 0)
    return unreadable('What is shuffled here could not be read', call.range);
  const m = call.machine;
  const [first] = arrays;
  const size = first?.shape?.[0] ?? (first ? m.program.symbol(first.step, { kind: 'size', axis: 0 }) : 0);
  const order = dataStep(m, 'shuffledOrder', { size, seed }, [], call.range, { shape: [size], integer: true, flavour: 'numpy' });
  const mixed = arrays.map((array) =>
    dataStep(m, 'takeRows', {}, [array, order], call.range, { columns: array.columns, mask: array.mask }),
  );
  return mixed.length === 1 ? (mixed[0] ?? unknown) : listValue(mixed, 'list');
};

/** Rows of the two parts as scikit-learn rounds them, when the whole is known. */
function rowCounts(rows: unknown, testSize: number | null, trainSize: number | null): readonly (number | null)[] {
  if (typeof rows !== 'number' || trainSize !== null) return [null, null];
  const share = testSize ?? 0.25;
  const test = share < 1 ? Math.ceil(rows * share) : share;
  return [rows - test, test];
}

/** What makes a scaler of some kind. */
export const scaler =
  (kind: Scaler['scaler']): Handler =>
  (call) => {
    const a = new Arguments(call, kind === 'minMax' ? 'feature_range' : '');
    const between = a.value('feature_range');
    const [low, high] =
      between?.kind === 'list' ? between.items.map((v) => (v.kind === 'number' ? v.value : Number.NaN)) : [0, 1];
    if (Number.isNaN(low) || Number.isNaN(high)) return unreadable('The range of this scaler could not be read', call.range);
    return {
      kind: 'scaler',
      scaler: kind,
      withMean: a.boolean(kind === 'robust' ? 'with_centering' : 'with_mean', true),
      withStd: a.boolean(kind === 'robust' ? 'with_scaling' : 'with_std', true),
      low: low ?? 0,
      high: high ?? 1,
      fit: null,
    };
  };

function fit(s: Scaler, call: Call): DataArray | Value {
  const value = call.positional[0]?.value ?? call.keywords.get('X')?.value ?? unknown;
  if (value.kind !== 'array')
    return value.kind === 'unknown' && value.reason
      ? value
      : unreadable('What the scaler is fitted on could not be read', call.range);
  const rows = asTensor(value, call);
  const { scaler: name, withMean, withStd, low, high } = s;
  s.fit = dataStep(call.machine, 'fitScaler', { scaler: name, withMean, withStd, low, high }, [rows], call.range).step;
  return rows;
}

function apply(s: Scaler, value: Value, inverse: boolean, call: Call): Value {
  if (value.kind !== 'array')
    return value.kind === 'unknown' && value.reason ? value : unreadable('What is scaled here could not be read', call.range);
  if (s.fit === null) return unreadable('This scaler was not fitted before', call.range);
  const rows = asTensor(value, call);
  const fitted: DataArray = { ...rows, step: s.fit };
  return dataStep(call.machine, 'applyScaler', { inverse }, [fitted, rows], call.range, {
    flavour: 'numpy',
    shape: rows.shape,
    integer: false,
    loop: null,
  });
}

/** Methods of scalers. */
export const scalerMethods: MethodTable<Scaler> = {
  fit: (s, call) => {
    const rows = fit(s, call);
    return rows.kind === 'unknown' ? rows : s;
  },
  fit_transform: (s, call) => {
    const rows = fit(s, call);
    return rows.kind === 'array' ? apply(s, rows, false, call) : rows;
  },
  transform: (s, call) => apply(s, call.positional[0]?.value ?? unknown, false, call),
  inverse_transform: (s, call) => apply(s, call.positional[0]?.value ?? unknown, true, call),
};

function encode(e: Encoder, value: Value, call: Call): Value {
  if (value.kind !== 'array')
    return value.kind === 'unknown' && value.reason ? value : unreadable('What is encoded here could not be read', call.range);
  const m = call.machine;
  if (e.form === 'labels' || !e.settings) {
    const fitted = e.fitted && e.fitted.step !== value.step ? [e.fitted] : [];
    return dataStep(m, 'encodeLabels', { order: 'sorted' }, [...fitted, value], call.range, {
      integer: true,
      flavour: 'numpy',
      shape: value.shape,
    });
  }
  const { form, drop } = e.settings;
  const single = value.shape?.length === 1 || value.flavour === 'series' || value.shape?.[1] === 1;
  const isPlain = form === 'oneHot' && drop === null && single && e.fitted;
  const width = form === 'ordinal' ? (value.shape?.[1] ?? null) : null;
  const classes = isPlain && e.fitted ? m.program.symbol(e.fitted.step, { kind: 'unique' }) : width;
  return dataStep(m, 'encodeCategories', e.settings, [e.fitted ?? value, value], call.range, {
    flavour: 'numpy',
    shape: [value.shape?.[0] ?? null, classes],
    integer: false,
    mask: false,
    columns: null,
  });
}

/** Methods of label encoders: other rows are encoded by the classes that were there when it was fitted. */
export const encoderMethods: MethodTable<Encoder> = {
  fit: (e, call) => {
    const value = call.positional[0]?.value;
    e.fitted = value?.kind === 'array' ? value : null;
    return e;
  },
  fit_transform: (e, call) => {
    const value = call.positional[0]?.value ?? unknown;
    e.fitted = value.kind === 'array' ? value : null;
    return encode(e, value, call);
  },
  transform: (e, call) => {
    const value = call.positional[0]?.value ?? unknown;
    return e.fitted ? encode(e, value, call) : unreadable('What this encoder was fitted on could not be read', call.range);
  },
};

const labelEncoder: Handler = () => ({ kind: 'encoder', form: 'labels', settings: null, fitted: null });

/** The categories of each column, written out; null for those that the data have. */
function givenCategories(a: Arguments): DataSteps['encodeCategories']['categories'] {
  const value = a.value('categories');
  if (!a.given('categories') || (value?.kind === 'string' && value.value === 'auto')) return null;
  const lists = value?.kind === 'list' ? value.items.map((item) => stringsOf(item) ?? numbersOf(item)) : [null];
  if (lists.includes(null)) a.reject('categories', 'These categories could not be read');
  return lists.map((list) => list ?? []);
}

const columnEncoder =
  (form: DataSteps['encodeCategories']['form']): Handler =>
  (call) => {
    const a = new Arguments(call, form === 'binarize' ? '' : 'categories');
    const drop = a.given('drop') ? a.string('drop', '') : null;
    const unknown = a.string('handle_unknown', 'error');
    const isIgnored = form === 'binarize' || unknown === 'ignore';
    const settings = {
      form,
      drop: drop === 'first' ? 'first' : drop === 'if_binary' ? 'ifBinary' : null,
      unknown: unknown === 'use_encoded_value' ? a.number('unknown_value') : isIgnored ? 'ignore' : 'error',
      categories: givenCategories(a),
    } as const;
    const isRead = ['error', 'ignore', 'use_encoded_value'].includes(unknown) && (drop === null || settings.drop !== null);
    a.rejectOthers('drop handle_unknown unknown_value sparse sparse_output dtype n_values');
    if (!isRead || a.problems.length > 0)
      return a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : unreadable('This encoding is not read', call.range);
    return { kind: 'encoder', form: 'columns', settings, fitted: null };
  };

const names = Object.keys(tables) as BundledTable[];

/** scikit-learn: tables, splits, scalers, encoders. */
export const sklearnTable: FunctionTable = {
  ...Object.fromEntries(names.map((name) => [`sklearn.datasets.load_${name}`, loadTable(name)])),
  'sklearn.model_selection.train_test_split': trainTestSplit,
  'sklearn.preprocessing.StandardScaler': scaler('standard'),
  'sklearn.preprocessing.MinMaxScaler': scaler('minMax'),
  'sklearn.preprocessing.RobustScaler': scaler('robust'),
  'sklearn.preprocessing.MaxAbsScaler': scaler('maxAbs'),
  'sklearn.preprocessing.Normalizer': scaler('l2Rows'),
  'sklearn.preprocessing.LabelEncoder': labelEncoder,
  'sklearn.preprocessing.OneHotEncoder': columnEncoder('oneHot'),
  'sklearn.preprocessing.OrdinalEncoder': columnEncoder('ordinal'),
  'sklearn.preprocessing.LabelBinarizer': columnEncoder('binarize'),
  'sklearn.utils.shuffle': shuffled,
  'sklearn.preprocessing.normalize': (call) => {
    const [given, norm, ...more] = call.positional;
    const name = norm?.value ?? call.keywords.get('norm')?.value;
    const others = [...call.keywords.keys()].some((key) => key !== 'norm' && key !== 'X');
    if (more.length > 0 || others || (name && !(name.kind === 'string' && name.value === 'l2')))
      return unreadable('This norm is not read', call.range);
    const rows: Scaler = { kind: 'scaler', scaler: 'l2Rows', withMean: true, withStd: true, low: 0, high: 1, fit: null };
    return scale(rows, { ...call, positional: given ? [given] : [] });
  },
  'sklearn.preprocessing.scale': (call) => {
    const s: Scaler = { kind: 'scaler', scaler: 'standard', withMean: true, withStd: true, low: 0, high: 1, fit: null };
    const [given] = call.positional;
    // Unlike the scalers it takes a single column without the axis of columns, and gives it back so.
    const isVector = given?.value.kind === 'array' && given.value.shape?.length === 1;
    if (given?.value.kind === 'array' && isVector) {
      const rows = asTensor(given.value, call);
      const column = reshaped(call, rows, [-1, 1], [...(rows.shape ?? []), 1]);
      const scaled = scale(s, { ...call, positional: [{ ...given, value: column }, ...call.positional.slice(1)] });
      return scaled.kind === 'array' ? reshaped(call, scaled, [-1], rows.shape) : scaled;
    }
    return scale(s, call);
  },
};

function scale(s: Scaler, call: Call): Value {
  const rows = fit(s, call);
  return rows.kind === 'array' ? apply(s, rows, false, call) : rows;
}

const reshaped = (call: Call, rows: DataArray, axes: readonly number[], shape: DataArray['shape']): DataArray =>
  dataStep(call.machine, 'reshape', { shape: axes }, [rows], call.range, { flavour: 'numpy', shape, integer: false, loop: null });
