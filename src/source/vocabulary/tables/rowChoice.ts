import type { Expression } from '../../syntax/ast';
import { Arguments, type Call, type Method } from '../../interpret/call';
import { evaluate } from '../../interpret/expressions';
import { subscriptOf } from '../../interpret/subscripts';
import { entrywise } from '../../interpret/reach';
import type { Array as DataArray } from '../../values/dataValues';
import { Scope } from '../../values/scope';
import { unreadable, type Value } from '../../values/value';
import { placedAt } from '../../syntax/placed';
import { keptIn } from './tableChanges';
import { columnNamed } from './tableSeries';

/** How a variable of the script is called inside, in place of `@name`. */
const outer = '__of_script_';

/** The condition as Python has it: `&` and `|` bind like `and` and `or` in a query; a name in backticks, any column. */
function asPython(query: string, named: string[]): string {
  const parts = query.match(/'[^']*'|"[^"]*"|`[^`]*`|@|&|\||~|[^'"`@&|~]+/g) ?? [];
  const words: Readonly<Record<string, string>> = { '@': outer, '&': ' and ', '|': ' or ', '~': ' not ' };
  return parts
    .map((part) => {
      if (!part.startsWith('`')) return words[part] ?? part;
      named.push(part.slice(1, -1));
      return `__column_${named.length - 1}`;
    })
    .join('');
}

/** The names that an expression speaks of. */
function namesIn(node: unknown, names: Set<string>): Set<string> {
  if (Array.isArray(node)) for (const one of node) namesIn(one, names);
  else if (typeof node === 'object' && node !== null) {
    if ('kind' in node && node.kind === 'name' && 'name' in node) names.add(String(node.name));
    for (const inner of Object.values(node)) namesIn(inner, names);
  }
  return names;
}

/** Expressions that mean for a column what they mean for each of its entries. */
const readKinds: ReadonlySet<string> = new Set([
  'name',
  'number',
  'string',
  'constant',
  'binary',
  'unary',
  'compare',
  'list',
  'tuple',
]);

/** `df.query("a > 3 and b == 'x'")`: the rows for which a condition over the columns holds. */
export const query: Method<DataArray> = (table, call) => {
  const a = new Arguments(call, 'expr');
  const given = a.value('expr');
  a.rejectOthers('inplace engine');
  const chosen = given?.kind === 'string' && a.problems.length === 0 ? rowsWhere(table, given.value, call) : null;
  return chosen?.kind === 'array'
    ? keptIn(table, chosen, call)
    : unreadable('This condition of the rows is not read', call.range);
};

function rowsWhere(table: DataArray, text: string, call: Call): Value | null {
  const m = call.machine;
  const named: string[] = [];
  const script = m.parser.parse('query', asPython(text, named).trim());
  const [statement, ...others] = placedAt(script.body, call.range);
  if (script.errors.length > 0 || others.length > 0 || statement?.kind !== 'expression') return null;
  const scope = new Scope(null, call.scope.path);
  for (const name of namesIn(statement.value, new Set())) {
    const column = /^__column_(\d+)$/.exec(name)?.[1];
    const value = name.startsWith(outer)
      ? call.scope.get(name.slice(outer.length))
      : columnNamed(table, column === undefined ? name : (named[Number(column)] ?? name), call);
    if (!value) return null;
    scope.variables.set(name, value);
  }
  if (!isPlain(statement.value)) return null;
  const first = m.program.steps.length;
  m.entrywise++;
  const mask = evaluate(m, scope, statement.value);
  m.entrywise--;
  const isForeign = m.program.steps.slice(first).some(({ kind }) => !entrywise.has(kind) && kind !== 'select');
  return mask.kind === 'array' && mask.mask && !isForeign ? subscriptOf(m, table, mask, call.range) : null;
}

function isPlain(node: Expression): boolean {
  const lists = node.kind === 'compare' ? node.operands.filter(({ kind }) => kind === 'list' || kind === 'tuple') : [];
  if (node.kind === 'compare' && lists.length > 0 && !node.operators.every((operator) => operator.endsWith('in'))) return false;
  const inner = Object.values(node).flatMap((part: unknown) => (Array.isArray(part) ? (part as unknown[]) : [part]));
  return (
    readKinds.has(node.kind) &&
    inner.every((part) => typeof part !== 'object' || part === null || !('kind' in part) || isPlain(part as Expression))
  );
}
