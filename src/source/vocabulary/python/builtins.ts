import { sortedList } from './sorting';
import { roundHalfEven } from '../../../base/elementary';
import { fieldNumber, lineTaken, recordsOf, recordsValue } from '../../interpret/fileRecords';
import { madeHere } from '../../interpret/growth';
import { combineSizes, type Size } from '../../../graph/size';
import { firstRows, rowsOfLoader } from '../rows/loaders';
import { Arguments, plainCall, sizeOf, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { lineage } from '../../interpret/classes';
import { charactersIn, charactersOf, decoding, vocabularyOf } from '../../interpret/characters';
import { iterationOf } from '../../interpret/iteration';
import { binaryOperation, sameValue, truth } from '../../interpret/operators';
import { withoutPass } from '../../interpret/rowLoops';
import { attributeOf, heldIn } from '../../interpret/attributes';
import type { Machine } from '../../interpret/machine';
import { dataStep } from '../../interpret/tensors';
import { assignTo } from '../../interpret/assignment';
import { knownNumber } from '../../interpret/knownNumbers';
import {
  booleanValue,
  listValue,
  none,
  numberValue,
  stringValue,
  unknown,
  unreadable,
  type NumberValue,
  type Value,
} from '../../values/value';
import type { Scope } from '../../values/scope';
import { roundedSize } from '../../values/sizeRoundings';
import type { FunctionTable } from '../functionTable';
import { numberedWeights, weightsIn } from '../layers/classWeights';
import { length } from '../tables/lengths';
import { castTo } from '../tensors/numberTypes';
import { entryType, isInstance } from './typeChecks';

const first = (call: Call): Value => call.positional[0]?.value ?? unknown;

/** The pairs that a dictionary is made of; null when they are not known. */
function pairsIn(base: Value, call: Call): readonly Value[] | null {
  if (base.kind === 'list') return base.items;
  const iteration = iterationOf(call.machine, base, call.range);
  return iteration.kind === 'items' ? iteration.items : null;
}

const asList =
  (form: 'list' | 'tuple' | 'set'): Handler =>
  (call) => {
    if (call.positional.length === 0) return madeHere(call.machine, listValue([], form));
    const given = first(call);
    const records = form === 'list' ? recordsOf(given) : null;
    if (records) return recordsValue(records);
    const value = given.kind === 'file' ? (charactersOf(call.machine, given, call.range) ?? given) : given;
    if (value.kind === 'array')
      return form === 'set' ? { kind: 'iterator', of: value, wrap: 'plain', others: [], start: 0, distinct: 'any' } : value;
    if (value.kind === 'iterator' && form !== 'set' && vocabularyOf(call.machine, value)) return value;
    const iteration = iterationOf(call.machine, value, call.range);
    if (iteration.kind !== 'items')
      return value.kind === 'range' ? countUp(call, value) : value.kind === 'loader' ? value : unknown;
    const items = [...iteration.items];
    if (form !== 'set') return madeHere(call.machine, listValue(items, form));
    return listValue(
      items.filter((item, i) => !items.slice(0, i).some((other) => sameValue(other, item) === true)),
      'set',
    );
  };

/** `list(range(n))` with an n that the data decide. */
function countUp(call: Call, range: Value & { readonly kind: 'range' }): Value {
  const { start, stop, step } = range;
  const end = sizeOf(stop);
  if (end === null || start.kind !== 'number' || start.value !== 0 || step.kind !== 'number' || step.value !== 1) return unknown;
  return dataStep(call.machine, 'arange', { start: 0, end, step: 1 }, [], call.range, { shape: [end], integer: true });
}

const convertNumber =
  (integer: boolean): Handler =>
  (call) => {
    const value = withoutPass(call.machine, first(call), call.range);
    if (value.kind === 'number') return { ...value, value: integer ? Math.trunc(value.value) : value.value, integer };
    if (value.kind === 'boolean') return numberValue(Number(value.value), integer, value.origin);
    if (value.kind === 'string' && value.value.trim() !== '' && !Number.isNaN(Number(value.value)))
      return numberValue(Number(value.value), integer, value.origin);
    const infinite = value.kind === 'string' && !integer ? /^\s*([+-]?)inf(inity)?\s*$/i.exec(value.value) : null;
    if (value.kind === 'string' && infinite) return numberValue(infinite[1] === '-' ? -Infinity : Infinity, false, value.origin);
    if (value.kind === 'size')
      return integer && hasFraction(value.size) ? { kind: 'size', size: combineSizes('//', value.size, 1) } : value;
    const field = fieldNumber(call.machine, value, integer ? 'integer' : 'float', call.range);
    if (field) return field;
    if (value.kind === 'array' && value.row && value.shape?.length === 1)
      return castTo(value, integer ? 'integer' : 'float', call);
    if (value.kind === 'array' && value.shape?.length === 0)
      return integer && value.integer !== true && !value.size ? castTo(value, 'integer', call) : value;
    return value.kind === 'unknown' ? value : unknown;
  };

/** Whether a number in the size is no whole one, so that the size itself may be none. */
const hasFraction = (size: Size): boolean =>
  typeof size === 'number'
    ? !Number.isInteger(size)
    : 'op' in size && (size.op === '/' || hasFraction(size.left) || hasFraction(size.right));

/** A whole number that the project's files decide. */
function decided(call: Call, value: Value): NumberValue | null {
  const known = value.kind === 'size' ? knownNumber(call.machine, value, call.range) : null;
  return known === null ? null : numberValue(known, true);
}

const reduceNumbers =
  (pick: (numbers: readonly number[]) => number, isLargest = false): Handler =>
  (call) => {
    const values = call.positional.length === 1 ? first(call) : listValue(call.positional.map((a) => a.value));
    if (values.kind === 'array') {
      if (isLargest && values.integer !== false)
        return { kind: 'size', size: call.machine.program.symbol(values.step, { kind: 'maximum' }) };
      const column = !values.row && (values.flavour === 'series' || values.shape?.length === 1);
      return column ? call.machine.invokeMethod(values, isLargest ? 'max' : 'min', plainCall(call, [])) : unknown;
    }
    if (values.kind !== 'list') return unknown;
    const sizes = values.items.map(sizeOf);
    const isDecided = values.items.every((item) => item.kind === 'number' || decided(call, item));
    if (!isDecided && sizes.length > 0 && sizes.every((size) => size !== null))
      return { kind: 'size', size: sizes.reduce((best, size) => combineSizes(isLargest ? 'max' : 'min', best, size)) };
    const numbers = values.items.flatMap((v) => {
      const known = v.kind === 'number' ? v : decided(call, v);
      return known ? [known] : [];
    });
    if (numbers.length === 0 || numbers.length !== values.items.length) return unknown;
    const best = pick(numbers.map((n) => n.value));
    return numbers.find((n) => n.value === best) ?? numberValue(best);
  };

/** `range(...)`. */
export const range: Handler = (call) => {
  const values = call.positional.map((a) => a.value);
  const zero = numberValue(0, true);
  const one = numberValue(1, true);
  if (values.length === 1) return { kind: 'range', start: zero, stop: values[0] ?? unknown, step: one };
  return { kind: 'range', start: values[0] ?? unknown, stop: values[1] ?? unknown, step: values[2] ?? one };
};

/** Going through a value plainly, numbered, or beside others. */
export const iterator =
  (wrap: 'plain' | 'enumerate' | 'zip'): Handler =>
  (call) => {
    const start = new Arguments(call, 'iterable start').value('start');
    return {
      kind: 'iterator',
      of: first(call),
      wrap,
      others: wrap === 'zip' ? call.positional.slice(1).map((a) => a.value) : [],
      start: wrap === 'enumerate' && start?.kind === 'number' ? start.value : 0,
    };
  };

const superOf: Handler = (call) => {
  const stack = call.machine.callStack;
  const current = stack[stack.length - 1];
  if (!current?.self || !current.owner) return unknown;
  const given = first(call);
  return { kind: 'super', instance: current.self, after: given.kind === 'class' ? given : current.owner };
};

const mapped: Handler = (call) => {
  const iteration = iterationOf(call.machine, call.positional[1]?.value ?? unknown, call.range);
  if (iteration.kind !== 'items') return unknown;
  return listValue(
    iteration.items
      .slice(0, 500)
      .map((item) =>
        callValue(call.machine, first(call), { ...call, positional: [{ value: item, range: call.range }], keywords: new Map() }),
      ),
  );
};

const filtered: Handler = (call) => {
  const iteration = iterationOf(call.machine, call.positional[1]?.value ?? unknown, call.range);
  if (iteration.kind !== 'items') return unknown;
  const kept: Value[] = [];
  for (const item of iteration.items) {
    const test =
      first(call).kind === 'none'
        ? truth(item)
        : truth(
            callValue(call.machine, first(call), {
              ...call,
              positional: [{ value: item, range: call.range }],
              keywords: new Map(),
            }),
          );
    if (test === null)
      return { kind: 'unknown', reason: { text: 'What this filter keeps could not be read', range: call.range } };
    if (test) kept.push(item);
  }
  return listValue(kept);
};

const sum: Handler = (call) => {
  const value = first(call);
  const iteration = iterationOf(call.machine, value, call.range);
  if (iteration.kind !== 'items') return unknown;
  const start: Value = call.positional[1]?.value ?? numberValue(0, true);
  return iteration.items.reduce<Value>((total, item) => {
    if (total.kind === 'number' && total.value === 0 && item.kind === 'tensor') return item;
    return binaryOperation(call.machine, '+', total, item, call.range);
  }, start);
};

const roundNumber: Handler = (call) => {
  const value = first(call);
  const digits = call.positional[1]?.value;
  if (value.kind === 'size' && !digits) return roundedSize('round', value) ?? unknown;
  if (value.kind !== 'number') return value.kind === 'unknown' ? value : unknown;
  const scale = digits?.kind === 'number' ? 10 ** digits.value : 1;
  return { ...value, value: roundHalfEven(value.value * scale) / scale, integer: scale === 1 };
};

/** One batch of a loader that is drawn before the loop: rows that stay the same. Null for others. */
function oneBatch(value: Value, call: Call): Value | null {
  const loader = value.kind === 'iterator' && value.wrap === 'plain' ? value.of : value;
  return loader.kind === 'loader' ? firstRows(call.machine, loader, call.range) : null;
}

/** `next(batches)` and `batches.__next__()`: in a loop, each pass draws one. */
export const drawn: Handler = (call) => {
  const value = first(call);
  const line = lineTaken(value, call.range);
  if (line) return line;
  const iteration = iterationOf(call.machine, value, call.range);
  if (iteration.kind === 'items') return iteration.items[0] ?? unknown;
  const loop = call.machine.currentLoop;
  const one = loop ? null : oneBatch(value, call);
  if (one) return one;
  if (!loop) return iteration.item({ id: 0, range: call.range, head: call.range, count: null, firstStep: 0, batches: true });
  if (iteration.batches) loop.batches = loop.drawn = true;
  const anew = value.kind === 'iterator' && value.madeIn === loop.id && value.of.kind === 'loader' ? value.of : null;
  if (!anew) return iteration.item(loop);
  if (!anew.shuffle.value && !anew.full) return unreadable('This takes the first batch again in each pass', call.range);
  return rowsOfLoader(call.machine, { ...anew, replacement: !anew.full }, loop);
};

const handlers: FunctionTable = {
  print: () => none,
  len: length,
  range,
  enumerate: iterator('enumerate'),
  zip: iterator('zip'),
  slice: (call) => {
    const given = call.positional.map((a) => a.value);
    const [start = none, stop = none, step = none] = given.length === 1 ? [none, given[0]] : given;
    return { kind: 'slice', start, stop, step };
  },
  iter: (call) => {
    const made = iterator('plain')(call);
    return made.kind === 'iterator' ? { ...made, madeIn: call.machine.currentLoop?.id ?? null } : made;
  },
  reversed: (call) => {
    const iteration = iterationOf(call.machine, first(call), call.range);
    return iteration.kind === 'items' ? listValue([...iteration.items].reverse()) : unknown;
  },
  next: drawn,
  list: asList('list'),
  tuple: asList('tuple'),
  set: asList('set'),
  sorted: (call) => {
    const given = first(call);
    if (given.kind !== 'iterator' || given.wrap !== 'plain' || !given.distinct) {
      const list = asList('list')(call);
      return list.kind === 'list' ? sortedList(list, call) : list;
    }
    return given.distinct && call.keywords.size === 0 ? { ...given, distinct: 'sorted' } : given;
  },
  dict: (call) => {
    const base = first(call);
    if (base.kind === 'array' && base.flavour === 'frame' && call.keywords.size === 0) return base;
    if (base.kind === 'namespace' && charactersIn(base)) return base;
    const weights = weightsIn(base);
    const numbered = base.kind === 'iterator' && base.wrap === 'enumerate' ? vocabularyOf(call.machine, base.of) : null;
    if (numbered) return decoding(numbered);
    if (weights) return numberedWeights(weights);
    const entries = new Map<string | number | boolean, Value>(base.kind === 'dict' ? base.entries : []);
    if (base.kind === 'namespace' && call.keywords.size === 0) return { ...base, entries: new Map(base.entries) };
    const pairs = call.positional.length === 0 || base.kind === 'dict' ? [] : pairsIn(base, call);
    // What it holds is not known: an empty dictionary would leave every argument at its default.
    if (pairs === null) return base.kind === 'unknown' ? base : unknown;
    for (const item of pairs)
      if (item.kind === 'list' && item.items[0] && 'value' in item.items[0])
        entries.set(item.items[0].value as string, item.items[1] ?? unknown);
    for (const [name, argument] of call.keywords) entries.set(name, argument.value);
    return madeHere(call.machine, { kind: 'dict', entries, ...(base.kind === 'dict' && base.open ? { open: true } : {}) });
  },
  int: convertNumber(true),
  float: convertNumber(false),
  str: (call) => {
    const value = first(call);
    return value.kind === 'string' ? value : value.kind === 'number' ? stringValue(String(value.value), value.origin) : unknown;
  },
  bool: (call) => {
    const test = truth(first(call));
    return test === null ? unknown : booleanValue(test);
  },
  abs: (call) => {
    const value = first(call);
    return value.kind === 'number'
      ? { ...value, value: Math.abs(value.value) }
      : value.kind === 'tensor' || value.kind === 'array'
        ? callValue(call.machine, { kind: 'external', path: 'torch.abs' }, call)
        : unknown;
  },
  max: reduceNumbers((n) => Math.max(...n), true),
  min: reduceNumbers((n) => Math.min(...n)),
  sum,
  round: roundNumber,
  pow: (call) => binaryOperation(call.machine, '**', first(call), call.positional[1]?.value ?? unknown, call.range),
  isinstance: isInstance,
  hasattr: (call) => {
    const name = call.positional[1]?.value;
    const value = first(call);
    if (name?.kind !== 'string') return unknown;
    if (value.kind === 'layer') return booleanValue(name.value in value.parameters || value.attributes.has(name.value));
    if (value.kind === 'namespace') return booleanValue(value.entries.has(name.value));
    if (value.kind === 'instance')
      return booleanValue(value.fields.has(name.value) || lineage(value.type).some((c) => c.members.has(name.value)));
    return unknown;
  },
  getattr: (call) => {
    const name = call.positional[1]?.value;
    if (name?.kind !== 'string') return unknown;
    const value = first(call);
    const fallback = call.positional[2]?.value;
    if (
      fallback &&
      value.kind === 'instance' &&
      !value.fields.has(name.value) &&
      !lineage(value.type).some((c) => c.members.has(name.value))
    )
      return fallback;
    if (fallback && value.kind === 'namespace' && !value.entries.has(name.value)) return fallback;
    return attributeOf(call.machine, value, name.value, call.range);
  },
  setattr: (call) => {
    const name = call.positional[1];
    if (name?.value.kind === 'string') {
      const value = first(call);
      const given = call.positional[2]?.value ?? unknown;
      if (value.kind === 'instance') value.fields.set(name.value.value, given);
      else if (value.kind === 'namespace') value.entries.set(name.value.value, given);
      else assignTo(call.machine, call.scope, { kind: 'error', range: call.range }, given);
    }
    return none;
  },
  type: (call) => {
    const value = first(call);
    if (value.kind === 'layer') return { kind: 'external', path: value.path };
    if (value.kind === 'array' && call.machine.entrywise > 0) return entryType(value);
    return value.kind === 'instance' ? value.type : unknown;
  },
  super: superOf,
  map: mapped,
  filter: filtered,
  all: (call) => quantified(call, true),
  any: (call) => quantified(call, false),
  vars: (call) => namespaceEntries(first(call)),
  open: (call) => ({ kind: 'file', path: call.positional[0]?.value ?? call.keywords.get('file')?.value ?? unknown }),
  input: () => unknown,
  property: first,
  staticmethod: first,
};

function quantified(call: Call, all: boolean): Value {
  const iteration = iterationOf(call.machine, first(call), call.range);
  if (iteration.kind !== 'items') return unknown;
  const tests = iteration.items.map(truth);
  if (tests.includes(!all)) return booleanValue(!all);
  return tests.includes(null) ? unknown : booleanValue(all);
}

/** Attributes of a namespace, instance or class as a dictionary. */
export function namespaceEntries(value: Value): Value {
  if (value.kind === 'namespace') return heldIn(value.entries);
  if (value.kind === 'instance') return heldIn(value.fields);
  return value.kind === 'class' ? { kind: 'dict', entries: new Map(value.members) } : unknown;
}

/** The path of a file of the project as seen from the script's folder. */
function fromScript(main: string, path: string): string {
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}

/** Python's own functions, reached by name when the script does not define it. */
export function builtin(m: Machine, scope: Scope, name: string): Value | null {
  if (name === '__name__') return stringValue(scope.path === m.mainPath ? '__main__' : scope.path);
  if (name === '__package__') return stringValue(scope.path);
  if (name === '__file__') return stringValue(fromScript(m.mainPath, scope.path));
  if (name === 'Ellipsis') return { kind: 'external', path: 'builtins.Ellipsis' };
  if (name === 'NotImplemented') return unknown;
  return Object.hasOwn(handlers, name) || name === 'object' || name === 'Exception' || name === 'ValueError'
    ? { kind: 'external', path: `builtins.${name}` }
    : null;
}

/** Python's own functions by their names below `builtins`. */
export const pythonTable: FunctionTable = Object.fromEntries(
  Object.entries(handlers).map(([name, handler]) => [`builtins.${name}`, handler]),
);
