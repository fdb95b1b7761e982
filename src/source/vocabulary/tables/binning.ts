import type { DataSteps } from '../../../records/dataSteps';
import { Arguments, numbersOf, stringsOf, type Call } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';

const isFalse = (value: Value | null): boolean => value?.kind === 'boolean' && !value.value;

/** `pd.cut(x, bins, labels)`: which of the intervals an entry lies in; missing outside of all. */
function cut(call: Call): Value {
  const a = new Arguments(call, 'x bins right labels');
  a.rejectOthers('include_lowest ordered precision');
  const bins = a.value('bins');
  const edges = bins?.kind === 'list' ? numbersOf(bins) : null;
  const count = bins?.kind === 'number' && Number.isInteger(bins.value) && bins.value > 0 ? bins.value : null;
  const settings = {
    edges,
    count,
    quantiles: null,
    right: a.boolean('right', true),
    lowest: a.boolean('include_lowest', false),
    dropDuplicates: false,
  };
  const many = count ?? (edges ? edges.length - 1 : 0);
  return labelled(a, settings, many > 0 && a.problems.length === 0 ? many : null, call);
}

/** `pd.qcut(x, 4)`: intervals with as many entries each. */
function qcut(call: Call): Value {
  const a = new Arguments(call, 'x q labels retbins precision duplicates');
  a.rejectOthers();
  const q = a.value('q');
  const given = q?.kind === 'list' ? numbersOf(q) : null;
  const count = q?.kind === 'number' && Number.isInteger(q.value) && q.value > 0 ? q.value : null;
  const quantiles = count ? Array.from({ length: count + 1 }, (_, i) => i / count) : given;
  const dropDuplicates = a.string('duplicates', 'raise') === 'drop';
  const settings = { edges: null, count: null, quantiles, right: true, lowest: true, dropDuplicates };
  // How many intervals are left is not known where equal ones are dropped.
  const isNamed = dropDuplicates && !isFalse(a.value('labels'));
  const isRead = quantiles && quantiles.length > 1 && !isNamed && !a.boolean('retbins', false) && a.problems.length === 0;
  return labelled(a, settings, isRead ? quantiles.length - 1 : null, call);
}

/** The labels of `count` intervals for the entries; null: they could not be read. */
function labelled(a: Arguments, settings: DataSteps['binned'], count: number | null, call: Call): Value {
  const m = call.machine;
  const x = a.value('x');
  const labels = a.value('labels');
  if (x?.kind !== 'array' || count === null) return unreadable('These intervals could not be read', call.range);
  const result = { mask: false, integer: null, flavour: 'series', columns: null } as const;
  const codes = dataStep(m, 'binned', settings, [x], call.range, result);
  if (isFalse(labels)) return codes;
  const places = Array.from({ length: count }, (_, i) => i);
  if (!labels || labels.kind === 'none')
    return categories(dataStep(m, 'toCategories', { categories: places, intervals: true }, [codes], call.range, result));
  const to = numbersOf(labels) ?? stringsOf(labels);
  if (to?.length !== count || new Set<string | number>(to).size !== count)
    return unreadable('These labels could not be read', call.range);
  const named = dataStep(m, 'mapValues', { from: places, to }, [codes], call.range, result);
  return categories(dataStep(m, 'toCategories', { categories: to }, [named], call.range, result));
}

const categories = (column: DataArray): Value => ({ ...column, retyped: true });

/** Numbers as the intervals that they lie in. */
export const binningFunctions: FunctionTable = { 'pandas.cut': cut, 'pandas.qcut': qcut };
