import type { ColumnKey } from '../../../records/dataSources';
import { Arguments, stringsOf, type Call } from '../../interpret/call';
import { labelsDiffer, sameLabels } from '../../interpret/rowLabels';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, unreadable, type Value } from '../../values/value';
import type { FunctionTable, MethodTable } from '../functionTable';

const why = 'How these tables are joined is not read';

/** `left.merge(right, on="key")`; without `on` by the columns that both have, where they are known. */
function merged(left: DataArray, a: Arguments, call: Call): Value {
  const right = a.value('right');
  a.rejectOthers('copy sort validate');
  const how = a.string('how', 'inner');
  const named = (name: string): readonly ColumnKey[] | null => (a.given(name) ? stringsOf(a.value(name) ?? none) : null);
  const on = named('on') ?? (a.given('left_on') || right?.kind !== 'array' ? null : common(left, right));
  const [ofLeft, ofRight] = [on ?? named('left_on'), on ?? named('right_on')];
  const suffixes = a.given('suffixes') ? stringsOf(a.value('suffixes') ?? none) : ['_x', '_y'];
  const isSorted = a.given('sort') && a.value('sort')?.kind !== 'boolean';
  if (
    right?.kind !== 'array' ||
    !ofLeft ||
    ofLeft.length === 0 ||
    ofLeft.length !== ofRight?.length ||
    (how !== 'left' && how !== 'inner') ||
    suffixes?.length !== 2 ||
    isSorted ||
    a.boolean('sort', false) ||
    a.problems.length > 0
  )
    return unreadable(why, call.range);
  const args = { how, left: ofLeft, right: ofRight, suffixes: [suffixes[0] ?? '', suffixes[1] ?? ''] } as const;
  const table = right.grouped ? keysBeside(right, call) : right;
  if (!table) return unreadable(why, call.range);
  return dataStep(call.machine, 'merge', args, [left, table], call.range, {
    flavour: 'frame',
    shape: null,
    columns: null,
    integer: null,
    index: undefined,
  });
}

/** What was made of groups of rows behind the keys of the groups; null where its rows are no longer in their order. */
export function keysBeside(made: DataArray, call: Call): DataArray | null {
  const { grouped: keys } = made;
  if (!keys || !sameLabels(keys, made)) return null;
  return dataStep(call.machine, 'concatenate', { axis: 1 }, [keys, made], call.range, {
    flavour: 'frame',
    shape: null,
    columns: made.columns && [...(keys.columns ?? []), ...made.columns],
    rowLabels: undefined,
  });
}

/** Columns of both tables; null when it is not known. */
function common(left: DataArray, right: DataArray): string[] | null {
  const { columns } = right;
  return left.columns && columns ? left.columns.filter((name) => columns.includes(name)) : null;
}

const parameters = 'how on left_on right_on left_index right_index sort suffixes';

/** Tables side by side. */
export const mergingMethods: MethodTable<DataArray> = {
  merge: (table, call) => merged(table, new Arguments(call, `right ${parameters}`), call),
  join: (table, call) => {
    const a = new Arguments(call, 'other');
    const other = a.value('other');
    if (other?.kind !== 'array' || call.keywords.size > (a.given('other') && call.keywords.has('other') ? 1 : 0) || other.grouped)
      return unreadable(why, call.range);
    if (!sameLabels(table, other)) return unreadable(labelsDiffer, call.range);
    return dataStep(call.machine, 'concatenate', { axis: 1 }, [table, other], call.range, { flavour: 'frame', shape: null });
  },
};

/** `pd.merge(left, right)`. */
export const mergingFunctions: FunctionTable = {
  'pandas.merge': (call) => {
    const a = new Arguments(call, `left right ${parameters}`);
    const left = a.value('left');
    return left?.kind === 'array' ? merged(left, a, call) : unreadable(why, call.range);
  },
};
