import type { SourceRange } from '../../records/source';
import type { Statement } from '../syntax/ast';
import type { Array as DataArray } from '../values/dataValues';
import { none, unreadable, type FunctionValue, type Value } from '../values/value';
import { Scope } from '../values/scope';
import { assignTo } from './assignment';
import type { Call } from './call';
import { callValue } from './calls';
import { evaluate } from './expressions';
import type { Machine } from './machine';
import { truth } from './operators';
import { entrywise } from './reach';
import { broadcastShapes } from './shapes';
import { asArray, dataStep, jointInteger } from './tensors';

/** `column.apply(function)`: the function run once on all entries together; unread when it looks at more than one of them. */
export function appliedToEntries(function_: Value, column: DataArray, call: Call, alsoSelects = false): Value {
  const m = call.machine;
  const first = m.program.steps.length;
  m.entrywise++;
  const result =
    function_.kind === 'function'
      ? resultOf(m, function_, column, call)
      : callValue(m, function_, { ...call, positional: [{ value: column, range: call.range }], keywords: new Map() });
  m.entrywise--;
  const foreign = m.program.steps.slice(first).some(({ kind }) => !entrywise.has(kind) && !(alsoSelects && kind === 'select'));
  if (result.kind === 'unknown' && result.reason) return result;
  const made = asArray(m, result, call.range);
  if (made === null || foreign) return unreadable('What this function makes of an entry could not be read', call.range);
  if (made.shape?.length === 0 && result.kind !== 'array') return spread(m, made, column, call.range);
  return { ...made, flavour: 'series', columns: null };
}

/** Steps that treat each column of a table by itself. */
const columnwise: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'power',
  'unary',
  'clip',
  'literal',
  'cast',
  'fillMissing',
  'encodeLabels',
  'mapValues',
  'isMissing',
  'toNumbers',
  'changeText',
]);

/** `df.apply(function)`: the function run once on all columns together; unread when it does not treat each by itself. */
export function appliedToColumns(function_: Value, table: DataArray, call: Call): Value {
  const m = call.machine;
  const first = m.program.steps.length;
  const result =
    function_.kind === 'function'
      ? resultOf(m, function_, table, call)
      : callValue(m, function_, { ...call, positional: [{ value: table, range: call.range }], keywords: new Map() });
  if (result.kind === 'unknown' && result.reason) return result;
  const isForeign = m.program.steps
    .slice(first)
    .some((step) => !columnwise.has(step.kind) && !(step.kind === 'reduce' && step.arguments.axis === 0));
  if (result.kind !== 'array' || isForeign)
    return unreadable('What this function makes of a column could not be read', call.range);
  return { ...result, flavour: 'frame', columns: table.columns, shape: table.shape };
}

/** One number for every entry. */
function spread(m: Machine, number: DataArray, column: DataArray, range: SourceRange): DataArray {
  const present = dataStep(m, 'isMissing', {}, [column], range, { flavour: 'series', columns: null, mask: true });
  return dataStep(m, 'where', {}, [present, number, number], range, { mask: false, integer: number.integer });
}

function resultOf(m: Machine, function_: FunctionValue, column: DataArray, call: Call): Value {
  const scope = new Scope(function_.scope, function_.scope.path);
  const [own, ...others] = function_.parameters;
  if (!own || own.star) return unreadable('This function could not be read', call.range);
  scope.variables.set(own.name, column);
  const extra = call.keywords.get('args')?.value;
  for (const [i, parameter] of others.entries()) {
    const given = call.keywords.get(parameter.name)?.value ?? (extra?.kind === 'list' ? extra.items[i] : undefined);
    const value = given ?? function_.defaults.get(parameter.name);
    if (value) scope.variables.set(parameter.name, value);
  }
  if (!Array.isArray(function_.body)) return evaluate(m, scope, function_.body as Parameters<typeof evaluate>[2]);
  return returned(m, scope, function_.body as readonly Statement[], call.range);
}

/** What a body of conditions and assignments returns, each entry on its own way. */
function returned(m: Machine, scope: Scope, body: readonly Statement[], range: SourceRange): Value {
  m.tick();
  const [statement, ...rest] = body;
  if (!statement) return none;
  switch (statement.kind) {
    case 'return':
      return statement.value ? evaluate(m, scope, statement.value) : none;
    case 'expression':
    case 'pass':
      return returned(m, scope, rest, range);
    case 'assign': {
      const value = statement.value ? evaluate(m, scope, statement.value) : none;
      for (const target of statement.targets) assignTo(m, scope, target, value);
      return returned(m, scope, rest, range);
    }
    case 'if': {
      const test = evaluate(m, scope, statement.test);
      const known = truth(test);
      if (known !== null) return returned(m, scope, [...(known ? statement.then : statement.otherwise), ...rest], range);
      const way = (block: readonly Statement[]): Value => {
        const own = new Scope(scope.parent, scope.path);
        for (const [name, value] of scope.variables) own.variables.set(name, value);
        return returned(m, own, [...block, ...rest], range);
      };
      return chosenByEntry(m, test, way(statement.then), way(statement.otherwise), range);
    }
    default:
      return unreadable('This statement is not read in a function of one entry', statement.range);
  }
}

/** What is chosen where a condition holds: an array, a number, or one text for all rows. */
export const asChoice = (m: Machine, value: Value, condition: Value, range: SourceRange): DataArray | null =>
  value.kind === 'string' && condition.kind === 'array'
    ? dataStep(m, 'mapValues', { from: [0, 1], to: [value.value, value.value] }, [condition], range, {
        flavour: 'series',
        mask: false,
        integer: null,
      })
    : asArray(m, value, range);

/** `a if test else b` for each entry. */
export function chosenByEntry(m: Machine, test: Value, then: Value, otherwise: Value, range: SourceRange): Value {
  const [yes, no] = [asChoice(m, then, test, range), asChoice(m, otherwise, test, range)];
  const unread = [test, then, otherwise].find((value) => value.kind === 'unknown' && value.reason);
  if (test.kind !== 'array' || !test.mask || !yes || !no)
    return unread ?? unreadable('This choice for each entry could not be read', range);
  return dataStep(m, 'where', {}, [test, yes, no], range, {
    mask: false,
    flavour: test.flavour,
    integer: jointInteger([yes, no]),
    shape: broadcastShapes(test.shape, broadcastShapes(yes.shape, no.shape)),
  });
}
