import { combineSizes } from '../../graph/size';
import type { SourceRange } from '../../records/source';
import { matchesType, typeName } from '../values/columnTypes';
import type { NamespaceValue, NumberValue, Origin, ProgressValue, Value } from '../values/value';
import { booleanValue, listValue, numberValue, stringValue, unknown } from '../values/value';
import { symbolically } from '../vocabulary/keras/functional';
import { typeOfEntries } from '../vocabulary/python/typeChecks';
import { numbersOf, sizeOf, stringsOf } from './call';
import { charactersIn } from './characters';
import { fieldEquals } from './fileRecords';
import { knownNumber } from './knownNumbers';
import type { Machine } from './machine';
import { sameShape } from './sameShapes';
import { handUpdate } from './handUpdate';
import { entryFromOutside, isOutside } from './outsideRows';
import { comparedPasses, orders, regularly } from './passConditions';
import { rowOperands } from './rowLoops';
import { compareTensors, dataStep, isTensorLike, tensorBinary, tensorUnary } from './tensors';

/** Python's truth of a value; null when it is not known. */
export function truth(value: Value): boolean | null {
  switch (value.kind) {
    case 'none':
      return false;
    case 'boolean':
      return value.value;
    case 'number':
      return value.value !== 0;
    case 'string':
      return value.value.length > 0;
    case 'list':
      return value.grows ? null : value.items.length > 0;
    case 'dict':
      return value.entries.size > 0;
    case 'unknown':
    case 'size':
    case 'progress':
    case 'tensor':
    case 'array':
    case 'shape':
    case 'inert':
    case 'file':
      return null;
    default:
      return true;
  }
}

/** `left operator right` on plain values, lists, sizes, loop variables and tensors. */
export function binaryOperation(m: Machine, operator: string, left: Value, right: Value, range: SourceRange): Value {
  const updated = handUpdate(m, operator, left, right, range);
  if (updated) return updated;
  const symbol = symbolically([left, right], range, ([a = left, b = right]) => binaryOperation(m, operator, a, b, range));
  if (symbol) return symbol;
  const rows = rowOperands(m, operator, left, right, range);
  if (rows) return tensorBinary(m, operator, ...rows, range);
  const passed = passedEpochs(operator, left, right);
  if (passed) return passed;
  if (isOutside(left) && left.outside.batch) return binaryOperation(m, operator, entryFromOutside(m, left, ''), right, range);
  if (isOutside(right) && right.outside.batch) return binaryOperation(m, operator, left, entryFromOutside(m, right, ''), range);
  if (isOutside(left) && right.kind === 'unknown' && !isOutside(right)) return right;
  if (left.kind === 'unknown' && (right.kind === 'unknown' || !isTensorLike(right))) return left;
  if (right.kind === 'unknown' && !isTensorLike(left)) return right;
  if (isTensorLike(left) || isTensorLike(right)) return tensorBinary(m, operator, left, right, range);
  const a = numeric(left);
  const b = numeric(right);
  if (a && b) return arithmetic(operator, a, b, range);
  if (left.kind === 'progress' || right.kind === 'progress') return progress(operator, left, right);
  if (left.kind === 'string') return text(operator, left, right, range);
  if (left.kind === 'list') return sequence(operator, left, right);
  if (left.kind === 'dict' && right.kind === 'dict' && operator === '|')
    return { kind: 'dict', entries: new Map([...left.entries, ...right.entries]) };
  const p = sizeOf(left);
  const q = sizeOf(right);
  if (p !== null && q !== null && (operator === '+' || operator === '-' || operator === '*' || operator === '//'))
    return { kind: 'size', size: combineSizes(operator, p, q) };
  const [x, y] = p !== null && q !== null ? [knownNumber(m, left, range), knownNumber(m, right, range)] : [null, null];
  if (x !== null && y !== null) return arithmetic(operator, numberValue(x), numberValue(y), range);
  return p !== null && q !== null && operator === '/' ? { kind: 'size', size: combineSizes('/', p, q) } : unknown;
}

/** `i / n` and `epoch + i / n`, as schedules are told how far training is. */
function passedEpochs(operator: string, left: Value, right: Value): Value | null {
  const isPlain = (value: Value): value is ProgressValue =>
    value.kind === 'progress' && value.scale === 1 && value.modulus === null && value.offset >= 0;
  const of = sizeOf(right);
  if (operator === '/' && isPlain(left) && left.offset === 0 && of !== null)
    return { kind: 'unknown', reason: null, share: { loop: left.loop, of } };
  const [epoch, part] = left.kind === 'progress' ? [left, right] : [right, left];
  if (operator !== '+' || !isPlain(epoch) || epoch.offset !== 0 || part.kind !== 'unknown' || !part.share) return null;
  return { kind: 'unknown', reason: null, epochs: { epoch, batches: part.share.of } };
}

const numeric = (value: Value): NumberValue | null =>
  value.kind === 'number' ? value : value.kind === 'boolean' ? numberValue(Number(value.value), true, value.origin) : null;

/** The number that an operation gives; null where Python raises. */
export function compute(operator: string, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0 ? null : a / b;
    case '//':
      return b === 0 ? null : Math.floor(a / b);
    case '%':
      return b === 0 ? null : a - b * Math.floor(a / b);
    case '**':
      return a ** b;
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    default:
      return null;
  }
}

function arithmetic(operator: string, a: NumberValue, b: NumberValue, range: SourceRange): Value {
  const value = compute(operator, a.value, b.value);
  if (value === null || Number.isNaN(value)) return unknown;
  const integer = operator !== '/' && a.integer && b.integer && Number.isInteger(value);
  const sweep = sweepThrough(operator, a, b);
  const origin: Origin = { place: range, chain: [], ...(sweep ? { sweep } : {}) };
  return { kind: 'number', value, integer, origin, from: [a, b] };
}

function sweepThrough(operator: string, a: NumberValue, b: NumberValue): readonly Value[] | null {
  const swept = a.origin?.sweep ? a : b.origin?.sweep ? b : null;
  if (!swept?.origin?.sweep) return null;
  return swept.origin.sweep.flatMap((v) => {
    if (v.kind !== 'number') return [];
    const value = swept === a ? compute(operator, v.value, b.value) : compute(operator, a.value, v.value);
    return value === null ? [] : [numberValue(value)];
  });
}

/** Loop variables stay linear under +, - and * with numbers; `% n` is remembered. */
function progress(operator: string, left: Value, right: Value): Value {
  if (left.kind === 'progress' && right.kind === 'number' && left.modulus === null) {
    const n = right.value;
    if (operator === '+') return { ...left, offset: left.offset + n, scaleValue: left.scaleValue ?? right };
    if (operator === '-') return { ...left, offset: left.offset - n };
    if (operator === '*') return { ...left, scale: left.scale * n, offset: left.offset * n, scaleValue: right };
    if (operator === '%') return { ...left, modulus: n };
  }
  if (right.kind === 'progress' && left.kind === 'number' && (operator === '+' || operator === '*'))
    return progress(operator, right, left);
  return unknown;
}

function text(operator: string, left: Value & { readonly kind: 'string' }, right: Value, range: SourceRange): Value {
  if (operator === '+' && right.kind === 'string' && left.value.length + right.value.length < 10_000)
    return stringValue(left.value + right.value, { place: range, chain: [] });
  if (operator === '*' && right.kind === 'number' && right.value * left.value.length < 10_000)
    return stringValue(left.value.repeat(Math.max(0, right.value)), { place: range, chain: [] });
  if (operator === '/' && right.kind === 'string')
    return stringValue(joinPath(left.value, right.value), { place: range, chain: [] });
  if (operator === '%') return stringValue(left.value.replace(/%[sd]/, 'value' in right ? String(right.value) : '%s'));
  return unknown;
}

/** Path joining as `os.path.join` and `pathlib` do it. */
export function joinPath(first: string, second: string): string {
  if (second.startsWith('/') || first === '') return second;
  return first.endsWith('/') ? first + second : `${first}/${second}`;
}

function sequence(operator: string, left: Value & { readonly kind: 'list' }, right: Value): Value {
  if (operator === '+' && right.kind === 'list' && left.items.length + right.items.length <= 10_000)
    return listValue([...left.items, ...right.items], left.form, left.range);
  if (operator === '*' && right.kind === 'number' && right.value * left.items.length <= 10_000) {
    const items: Value[] = [];
    for (let i = 0; i < right.value; i++) items.push(...left.items);
    return listValue(items, left.form, left.range);
  }
  if (operator === '-' && left.form === 'set' && right.kind === 'list')
    return listValue(
      left.items.filter((item) => !right.items.some((other) => sameValue(item, other))),
      'set',
    );
  return unknown;
}

/** The opposite of a condition that is not known: it holds where the other fails. */
function opposite(value: Value): Value {
  if (value.kind === 'progress' && value.modulus !== null) return regularly(value, 0, 'every');
  if (value.kind !== 'unknown' || (value.every === undefined && value.exceptEvery === undefined)) return unknown;
  const { every, exceptEvery } = value;
  return {
    kind: 'unknown',
    reason: null,
    ...(exceptEvery === undefined ? {} : { every: exceptEvery }),
    ...(every === undefined ? {} : { exceptEvery: every }),
  };
}

/** `-x`, `not x`, `~x`. */
export function unaryOperation(m: Machine, operator: string, value: Value, range: SourceRange): Value {
  if (operator === 'not') {
    if (m.entrywise > 0 && value.kind === 'array' && value.mask) return tensorUnary(m, '~', value, range);
    const test = truth(value);
    return test === null ? opposite(value) : booleanValue(!test);
  }
  if (value.kind === 'unknown')
    return value.first && operator === '-' ? { ...value, first: { ...value.first, value: -value.first.value } } : value;
  if (isTensorLike(value)) return tensorUnary(m, operator, value, range);
  if (value.kind === 'number' && operator === '-')
    return {
      ...value,
      value: -value.value,
      origin: value.origin && value.origin.chain.length === 0 ? { place: range, chain: [] } : value.origin,
    };
  if (value.kind === 'number' && operator === '+') return value;
  if (operator === '~' && value.kind === 'list' && value.items.every((item) => item.kind === 'boolean'))
    return listValue(value.items.map((item) => booleanValue(item.kind === 'boolean' && !item.value)));
  return unknown;
}

/** Equality of plain values; null when it is not known. */
export function sameValue(a: Value, b: Value, depth = 0): boolean | null {
  if (a === b) return true;
  if (a.kind === 'size' && b.kind === 'size' && JSON.stringify(a.size) === JSON.stringify(b.size)) return true;
  const unclear = ['unknown', 'shape', 'size', 'progress', 'tensor', 'array', 'inert'];
  if (unclear.includes(a.kind) || unclear.includes(b.kind)) return null;
  if (a.kind === 'none' || b.kind === 'none') return a.kind === b.kind;
  if (a.kind === 'list' && b.kind === 'list') {
    if (a.items.length !== b.items.length) return false;
    if (depth > 8) return null;
    const all = a.items.map((item, i) => sameValue(item, b.items[i] as Value, depth + 1));
    return all.includes(false) ? false : all.includes(null) ? null : true;
  }
  if (typeName(a)) return matchesType(a, b);
  if (typeName(b)) return matchesType(b, a);
  if (a.kind === 'external' && b.kind === 'external') return a.path === b.path;
  if ('value' in a && 'value' in b)
    return typeof a.value === typeof b.value
      ? a.value === b.value
      : Number(a.value) === Number(b.value) && a.kind !== 'string' && b.kind !== 'string';
  return false;
}

/** One comparison. */
export function compareValues(m: Machine, operator: string, a: Value, b: Value, range: SourceRange): Value {
  const negate = (result: boolean | null): Value => (result === null ? unknown : booleanValue(!result));
  const typed = comparedTypes(m, operator, a, b, range) ?? comparedField(m, operator, a, b, range);
  if (typed) return typed;
  switch (operator) {
    case 'is':
      if (b.kind === 'none' || a.kind === 'none') {
        if (a.kind === 'unknown' || b.kind === 'unknown') return unknown;
        return booleanValue(a.kind === b.kind);
      }
      return plain(sameValue(a, b));
    case 'is not':
      return b.kind === 'none' && a.kind !== 'unknown' ? booleanValue(a.kind !== 'none') : negate(sameValue(a, b));
    case 'in':
      return entriesIn(m, a, b, range) ?? plain(contains(a, b));
    case 'not in': {
      const inside = entriesIn(m, a, b, range);
      return inside ? tensorUnary(m, '~', inside, range) : negate(contains(a, b));
    }
  }
  const rows = rowOperands(m, operator, a, b, range);
  if (rows) return compareTensors(m, operator, ...rows, range);
  const settled = settledByData(m, operator, a, b, range);
  if (settled) return settled;
  if (isTensorLike(a) || isTensorLike(b)) return compareTensors(m, operator, a, b, range);
  const passes = comparedPasses(m, operator, a, b);
  if (passes) return passes;
  if (a.kind === 'namespace' && a.entries.has('__byColumn') && (operator === '==' || operator === '!='))
    return comparedByColumn(a, operator, b);
  if (a.kind === 'list' && a.ofColumns && b.kind === 'string' && (operator === '==' || operator === '!='))
    return listValue(a.items.map((item) => booleanValue((sameValue(item, b) === true) === (operator === '=='))));
  const shapes = operator === '==' || operator === '!=' ? sameShape(m, a, b, range) : undefined;
  if (shapes !== undefined) return operator === '==' ? plain(shapes) : negate(shapes);
  if (operator === '==') return plain(sameValue(a, b));
  if (operator === '!=') return negate(sameValue(a, b));
  const left = numeric(a);
  const right = numeric(b);
  if (!left || !right) return unknown;
  if (operator === '<') return booleanValue(left.value < right.value);
  if (operator === '<=') return booleanValue(left.value <= right.value);
  if (operator === '>') return booleanValue(left.value > right.value);
  if (operator === '>=') return booleanValue(left.value >= right.value);
  return unknown;
}

/** `field == "x"` for every line of a file; null for other comparisons. */
function comparedField(m: Machine, operator: string, a: Value, b: Value, range: SourceRange): Value | null {
  const same = operator === '==' || operator === '!=' ? fieldEquals(m, a, b, range) : null;
  return same && operator === '!=' ? tensorUnary(m, '~', same, range) : same;
}

/** `type(entry) == float` for every entry of a column; null for other comparisons. */
function comparedTypes(m: Machine, operator: string, a: Value, b: Value, range: SourceRange): Value | null {
  const column = a.kind === 'namespace' ? a.entries.get('__entryType') : undefined;
  if (!column) return null;
  const same = typeOfEntries(m, column, b, range) ?? unknown;
  if (operator === '==' || operator === 'is') return same;
  return operator === '!=' || operator === 'is not' ? unaryOperation(m, '~', same, range) : unknown;
}

/** A comparison of single numbers that the project's files decide: `df["a"].isnull().sum() > 0`, `df["a"].nunique() < 10`. */
function settledByData(m: Machine, operator: string, a: Value, b: Value, range: SourceRange): Value | null {
  const isDecided = (value: Value): boolean => value.kind === 'size' || (value.kind === 'array' && value.shape?.length === 0);
  if (!m.project.tables || m.entrywise > 0 || !(isDecided(a) || isDecided(b))) return null;
  const x = knownNumber(m, a, range);
  const y = x === null ? null : knownNumber(m, b, range);
  if (x === null || y === null) return null;
  if (operator === '==' || operator === '!=') return booleanValue((x === y) === (operator === '=='));
  const compare = orders[operator];
  return compare ? booleanValue(compare(x, y)) : null;
}

/** `df.dtypes == "object"`: the answer for each column. */
function comparedByColumn(a: NamespaceValue, operator: '==' | '!=', b: Value): Value {
  const entries = new Map(
    [...a.entries].map(([name, value]) => {
      const same = name === '__byColumn' ? null : sameValue(value, b);
      return [name, name === '__byColumn' ? value : plain(same === null ? null : same === (operator === '=='))] as const;
    }),
  );
  return { ...a, entries };
}

/** `entry in [a, b]` for every entry of a column. */
function entriesIn(m: Machine, a: Value, b: Value, range: SourceRange): Value | null {
  if (m.entrywise === 0 || a.kind !== 'array') return null;
  const values = stringsOf(b) ?? numbersOf(b);
  return values && b.kind === 'list' ? dataStep(m, 'isIn', { values }, [a], range, { mask: true, integer: true }) : null;
}

const plain = (result: boolean | null): Value => (result === null ? unknown : booleanValue(result));

function contains(item: Value, container: Value): boolean | null {
  if (container.kind === 'list') {
    const found = container.items.map((other) => sameValue(item, other));
    return found.includes(true) ? true : found.includes(null) ? null : false;
  }
  if (container.kind === 'dict')
    return 'value' in item && typeof item.value !== 'undefined' ? container.entries.has(item.value as string) : null;
  if (item.kind === 'array' && charactersIn(container)) return true;
  if (container.kind === 'namespace' && item.kind === 'string') return container.entries.has(item.value);
  if (container.kind === 'string' && item.kind === 'string') return container.value.includes(item.value);
  return null;
}
