import type { SourceRange } from '../../../records/source';
import { Arguments, type Call } from '../../interpret/call';
import { notKnown, type Machine } from '../../interpret/machine';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { none, stringValue, unreadable, type NamespaceValue, type Value } from '../../values/value';
import type { MethodTable } from '../functionTable';

type Where = Pick<Call, 'machine' | 'range'>;

const series = { flavour: 'series', integer: null, mask: false, columns: null } as const;

/** Some characters of each text of a column: a single one, or a run of them. */
export function charactersOfEach(column: DataArray, index: Value, { machine: m, range }: Where): Value {
  const bound = (value: Value): number | null | undefined =>
    value.kind === 'none' ? null : value.kind === 'number' && Number.isInteger(value.value) ? value.value : undefined;
  const isSlice = index.kind === 'slice' && (index.step.kind === 'none' || bound(index.step) === 1);
  const [start, end] = isSlice ? [bound(index.start), bound(index.stop)] : [bound(index), Number(bound(index)) + 1];
  // A run of one character, as a slice, is empty where the text is too short.
  const isOne =
    isSlice && typeof start === 'number' && typeof end === 'number' && (end === start + 1 || (start === -1 && end === 0));
  if (start === undefined || end === undefined || (!isSlice && start === null) || isOne)
    return unreadable('These characters could not be read', range);
  return dataStep(m, 'textPart', { part: 'characters', start, end }, [column], range, series);
}

/** The pieces between separators. */
function pieces(column: DataArray, call: Call): Value {
  const a = new Arguments(call, 'pat n expand');
  a.rejectOthers('regex');
  const given = a.value(call.keywords.has('sep') ? 'sep' : 'pat');
  const separator = given?.kind === 'string' ? given.value : null;
  const isPlain =
    given === null ||
    given.kind === 'none' ||
    (separator !== null && (separator.length === 1 || !/[\\^$.|?*+()[\]{}]/.test(separator)));
  const count = a.value('n');
  if (!isPlain || separator === '' || (count && !(count.kind === 'number' && count.value <= 0)) || a.problems.length > 0)
    return unreadable('These pieces of text are not read', call.range);
  const made: NamespaceValue = {
    kind: 'namespace',
    entries: new Map<string, Value>([
      ['__pieces', column],
      ['separator', separator === null ? none : stringValue(separator)],
    ]),
    missing: '`%` of pieces of text is not read',
  };
  made.entries.set('str', made);
  return made;
}

/** `pieces[1]`, and `column.str[0]`; null for other values. */
export function pieceOfTexts(value: NamespaceValue, index: Value, m: Machine, range: SourceRange): Value | null {
  const text = value.entries.get('__text');
  if (text?.kind === 'array') return charactersOfEach(text, index, { machine: m, range });
  const column = value.entries.get('__pieces');
  const separator = value.entries.get('separator');
  if (column?.kind !== 'array') return null;
  if (index.kind !== 'number' || !Number.isInteger(index.value)) return unreadable('This piece of text is not read', range);
  const args = { part: 'piece', separator: separator?.kind === 'string' ? separator.value : null, at: index.value } as const;
  return dataStep(m, 'textPart', args, [column], range, series);
}

/** Patterns that mean the same in Python and here. */
function isCommonPattern(pattern: string): boolean {
  if (
    /\(\?(?!:)|\\[AZzGpPuUNk0-9]|\$|\{,/.test(pattern) ||
    (pattern.match(/\((?!\?)/g)?.length ?? 0) - (pattern.match(/\\\(/g)?.length ?? 0) !== 1
  )
    return false;
  try {
    return new RegExp(pattern).source !== '';
  } catch {
    return false;
  }
}

function extracted(column: DataArray, call: Call): Value {
  const a = new Arguments(call, 'pat flags expand');
  const pattern = a.string('pat', '');
  if (a.given('flags') || !isCommonPattern(pattern) || a.problems.length > 0)
    return unreadable('This pattern is not read', call.range);
  const flavour = a.boolean('expand', true) ? 'frame' : 'series';
  return dataStep(call.machine, 'textPart', { part: 'match', pattern }, [column], call.range, { ...series, flavour });
}

function tested(test: 'contains' | 'startswith' | 'endswith', column: DataArray, call: Call): Value {
  const a = new Arguments(call, test === 'contains' ? 'pat case flags na regex' : 'pat na');
  const text = a.string('pat', '');
  const isPlain = test !== 'contains' || !a.boolean('regex', true) || !/[\\^$.|?*+()[\]{}]/.test(text);
  if (!isPlain || !a.boolean('case', true) || a.given('flags') || text === '' || a.problems.length > 0)
    return unreadable('This test of text is not read', call.range);
  const filled = a.value('na');
  const rows =
    filled?.kind === 'boolean' && !filled.value
      ? dataStep(call.machine, 'fillMissing', { value: '', statistic: null }, [column], call.range, series)
      : column;
  if (a.given('na') && rows === column) return unreadable('This test of text is not read', call.range);
  return dataStep(call.machine, 'textTest', { test, text }, [rows], call.range, { ...series, mask: true, integer: true });
}

/** The number of characters of each text. */
export const lengthOfEach = (column: DataArray, { machine, range }: Where): DataArray =>
  dataStep(machine, 'textLength', {}, [column], range, series);

const ways: Readonly<Record<string, (column: DataArray, call: Call) => Value>> = {
  split: pieces,
  extract: extracted,
  len: lengthOfEach,
  contains: (column, call) => tested('contains', column, call),
  startswith: (column, call) => tested('startswith', column, call),
  endswith: (column, call) => tested('endswith', column, call),
  get: (column, call) => charactersOfEach(column, call.positional[0]?.value ?? none, call),
};

/** Methods of `column.str` that take a part of each text or look for one. */
export const textPartMethods: MethodTable<NamespaceValue> = Object.fromEntries(
  Object.entries(ways).map(([name, way]) => [
    name,
    (value: NamespaceValue, call: Call): Value => {
      const column = value.entries.get('__text');
      return column?.kind === 'array' ? way(column, call) : unreadable('This text is not read', call.range);
    },
  ]),
);

/** Methods of `column.str.split(...).str`. */
export const pieceMethods: MethodTable<NamespaceValue> = {
  get: (value, call) =>
    pieceOfTexts(value, call.positional[0]?.value ?? none, call.machine, call.range) ??
    unreadable('This piece of text is not read', call.range),
};

/** Python's own methods of a text, where a column stands for each of its entries. */
export const entryTextMethods: MethodTable<DataArray> = Object.fromEntries(
  (['split', 'startswith', 'endswith'] as const).map((name) => [
    name,
    (column: DataArray, call: Call): Value => {
      const way = ways[name];
      return call.machine.entrywise > 0 && way
        ? way(column, call)
        : { kind: 'unknown', reason: notKnown(`.${name}()`, call.range) };
    },
  ]),
);
