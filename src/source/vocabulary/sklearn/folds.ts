import { Arguments, type Call, type Handler } from '../../interpret/call';
import { axisSize, dataStep, partOf } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, none, numberValue, stringValue, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';
import { datasetOf } from '../rows/userDatasets';

type Form = 'folds' | 'byClass' | 'shuffled' | 'shuffledByClass';

/** A splitter of scikit-learn as a value: how it was made. */
const splitter =
  (form: Form, names: string): Handler =>
  (call) => {
    const a = new Arguments(call, names);
    const kept = ['n_splits', 'shuffle', 'random_state', 'test_size', 'train_size'].map((name): [string, Value] => [
      name,
      a.value(name) ?? none,
    ]);
    return {
      kind: 'namespace',
      entries: new Map<string, Value>([['__splitter', stringValue(form)], ...kept]),
      missing: '`%` of this splitter is not read',
      call,
    };
  };

const formOf = (value: NamespaceValue): Form | null => {
  const form = value.entries.get('__splitter');
  return form?.kind === 'string' ? (form.value as Form) : null;
};

/** The rows of what is split: the array itself, or one of a dataset. */
function rowsOf(value: Value | undefined, call: Call): DataArray | null {
  if (value?.kind === 'array') return value;
  return value ? (datasetOf(value, call)?.components[0] ?? null) : null;
}

/** `kfold.split(X, y)`: positions of the first fold, which stands for all of them. */
function split(value: NamespaceValue, call: Call): Value {
  const a = new Arguments(call, 'X y groups');
  const rows = rowsOf(a.value('X') ?? undefined, call);
  const form = formOf(value);
  if (!rows || !form) return unreadable('What is split into folds could not be read', call.range);
  const m = call.machine;
  const option = new Arguments({ ...call, positional: [], keywords: new Map(), range: value.call?.range ?? call.range }, '');
  const given = (name: string): Value => value.entries.get(name) ?? none;
  const numberOf = (name: string): number | null => {
    const v = given(name);
    if (v.kind === 'unknown') option.reject(name, `The value of \`${name}\` could not be read`);
    return v.kind === 'number' ? v.value : null;
  };
  const folds = numberOf('n_splits') ?? (form.startsWith('shuffled') ? 10 : 5);
  const seed = numberOf('random_state') ?? m.drawSeed('numpy');
  const shuffle = given('shuffle');
  const [testSize, trainSize] = [numberOf('test_size'), numberOf('train_size')];
  if (option.problems[0]) return { kind: 'unknown', reason: option.problems[0] };
  m.assume(`Of the ${folds} folds the first is read`, value.call?.range ?? call.range);
  const isByClass = form === 'byClass' || form === 'shuffledByClass';
  const classes = isByClass ? rowsOf(a.value('y') ?? undefined, call) : null;
  if (isByClass && !classes) return unreadable('The classes of these folds could not be read', call.range);
  if (form === 'shuffled' || form === 'shuffledByClass')
    return shuffledOnce(rows, classes, { testSize: testSize ?? (trainSize === null ? 0.1 : null), trainSize, seed }, call);
  const args = { folds, fold: 0, shuffle: shuffle.kind === 'boolean' && shuffle.value, seed };
  const whole = dataStep(m, 'foldRows', args, classes ? [rows, classes] : [rows], call.range, { flavour: 'numpy' });
  return onlyPair(whole, call);
}

interface Sizes {
  readonly testSize: number | null;
  readonly trainSize: number | null;
  readonly seed: number | null;
}

/** ShuffleSplit and StratifiedShuffleSplit: its first draw. */
function shuffledOnce(rows: DataArray, classes: DataArray | null, sizes: Sizes, call: Call): Value {
  const m = call.machine;
  const size = axisSize(m, rows, 0);
  const result = { shape: [size], integer: true };
  const positions = dataStep(m, 'arange', { start: 0, end: size, step: 1 }, [], call.range, result);
  const args = { ...sizes, shuffle: true, stratify: classes !== null };
  return onlyPair(dataStep(m, 'trainTestSplit', args, classes ? [positions, classes] : [positions], call.range), call);
}

function onlyPair(whole: DataArray, call: Call): Value {
  const pair = [0, 1].map((side) =>
    partOf(call.machine, whole, side, call.range, { flavour: 'numpy', shape: [null], integer: true, fault: whole.fault }),
  );
  return listValue([listValue(pair, 'tuple')]);
}

/** Methods of splitters. */
export const splitterMethods: MethodTable<NamespaceValue> = {
  split,
  get_n_splits: (value) => value.entries.get('n_splits') ?? numberValue(5, true),
};

/** True for a splitter of scikit-learn. */
export const isSplitter = (value: Value): boolean => value.kind === 'namespace' && formOf(value) !== null;

/** Folds and repeated splits of scikit-learn. */
export const foldTable: FunctionTable = {
  'sklearn.model_selection.KFold': splitter('folds', 'n_splits'),
  'sklearn.model_selection.StratifiedKFold': splitter('byClass', 'n_splits'),
  'sklearn.model_selection.ShuffleSplit': splitter('shuffled', 'n_splits'),
  'sklearn.model_selection.StratifiedShuffleSplit': splitter('shuffledByClass', 'n_splits'),
  'sklearn.model_selection.GroupKFold': (call) => unreadable('Folds by groups are not read', call.range),
  'sklearn.model_selection.GroupShuffleSplit': (call) => unreadable('A split by groups is not read', call.range),
  'sklearn.model_selection.TimeSeriesSplit': (call) => unreadable('Folds in the order of time are not read', call.range),
};
