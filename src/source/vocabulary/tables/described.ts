import { stringsOf, type Call } from '../../interpret/call';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, unknown, type NamespaceValue, type Value } from '../../values/value';
import type { MethodTable } from '../functionTable';

const tables = new WeakMap<NamespaceValue, DataArray>();

/** Rows of `describe()` that scripts scale their columns with. */
const statistics = ['mean', 'std', 'min', 'max'] as const;

function describe(made: NamespaceValue, table: DataArray, call: Call): void {
  tables.set(made, table);
  for (const name of statistics) {
    const args = { function: name, axis: 0, keep: false, correction: 1 } as const;
    const result = { flavour: 'series', shape: null, integer: false } as const;
    made.entries.set(name, dataStep(call.machine, 'reduce', args, [table], call.range, result));
  }
}

/** `table.describe()`: statistics of each column, by name after `transpose()`. */
export function describedTable(table: DataArray, call: Call): Value {
  if (table.flavour !== 'frame') return unknown;
  const made: NamespaceValue = {
    kind: 'namespace',
    entries: new Map([['__described', none]]),
    missing: '`%` of these statistics is not read',
  };
  describe(made, table, call);
  made.entries.set('T', made);
  return made;
}

/** Methods of the statistics of a table. */
export const describedMethods: MethodTable<NamespaceValue> = {
  transpose: (made) => made,
  pop: (made, call) => {
    const table = tables.get(made);
    const columns = stringsOf(call.positional[0]?.value ?? unknown);
    if (!table || !columns) return unknown;
    describe(made, dataStep(call.machine, 'drop', { columns }, [table], call.range, { shape: null, columns: null }), call);
    return unknown;
  },
};
