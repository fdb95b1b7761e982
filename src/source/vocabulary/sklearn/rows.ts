import type { Size } from '../../../graph/size';
import type { DataSteps, ScalerName } from '../../../records/dataSteps';
import { Arguments, numbersOf, plainCall, stringsOf, type Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import type { Machine } from '../../interpret/machine';
import { subscriptOf } from '../../interpret/subscripts';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { listValue, stringValue, unknown, unreadable, type NamespaceValue, type Value } from '../../values/value';
import { columnsMade, columnTransformTable } from './columnTransforms';
import { encoderMethods, scaler, scalerMethods } from './sklearn';
import { typedColumns } from '../tables/tableColumns';
import { asTensor } from '../tables/tables';
import { isTextVectorizer, textsCounted } from './textVectorizers';
import type { FunctionTable, MethodTable } from '../functionTable';

/** Rows that a step is fitted on, and others that go the same way; null for none. */
interface Flow {
  readonly fitted: DataArray;
  readonly others: DataArray | null;
  /** The labels of the rows that it is fitted on, where they are known. */
  readonly labels?: DataArray | null;
}

/** What a step of a pipeline makes of rows that it is fitted on. */
export function transformed(step: Value, rows: Value, call: Call, labels: Value | null = null): Value {
  if (rows.kind !== 'array') return rows;
  const flow = through(step, { fitted: rows, others: null, labels: labels?.kind === 'array' ? labels : null }, call);
  return 'kind' in flow ? flow : flow.fitted;
}

/** The same of rows of two kinds at once; a value says why it is not read. */
function through(step: Value, flow: Flow, call: Call): Flow | Value {
  if (step.kind === 'none' || (step.kind === 'string' && step.value === 'passthrough')) return flow;
  if (step.kind === 'scaler' && flow.fitted.flavour === 'frame' && fillers[step.scaler])
    return filled({ value: null, statistic: fillers[step.scaler] ?? null }, flow, call);
  // Each pipeline fits its own copy.
  if (step.kind === 'scaler') return byMethods(scalerMethods, { ...step, fit: null }, flow, call);
  if (step.kind === 'encoder' && step.form === 'columns') return byMethods(encoderMethods, { ...step, fitted: null }, flow, call);
  if (step.kind === 'namespace') return throughOwn(step, flow, call);
  return step.kind === 'unknown' && step.reason ? step : unreadable('A step of this pipeline is not read', call.range);
}

/** A step of this file. */
function throughOwn(step: NamespaceValue, flow: Flow, call: Call): Flow | Value {
  const form = step.entries.get('__transformer');
  const parts = step.entries.get('parts');
  const value = step.entries.get('value');
  if (form?.kind !== 'string') return unreadable('A step of this pipeline is not read', call.range);
  if (isTextVectorizer(step)) return ofEach(flow, (rows) => textsCounted(step, flow.fitted, rows, call));
  if (form.value === 'fitted') return ofEach(flow, (rows) => columnsMade(step, { labels: null, ...flow }, rows, call));
  if (form.value === 'polynomial') return ofEach(flow, (rows) => products(step, rows, call));
  if (form.value === 'function' && value) return ofEach(flow, (rows) => callValue(call.machine, value, plainCall(call, [rows])));
  if (form.value === 'constant' && (value?.kind === 'number' || value?.kind === 'string'))
    return filled({ value: value.value, statistic: null }, flow, call);
  if (parts?.kind !== 'list') return unreadable('A step of this pipeline is not read', call.range);
  if (form.value === 'columns') return joined(parts.items, flow, call);
  let result: Flow | Value = flow;
  for (const inner of parts.items) {
    if ('kind' in result) return result;
    result = through(inner, { ...result, labels: flow.labels ?? null }, call);
  }
  return result;
}

/** A step that needs no fit. */
function ofEach({ fitted, others }: Flow, make: (rows: DataArray) => Value): Flow | Value {
  const first = make(fitted);
  const second = others ? make(others) : null;
  if (first.kind !== 'array') return first;
  return second && second.kind !== 'array' ? second : { fitted: first, others: second };
}

/** A step whose methods fit it and apply it. */
function byMethods<T extends Value>(methods: MethodTable<T>, step: T, { fitted, others }: Flow, call: Call): Flow | Value {
  const first = methods['fit_transform']?.(step, plainCall(call, [fitted])) ?? unknown;
  const second = others ? (methods['transform']?.(step, plainCall(call, [others])) ?? unknown) : null;
  if (first.kind !== 'array') return first;
  return second && second.kind !== 'array' ? second : { fitted: first, others: second };
}

/** Gaps filled with a value, or with a statistic of the rows that were fitted on. */
function filled(args: DataSteps['fillMissing'], { fitted, others }: Flow, call: Call): Flow {
  const fill = (...inputs: DataArray[]): DataArray =>
    dataStep(call.machine, 'fillMissing', args, inputs, call.range, { columns: inputs[0]?.columns ?? null });
  return { fitted: fill(fitted), others: others ? fill(others, fitted) : null };
}

/** Statistics that fill the gaps of a table, its text columns too. */
const fillers: Readonly<Record<string, 'mean' | 'median' | 'mode'>> = {
  imputeMean: 'mean',
  imputeMedian: 'median',
  imputeMode: 'mode',
};

/** Products of columns, as PolynomialFeatures makes them. */
function products(step: NamespaceValue, rows: DataArray, call: Call): Value {
  if (!step.call) return unknown;
  const a = new Arguments(step.call, 'degree');
  const args = {
    degree: a.number('degree', 2),
    interactionOnly: a.boolean('interaction_only', false),
    bias: a.boolean('include_bias', true),
  };
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const table = asTensor(rows, call);
  const width = table.shape?.[1];
  const count = typeof width === 'number' ? productCount(width, args.degree, args.interactionOnly) - (args.bias ? 0 : 1) : null;
  return dataStep(call.machine, 'polynomial', args, [table], call.range, {
    flavour: 'numpy',
    integer: false,
    columns: null,
    shape: [table.shape?.[0] ?? null, count],
  });
}

/** How many products of `width` columns there are up to a degree, the empty one too. */
function productCount(width: number, degree: number, interactionOnly: boolean): number {
  let ofDegree = 1;
  let all = 1;
  for (let power = 1; power <= degree; power++) {
    ofDegree = (ofDegree * (interactionOnly ? width - power + 1 : width + power - 1)) / power;
    all += ofDegree;
  }
  return all;
}

/** The entry that keeps the rows which a step that stands alone was fitted on. */
const fittedOn = '__fitted';
/** The entry that keeps their labels. */
const fittedBy = '__labels';

/** Remembers what a step is fitted on. */
function noteFit(step: NamespaceValue, rows: Value, call: Call): Value | null {
  const labels = call.positional[1]?.value ?? call.keywords.get('y')?.value ?? null;
  call.machine.journal.set(step.entries, fittedOn, rows);
  call.machine.journal.set(step.entries, fittedBy, labels ?? unknown);
  return labels;
}

/** Methods of steps of a pipeline that stand alone. */
export const transformerMethods: MethodTable<NamespaceValue> = {
  fit: (step, call) => {
    noteFit(step, call.positional[0]?.value ?? call.keywords.get('X')?.value ?? unknown, call);
    return step;
  },
  fit_transform: (step, call) => {
    const rows = call.positional[0]?.value ?? call.keywords.get('X')?.value ?? unknown;
    return transformed(step, rows, call, noteFit(step, rows, call));
  },
  transform: (step, call) => {
    const rows = call.positional[0]?.value ?? call.keywords.get('X')?.value ?? unknown;
    const fitted = step.entries.get(fittedOn) ?? unknown;
    if (rows.kind !== 'array') return rows;
    if (fitted.kind !== 'array')
      return fitted.kind === 'unknown' && fitted.reason ? fitted : unreadable('This step was not fitted before', call.range);
    const labels = step.entries.get(fittedBy);
    const flow = through(step, { fitted, others: rows, labels: labels?.kind === 'array' ? labels : null }, call);
    return 'kind' in flow ? flow : (flow.others ?? unknown);
  },
};

/** ColumnTransformer: each part of the columns by its own step, side by side. */
function joined(parts: readonly Value[], flow: Flow, call: Call): Flow | Value {
  const made: { readonly fitted: DataArray[]; readonly others: DataArray[] } = { fitted: [], others: [] };
  for (const part of parts) {
    const own = partOfColumns(part, flow, call);
    if (own === null) continue;
    if ('kind' in own) return own;
    made.fitted.push(asTensor(own.fitted, call));
    if (own.others) made.others.push(asTensor(own.others, call));
  }
  const [fitted, others] = [sideBySide(made.fitted, call), sideBySide(made.others, call)];
  return fitted ? { fitted, others } : unreadable('No columns are left here', call.range);
}

function sideBySide(parts: readonly DataArray[], call: Call): DataArray | null {
  const [first] = parts;
  if (!first || parts.length === 1) return first ?? null;
  return dataStep(call.machine, 'concatenate', { axis: 1 }, parts, call.range, { shape: null, flavour: 'numpy', columns: null });
}

/** What one part makes of its columns; null for a part that gives none. */
function partOfColumns(part: Value, { fitted, others, labels = null }: Flow, call: Call): Flow | Value | null {
  const [name, step = unknown, given = unknown] = part.kind === 'list' ? part.items : [];
  if (name?.kind === 'string' && name.value === remaining) {
    const left = ofEach({ fitted, others }, (rows) => columnsLeft(given, fitted, rows, call));
    return 'kind' in left ? left : through(step, { ...left, labels }, call);
  }
  if (step.kind === 'string' && step.value === 'drop') return null;
  const columns = resolved(given, fitted, call);
  if (columns.kind === 'unknown') return columns.reason ? columns : unreadable('The columns could not be read', call.range);
  if (columns.kind === 'list' && columns.items.length === 0) return null;
  const picked = ofEach({ fitted, others }, (rows) => pickedColumns(columns, rows, call));
  return 'kind' in picked ? picked : through(step, { ...picked, labels }, call);
}

function pickedColumns(columns: Value, rows: DataArray, call: Call): Value {
  const named = stringsOf(columns);
  const index = columns.kind === 'string' || columns.kind === 'number' ? listValue([columns]) : columns;
  const positions = numbersOf(index);
  if (rows.flavour === 'frame' && positions && !named)
    return dataStep(call.machine, 'select', { columns: { kind: 'keys', keys: positions }, single: false }, [rows], call.range, {
      shape: null,
    });
  const picked = subscriptOf(call.machine, rows, rows.flavour === 'frame' ? index : listValue([all, index], 'tuple'), call.range);
  return picked.kind === 'array' && named ? { ...picked, columns: named } : picked;
}

/** The columns that a part takes: those given, or those of some types (`make_column_selector`). */
function resolved(columns: Value, rows: DataArray, call: Call): Value {
  if (columns.kind !== 'namespace' || !columns.entries.has('__columnsOf')) return columns;
  const { entries } = columns;
  const names = typedColumns(rows, call.machine, entries.get('include') ?? null, entries.get('exclude') ?? null);
  return names
    ? listValue(names.map((name) => stringValue(name)))
    : unreadable('The types of these columns are not known', call.range);
}

const all: Value = { kind: 'slice', start: { kind: 'none' }, stop: { kind: 'none' }, step: { kind: 'none' } };

const transformer = (form: 'sequence' | 'columns', parts: readonly Value[]): Value => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ['__transformer', stringValue(form)],
    ['parts', listValue([...parts])],
  ]),
  missing: '`%` of this step is not read',
});

/** Steps of a pipeline that ends in no estimator. */
export const transformerSequence = (steps: readonly Value[]): Value => transformer('sequence', steps);

/** The mark of a part that takes the columns which the others leave, as they are. */
const remaining = '__remaining';

const remainderOf = (parts: readonly Value[], step: Value): Value =>
  listValue([
    stringValue(remaining),
    step,
    listValue(parts.map((part) => (part.kind === 'list' ? (part.items[2] ?? unknown) : unknown))),
  ]);

/** The columns that no part of the choice names. */
function columnsLeft(named: Value, fitted: DataArray, rows: DataArray, call: Call): Value {
  const choices = named.kind === 'list' ? named.items.map((item) => resolved(item, fitted, call)) : [];
  const positions = choices.map((item) => numbersOf(item.kind === 'number' ? listValue([item]) : item));
  if (positions.every((places) => places !== null)) return columnsBeside(positions.flat(), rows, call);
  const keys = choices.map((item) => stringsOf(item));
  if (rows.flavour !== 'frame' || keys.some((names) => names === null))
    return unreadable('The columns that are left here are not known', call.range);
  const columns = keys.flatMap((names) => names ?? []);
  return dataStep(call.machine, 'drop', { columns }, [rows], call.range, {
    shape: null,
    columns: rows.columns?.filter((name) => !columns.includes(name)) ?? null,
  });
}

/** The columns whose numbers are not among these. */
function columnsBeside(places: readonly number[], rows: DataArray, call: Call): DataArray {
  const [count = null, width = null] = rows.shape ?? [];
  const taken = typeof width === 'number' ? new Set(places.map((at) => (at < 0 ? at + width : at))) : null;
  const left = typeof width === 'number' && taken ? width - taken.size : null;
  return dataStep(call.machine, 'drop', { columns: [...places], byPosition: true }, [rows], call.range, {
    shape: rows.shape && [count, left],
    columns: taken ? (rows.columns?.filter((_, at) => !taken.has(at)) ?? null) : null,
  });
}

function columnTransformer(call: Call): Value {
  const list = call.positional[0]?.value ?? call.keywords.get('transformers')?.value;
  if (list?.kind !== 'list') return unreadable('This choice of columns is not read', call.range);
  return withRemainder(list.items, call);
}

function withRemainder(parts: readonly Value[], call: Call): Value {
  const step = call.keywords.get('remainder')?.value ?? stringValue('drop');
  const isDropped = step.kind === 'string' && step.value === 'drop';
  return transformer('columns', isDropped ? parts : [...parts, remainderOf(parts, step)]);
}

/** Classes of a target column: counted when it comes from a table that is known, else a symbol. */
export function classesOf(m: Machine, y: DataArray): Size {
  return knownClasses(m, y) ?? m.program.symbol(y.step, { kind: 'unique' });
}

/** Classes of a column of a bundled table; null for others. */
function knownClasses(m: Machine, y: DataArray): number | null {
  let index = y.step;
  for (let hops = 0; hops < 20; hops++) {
    const step = m.program.steps[index];
    if (step?.kind === 'bundled') return { iris: 3, wine: 3, digits: 10, breast_cancer: 2, diabetes: 0 }[step.arguments.table];
    if (!step || !['part', 'trainTestSplit', 'cast', 'toTensor'].includes(step.kind)) return null;
    const whole = step.kind === 'part' ? m.program.steps[step.inputs[0] ?? -1] : null;
    const position = step.kind === 'part' && whole?.kind === 'trainTestSplit' ? Math.floor(step.arguments.index / 2) : 0;
    index = whole?.kind === 'trainTestSplit' ? (whole.inputs[position] ?? -1) : (step.inputs[0] ?? -1);
  }
  return null;
}

/** A classifier's target as class numbers from 0; those of bundled tables are. */
export function classNumbers(y: DataArray, call: Call): DataArray {
  if (knownClasses(call.machine, y) !== null) return asTensor(y, call);
  return dataStep(call.machine, 'encodeLabels', { order: 'sorted' }, [y], call.range, {
    integer: true,
    flavour: 'numpy',
    columns: null,
  });
}

const own = (form: 'function' | 'constant', value: Value): Value => ({
  kind: 'namespace',
  entries: new Map<string, Value>([
    ['__transformer', stringValue(form)],
    ['value', value],
  ]),
  missing: '`%` of this step is not read',
});

const imputers: Readonly<Record<string, ScalerName>> = {
  mean: 'imputeMean',
  median: 'imputeMedian',
  most_frequent: 'imputeMode',
};

/** Choices of columns for a pipeline. */
export const transformerTable: FunctionTable = {
  ...columnTransformTable,
  'sklearn.compose.ColumnTransformer': columnTransformer,
  'sklearn.preprocessing.PolynomialFeatures': (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__transformer', stringValue('polynomial')]]),
    missing: '`%` of this step is not read',
    call,
  }),
  'sklearn.impute.SimpleImputer': (call) => {
    const a = new Arguments(call, '');
    const strategy = a.string('strategy', 'mean');
    if (a.given('missing_values') || a.boolean('add_indicator', false))
      return unreadable('This filling of missing values is not read', call.range);
    if (strategy === 'constant' && a.given('fill_value')) return own('constant', a.value('fill_value') ?? unknown);
    const name = imputers[strategy];
    return name
      ? scaler(name)({ ...call, keywords: new Map() })
      : unreadable('This filling of missing values is not read', call.range);
  },
  'sklearn.preprocessing.FunctionTransformer': (call) => {
    const value = call.positional[0]?.value ?? call.keywords.get('func')?.value;
    return value ? own('function', value) : unreadable('This function is not read', call.range);
  },
  'sklearn.compose.make_column_transformer': (call) => {
    const pairs = call.positional.map(({ value }) => (value.kind === 'list' ? value.items : []));
    return withRemainder(
      pairs.map(([step = unknown, columns = unknown]) => listValue([stringValue(''), step, columns], 'tuple')),
      call,
    );
  },
};
