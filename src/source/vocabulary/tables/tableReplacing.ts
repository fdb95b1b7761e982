import { numberedBy } from '../../interpret/columnNumbering';
import type { SourceRange } from '../../../records/source';
import { Arguments, type Call } from '../../interpret/call';
import { appliedToEntries } from '../../interpret/elementwise';
import { assignSubscript } from '../../interpret/subscripts';
import { sameLabels } from '../../interpret/rowLabels';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { stringValue, unknown, unreadable, type DictValue, type Value } from '../../values/value';
import { asText, isStr, keptIn } from './tableChanges';
import { columnNamed } from './tableSeries';

interface Replacement {
  readonly from: readonly (string | number)[];
  readonly to: readonly (string | number)[];
}

/** Texts and numbers; null when something else is among them. Missing values are NaN. */
function plainCells(values: readonly Value[]): (string | number)[] | null {
  const cells = values.flatMap((value): (string | number)[] => {
    if (value.kind === 'string' || value.kind === 'number') return [value.value];
    if (value.kind === 'none') return [Number.NaN];
    return value.kind === 'boolean' ? [Number(value.value)] : [];
  });
  return cells.length === values.length ? cells : null;
}

/** A dictionary as what is replaced by what. */
function replacementOf(value: DictValue): Replacement | null {
  const to = value.open ? null : plainCells([...value.entries.values()]);
  return to && { from: [...value.entries.keys()].map((key) => (typeof key === 'boolean' ? Number(key) : key)), to };
}

const itemsOf = (value: Value | null): readonly Value[] => (value?.kind === 'list' ? value.items : value ? [value] : []);

/** `column.map(series)`, of counts of values and of statistics of groups; null for other series. */
function lookedUp(column: DataArray, series: DataArray, call: Call): DataArray | null {
  const { counted, grouped } = series;
  const m = call.machine;
  const made = { flavour: 'series', integer: null, mask: false, shape: column.shape, columns: column.columns } as const;
  if (counted) {
    const args = { keys: ['value'], made: [{ from: 'value', function: 'size', to: 'count' }] } as const;
    const plain = dataStep(m, 'renameColumns', { from: null, to: ['value'] }, [counted], call.range, { flavour: 'frame' });
    const table = dataStep(m, 'groupTable', args, [plain], call.range, {
      flavour: 'frame',
      shape: null,
    });
    return dataStep(
      m,
      'lookUp',
      {},
      [column, columnNamed(table, 'value', call), columnNamed(table, 'count', call)],
      call.range,
      made,
    );
  }
  const keys = grouped?.columns;
  const [key] = keys ?? [];
  if (!grouped || keys?.length !== 1 || key === undefined || !sameLabels(grouped, series)) return null;
  return dataStep(m, 'lookUp', {}, [column, columnNamed(grouped, key, call), series], call.range, made);
}

/** `column.map({...})` and `column.map(function)`. */
export function mapped(column: DataArray, call: Call): Value {
  const value = call.positional[0]?.value ?? call.keywords.get('arg')?.value;
  if (value?.kind === 'function') return appliedToEntries(value, column, call);
  if (value?.kind === 'external' && isStr(value.path)) return asText(column, call);
  const series = value?.kind === 'array' ? lookedUp(column, value, call) : null;
  if (series) return series;
  const numbered = numberedBy(call.machine, value, column, call.range);
  if (numbered) return numbered;
  const replacement = value?.kind === 'dict' ? replacementOf(value) : null;
  if (!replacement) return unreadable('This mapping could not be read', call.range);
  const integer = replacement.to.every((one) => Number.isInteger(one));
  return dataStep(call.machine, 'mapValues', replacement, [column], call.range, { integer, columns: column.columns });
}

/** `replace({a: 0})`, `replace([a, b], [0, 1])`, `replace(a, 0)` and `replace({"column": {a: 0}})`: the rest stays as it is. */
export function replaced(column: DataArray, call: Call): Value {
  const a = new Arguments(call, 'to_replace value inplace');
  const given = a.value('to_replace');
  if (a.given('regex') || a.given('method') || a.given('limit') || a.problems.length > 0)
    return unreadable('This replacement could not be read', call.range);
  if (given?.kind === 'dict' && [...given.entries.values()].some((one) => one.kind === 'dict'))
    return byColumn(column, given, call);
  const replacement = given?.kind === 'dict' ? replacementOf(given) : listed(given, a.value('value'));
  if (!replacement || replacement.from.length === 0) return unreadable('This replacement could not be read', call.range);
  return keptIn(column, kept(column, replacement, call, call.range), call);
}

const kept = (column: DataArray, replacement: Replacement, call: Call, range: SourceRange): DataArray =>
  dataStep(call.machine, 'mapValues', { ...replacement, keep: true }, [column], range, {
    integer: null,
    columns: column.columns,
  });

function listed(from: Value | null, to: Value | null): Replacement | null {
  const [keys, values] = [plainCells(itemsOf(from)), plainCells(itemsOf(to))];
  if (!keys || !values || values.length === 0 || (values.length !== 1 && values.length !== keys.length)) return null;
  return { from: keys, to: keys.map((_, i) => values[values.length === 1 ? 0 : i] ?? Number.NaN) };
}

/** Replacements in several columns of a table. */
function byColumn(table: DataArray, given: DictValue, call: Call): Value {
  const made: DataArray = { ...table };
  for (const [name, inner] of given.entries) {
    const replacement = inner.kind === 'dict' ? replacementOf(inner) : null;
    if (table.flavour !== 'frame' || typeof name !== 'string' || !replacement)
      return unreadable('This replacement could not be read', call.range);
    const column = kept(columnNamed(made, name, call), replacement, call, call.range);
    assignSubscript(call.machine, made, stringValue(name), column, call.range);
  }
  return made.step === table.step ? unknown : keptIn(table, made, call);
}
