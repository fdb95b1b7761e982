import type { Size } from '../../graph/size';
import { Arguments, plainCall, stringsOf, type Call } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import { subscriptOf } from '../interpret/subscripts';
import { dataStep } from '../interpret/tensors';
import type { Array as DataArray } from '../values/dataValues';
import { listValue, none, stringValue, unknown, unreadable, type NamespaceValue, type Value } from '../values/value';
import { encoderMethods, scalerMethods } from './sklearn';
import { typedColumns } from './tableColumns';
import { asTensor } from './tables';
import type { FunctionTable, MethodTable } from './functionTable';

/** What a step of a pipeline makes of rows that it is fitted on. */
export function transformed(step: Value, rows: Value, call: Call): Value {
  if (rows.kind !== 'array') return rows;
  if (step.kind === 'none' || (step.kind === 'string' && step.value === 'passthrough')) return rows;
  const filled = step.kind === 'scaler' && rows.flavour === 'frame' ? fillers[step.scaler] : undefined;
  if (filled) return dataStep(call.machine, 'fillMissing', { value: null, statistic: filled }, [rows], call.range);
  // Each pipeline fits its own copy.
  if (step.kind === 'scaler') return scalerMethods['fit_transform']?.({ ...step, fit: null }, plainCall(call, [rows])) ?? unknown;
  if (step.kind === 'encoder' && step.form === 'oneHot') return oneHot(step, rows, call);
  const form = step.kind === 'namespace' ? step.entries.get('__transformer') : null;
  const parts = step.kind === 'namespace' ? step.entries.get('parts') : null;
  if (step.kind === 'namespace' && form?.kind === 'string' && form.value === 'polynomial') return products(step, rows, call);
  if (form?.kind === 'string' && parts?.kind === 'list') {
    if (form.value === 'sequence') return parts.items.reduce<Value>((value, inner) => transformed(inner, value, call), rows);
    return joined(parts.items, rows, call);
  }
  return step.kind === 'unknown' && step.reason ? step : unreadable('A step of this pipeline is not read', call.range);
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

/** Methods of steps of a pipeline that stand alone. */
export const transformerMethods: MethodTable<NamespaceValue> = {
  fit: (step) => step,
  fit_transform: (step, call) => transformed(step, call.positional[0]?.value ?? unknown, call),
  transform: (step, call) => {
    const form = step.entries.get('__transformer');
    return form?.kind === 'string' && form.value === 'polynomial'
      ? transformed(step, call.positional[0]?.value ?? unknown, call)
      : unreadable('Other rows than those that this choice of columns was fitted on are not read', call.range);
  },
};

/** Categories of a table as columns of 0 and 1, in sorted order. */
function oneHot(step: Value & { readonly kind: 'encoder' }, rows: DataArray, call: Call): Value {
  if (rows.flavour !== 'frame')
    return encoderMethods['fit_transform']?.({ ...step, fitted: null }, plainCall(call, [rows])) ?? unknown;
  if (!rows.columns) return unreadable('The columns that are encoded here are not known', call.range);
  return dataStep(call.machine, 'dummies', { columns: rows.columns, dropFirst: false }, [rows], call.range, { shape: null });
}

/** ColumnTransformer: each part of the columns by its own step, side by side. */
function joined(parts: readonly Value[], rows: DataArray, call: Call): Value {
  const made: DataArray[] = [];
  for (const part of parts) {
    const [name, step = unknown, given = unknown] = part.kind === 'list' ? part.items : [];
    const columns = resolved(given, rows, call);
    if (columns.kind === 'unknown') return columns.reason ? columns : unreadable('The columns could not be read', call.range);
    if (columns.kind === 'list' && columns.items.length === 0) continue;
    if (name?.kind === 'string' && name.value === remaining) {
      const left = columnsLeft(columns, rows, call);
      if (left.kind !== 'array') return left;
      made.push(asTensor(left, call));
      continue;
    }
    if (step.kind === 'string' && step.value === 'drop') continue;
    const named = stringsOf(columns);
    const index = columns.kind === 'string' ? listValue([columns]) : columns;
    const picked = subscriptOf(
      call.machine,
      rows,
      rows.flavour === 'frame' ? index : listValue([all, index], 'tuple'),
      call.range,
    );
    const own = picked.kind === 'array' && named ? { ...picked, columns: named } : picked;
    const value = transformed(step, own, call);
    if (value.kind !== 'array') return value;
    made.push(asTensor(value, call));
  }
  const [first] = made;
  if (!first) return unreadable('No columns are left here', call.range);
  if (made.length === 1) return first;
  return dataStep(call.machine, 'concatenate', { axis: 1 }, made, call.range, { shape: null, flavour: 'numpy', columns: null });
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

const remainderOf = (parts: readonly Value[]): Value =>
  listValue([
    stringValue(remaining),
    none,
    listValue(parts.map((part) => (part.kind === 'list' ? (part.items[2] ?? unknown) : unknown))),
  ]);

/** The columns that no part of the choice names. */
function columnsLeft(named: Value, rows: DataArray, call: Call): Value {
  const keys = named.kind === 'list' ? named.items.map((item) => stringsOf(item)) : [];
  if (rows.flavour !== 'frame' || keys.some((names) => names === null))
    return unreadable('The columns that are left here are not known', call.range);
  const columns = keys.flatMap((names) => names ?? []);
  return dataStep(call.machine, 'drop', { columns }, [rows], call.range, {
    shape: null,
    columns: rows.columns?.filter((name) => !columns.includes(name)) ?? null,
  });
}

function columnTransformer(call: Call): Value {
  const list = call.positional[0]?.value ?? call.keywords.get('transformers')?.value;
  const remainder = call.keywords.get('remainder')?.value;
  const rest = remainder?.kind === 'string' ? remainder.value : remainder ? '' : 'drop';
  if (list?.kind !== 'list' || (rest !== 'drop' && rest !== 'passthrough'))
    return unreadable('This choice of columns is not read', call.range);
  return transformer('columns', rest === 'drop' ? list.items : [...list.items, remainderOf(list.items)]);
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

/** Choices of columns for a pipeline. */
export const transformerTable: FunctionTable = {
  'sklearn.compose.ColumnTransformer': columnTransformer,
  'sklearn.preprocessing.PolynomialFeatures': (call) => ({
    kind: 'namespace',
    entries: new Map<string, Value>([['__transformer', stringValue('polynomial')]]),
    missing: '`%` of this step is not read',
    call,
  }),
  'sklearn.compose.make_column_transformer': (call) => {
    const pairs = call.positional.map(({ value }) => (value.kind === 'list' ? value.items : []));
    if (call.keywords.has('remainder')) return unreadable('This choice of columns is not read', call.range);
    return transformer(
      'columns',
      pairs.map(([step = unknown, columns = unknown]) => listValue([stringValue(''), step, columns], 'tuple')),
    );
  },
};
