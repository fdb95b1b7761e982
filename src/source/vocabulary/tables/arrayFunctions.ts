import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, numbersOf, stringsOf, type Call, type Handler } from '../../interpret/call';
import { asChoice } from '../../interpret/elementwise';
import { broadcastShapes } from '../../interpret/shapes';
import { compareWith, dataStep, jointInteger, tensorBinary } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, numberValue, unknown, unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { madeOf } from '../tensors/torchTensors';
import { clip, quantileOf } from './tableChanges';

/** NumPy's functions of single entries, by the name that the data step has. */
const ofEntries: Readonly<Record<string, DataSteps['unary']['function']>> = {
  log2: 'log2',
  log10: 'log10',
  expm1: 'expm1',
  cbrt: 'cbrt',
  tan: 'tan',
  arcsin: 'arcsin',
  arccos: 'arccos',
  arctan: 'arctan',
  radians: 'radians',
  deg2rad: 'radians',
  degrees: 'degrees',
  rad2deg: 'degrees',
  ceil: 'ceil',
};

/** What a function of NumPy makes of rows of data; null for other values, which it has another meaning for. */
export function entriesChanged(name: string, call: Call): Value | null {
  const [x] = call.positional;
  const made = ofEntries[name];
  if (!made || x?.value.kind !== 'array' || call.positional.length + call.keywords.size > 1) return null;
  return dataStep(call.machine, 'unary', { function: made }, [x.value], call.range, { integer: false, columns: x.value.columns });
}

/** Names of functions that `entriesChanged` knows. */
export const entryFunctionNames: readonly string[] = Object.keys(ofEntries);

/** `np.select([a > 1, a > 2], [x, y], default=z)`: of several conditions the first that holds decides. */
const select: Handler = (call) => {
  const a = new Arguments(call, 'condlist choicelist default');
  const [conditions, choices] = [a.value('condlist'), a.value('choicelist')];
  const why = unreadable('These choices could not be read', call.range);
  if (conditions?.kind !== 'list' || choices?.kind !== 'list' || conditions.items.length !== choices.items.length) return why;
  const [one = unknown] = conditions.items;
  let made = asChoice(call.machine, a.value('default') ?? numberValue(0, true), one, call.range);
  for (const [i, condition] of [...conditions.items.entries()].reverse()) {
    const choice = asChoice(call.machine, choices.items[i] ?? numberValue(0, true), condition, call.range);
    if (condition.kind !== 'array' || !condition.mask || !choice || !made) return why;
    made = dataStep(call.machine, 'where', {}, [condition, choice, made], call.range, {
      mask: false,
      flavour: 'numpy',
      integer: jointInteger([choice, made]),
      shape: broadcastShapes(condition.shape, broadcastShapes(choice.shape, made.shape)),
      columns: null,
    });
  }
  return made ?? why;
};

/** `np.linalg.norm(x, axis=1)`: the Euclidean length along an axis, or of all entries. */
export function lengthAlong(x: DataArray, call: Call): Value {
  const a = new Arguments(call, 'x ord axis keepdims');
  const order = a.value('ord');
  const isPlain = !order || order.kind === 'none' || (order.kind === 'number' && order.value === 2 && a.given('axis'));
  const axis = a.given('axis') ? a.number('axis') : null;
  const keep = a.boolean('keepdims', false);
  if (!isPlain || a.problems.length > 0) return unreadable('This norm is not read', call.range);
  const m = call.machine;
  const squares = dataStep(m, 'unary', { function: 'square' }, [x], call.range, { flavour: 'numpy' });
  const rank = x.shape?.length ?? null;
  const at = axis === null || rank === null ? axis : axis < 0 ? axis + rank : axis;
  const shape =
    at === null && axis === null && !keep
      ? []
      : x.shape && at !== null
        ? x.shape.flatMap((size, i) => (i !== at ? [size] : keep ? [1] : []))
        : null;
  const args = { function: 'sum', axis, keep, correction: 0 } as const;
  const sum = dataStep(m, 'reduce', args, [squares], call.range, { shape, integer: false });
  return dataStep(m, 'unary', { function: 'sqrt' }, [sum], call.range, { integer: false });
}

const boundNames: Readonly<Record<string, string>> = { a_min: 'lower', a_max: 'upper', min: 'lower', max: 'upper' };

/** Whether `np.clip` is given numbers of the data as bounds. */
export const hasBounds = (call: Call): boolean =>
  [...call.positional.slice(1), ...call.keywords.values()].some(({ value }) => value.kind === 'array');

/** `np.clip(x, low, high)` between numbers that the data decide. */
export function clipBetween(x: DataArray, call: Call): Value {
  const keywords = new Map([...call.keywords].map(([name, given]) => [boundNames[name] ?? name, given]));
  return clip(x, { ...call, positional: call.positional.slice(1), keywords });
}

/** `np.digitize(x, bins)`: how many of the rising edges lie at or below an entry; what is missing lies above all. */
const digitize: Handler = (call) => {
  const a = new Arguments(call, 'x bins right');
  const [x, bins] = [a.value('x'), a.value('bins')];
  const edges = bins?.kind === 'list' ? numbersOf(bins) : null;
  const rises = edges?.every((edge, i) => i === 0 || edge > (edges[i - 1] as number));
  const right = a.boolean('right', false);
  a.rejectOthers();
  if (x?.kind !== 'array' || !edges?.length || !rises || a.problems.length > 0)
    return unreadable('These edges could not be read', call.range);
  let made: Value = numberValue(edges.length, true);
  for (const edge of edges)
    made = tensorBinary(call.machine, '-', made, compareWith(call.machine, right ? '<=' : '<', x, edge, call.range), call.range);
  return made.kind === 'array' ? { ...made, mask: false, integer: true, columns: null } : made;
};

/** `np.isin(y, [1, 4])`. */
const isIn: Handler = (call) => {
  const a = new Arguments(call, 'element test_elements');
  const [x, tests] = [a.value('element'), a.value('test_elements')];
  const values = tests?.kind === 'list' ? (stringsOf(tests) ?? numbersOf(tests)) : null;
  a.rejectOthers();
  return x?.kind === 'array' && values && a.problems.length === 0
    ? dataStep(call.machine, 'isIn', { values }, [x], call.range, { mask: true, integer: true })
    : unreadable('These values could not be read', call.range);
};

/** `np.percentile(x, 25)` and `np.quantile(x, [0.25, 0.75])` of all entries. */
const quantiles =
  (share: number): Handler =>
  (call) => {
    const a = new Arguments(call, 'a q');
    a.rejectOthers();
    const [given, q] = [a.value('a'), a.value('q')];
    const x = given?.kind === 'list' ? madeOf(given, null, 'numpy', call) : given;
    const several = q?.kind === 'list' ? numbersOf(q) : null;
    // A table gives one number of all its columns here.
    const rows = x?.kind === 'array' && x.flavour !== 'frame' ? x : null;
    if (!rows || a.problems.length > 0 || (!several && q?.kind !== 'number'))
      return unreadable('This quantile could not be read', call.range);
    const one = (value: number): Value => quantileOf({ ...rows, flavour: 'numpy' }, value * share, call);
    return several ? listValue(several.map(one)) : one(a.number('q'));
  };

/** `scipy.stats.zscore(x)`: distance from the mean of the column in deviations (of n). */
const zScore: Handler = (call) => {
  const a = new Arguments(call, 'a axis ddof');
  const x = a.value('a');
  const [axis, correction] = [a.number('axis', 0), a.number('ddof', 0)];
  a.rejectOthers('nan_policy');
  const isPropagated = a.string('nan_policy', 'propagate') === 'propagate';
  if (x?.kind !== 'array' || axis !== 0 || !isPropagated || a.problems.length > 0)
    return unreadable('These distances from the mean are not read', call.range);
  const m = call.machine;
  const isTable = x.flavour === 'frame' || x.flavour === 'series';
  const rows = isTable ? dataStep(m, 'toTensor', {}, [x], call.range, { flavour: 'numpy' }) : x;
  const ofColumns = (name: 'mean' | 'std'): DataArray =>
    dataStep(m, 'reduce', { function: name, axis: 0, keep: false, correction }, [rows], call.range, {
      shape: rows.shape ? rows.shape.slice(1) : null,
      integer: false,
    });
  return tensorBinary(m, '/', tensorBinary(m, '-', rows, ofColumns('mean'), call.range), ofColumns('std'), call.range);
};

/** Functions of NumPy and SciPy on arrays of data. */
export const arrayFunctions: FunctionTable = {
  'numpy.digitize': digitize,
  'numpy.isin': isIn,
  'numpy.in1d': isIn,
  'numpy.select': select,
  'numpy.percentile': quantiles(0.01),
  'numpy.quantile': quantiles(1),
  'scipy.stats.zscore': zScore,
};
