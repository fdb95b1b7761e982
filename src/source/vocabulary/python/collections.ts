import { madeHere } from '../../interpret/growth';
import { findMember } from '../../interpret/classes';
import { iterationOf } from '../../interpret/iteration';
import { stringsOf, type Call, type Handler } from '../../interpret/call';
import { heldIn } from '../../interpret/attributes';
import { listValue, none, numberValue, unknown, unreadable, type Value } from '../../values/value';
import { pythonTable } from './builtins';
import { wrappedDefault } from './commandLines';
import { named } from './settings';
import type { FunctionTable } from '../functionTable';

const first = (call: Call): Value => call.positional[0]?.value ?? unknown;

/** Longest list of combinations that is written out. */
const longest = 4_096;

/** Every way to take one of each list, the last changing fastest. */
function combinations(lists: readonly (readonly Value[])[]): Value[][] | null {
  if (lists.reduce((count, list) => count * list.length, 1) > longest) return null;
  return lists.reduce<Value[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]]);
}

const itemsOf = (call: Call, value: Value): readonly Value[] | null => {
  const iteration = iterationOf(call.machine, value, call.range);
  return iteration.kind === 'items' ? iteration.items : null;
};

/** `itertools.product(rates, sizes)`. */
const product: Handler = (call) => {
  const lists = call.positional.map((a) => itemsOf(call, a.value));
  const known = lists.flatMap((list) => (list ? [list] : []));
  const repeat = call.keywords.get('repeat')?.value;
  const times = repeat?.kind === 'number' ? repeat.value : 1;
  if (known.length !== lists.length || times > 6) return unreadable('These combinations could not be read', call.range);
  const rows = combinations(Array.from({ length: times }, () => known).flat());
  return rows
    ? listValue(rows.map((row) => listValue(row, 'tuple')))
    : unreadable('These are too many combinations to follow', call.range);
};

/** `ParameterGrid({"lr": [...], "size": [...]})` of scikit-learn: names in order, the last changing fastest. */
const parameterGrid: Handler = (call) => {
  const value = first(call);
  if (value.kind !== 'dict') return unreadable('This grid could not be read', call.range);
  const keys = [...value.entries.keys()].sort();
  const lists = keys.map((key) => itemsOf(call, value.entries.get(key) ?? unknown));
  const known = lists.flatMap((list) => (list ? [list] : []));
  const rows = known.length === lists.length ? combinations(known) : null;
  if (!rows) return unreadable('This grid could not be read', call.range);
  return listValue(rows.map((row): Value => ({ kind: 'dict', entries: new Map(row.map((item, i) => [keys[i] ?? '', item])) })));
};

/** `namedtuple("HP", ["lr", "epochs"])`: calling it names its arguments. */
const namedTuple: Handler = (call) => {
  const fields = call.positional[1]?.value ?? call.keywords.get('field_names')?.value ?? unknown;
  const names = fields.kind === 'string' ? fields.value.split(/[\s,]+/).filter(Boolean) : stringsOf(fields);
  if (!names) return unknown;
  const defaults = itemsOf(call, call.keywords.get('defaults')?.value ?? none) ?? [];
  const values = new Map(names.map((name, i) => [name, defaults[i - (names.length - defaults.length)] ?? unknown] as const));
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([['__fields', { kind: 'dict', entries: new Map(values) }]]),
    missing: '`%` is not read',
  };
};

/** `copy` with some fields changed: `dataclasses.replace(config, lr=0.1)`. */
const replaced: Handler = (call) => {
  const value = first(call);
  if (value.kind === 'instance') {
    const fields = new Map(value.fields);
    for (const [name, a] of call.keywords) fields.set(name, a.value);
    return { ...value, fields };
  }
  return value.kind === 'unknown' ? value : unknown;
};

/** A dataclass's fields as a dictionary, nested ones too. */
function asDictionary(value: Value, depth = 0): Value {
  if (depth > 10) return value;
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => asDictionary(item, depth + 1)) };
  if (value.kind !== 'instance') return value;
  return { kind: 'dict', entries: new Map([...value.fields].map(([k, v]) => [k, asDictionary(v, depth + 1)])) };
}

/** Dictionaries whose entries are attributes as well. */
const easyDictionary: Handler = (call) => {
  const plain = (pythonTable['builtins.dict'] as Handler)(call);
  const made = named(plain);
  return made.kind === 'namespace' ? { ...made, missing: '`%` is not set' } : made;
};

/** The first of `count` batches: `itertools.islice(loader, count)`. */
const sliced: Handler = (call) => {
  const value = first(call);
  const bounds = call.positional.slice(1).map((a) => a.value);
  const items = itemsOf(call, value);
  const numbers = bounds.flatMap((b) => (b.kind === 'number' ? [b.value] : []));
  if (items && numbers.length === bounds.length && bounds.length > 0)
    return listValue(numbers.length === 1 ? items.slice(0, numbers[0]) : items.slice(numbers[0], numbers[1]));
  return unreadable('A part of the batches is not read', call.range);
};

/** Collections, iteration and dataclass helpers of the standard library. */
export const containersTable: FunctionTable = {
  'collections.OrderedDict': (call) => (pythonTable['builtins.dict'] as Handler)(call),
  'collections.defaultdict': (call) => {
    const factory = call.positional[0]?.value ?? none;
    const given = (pythonTable['builtins.dict'] as Handler)({ ...call, positional: call.positional.slice(1) });
    const entries = given.kind === 'dict' ? given.entries : new Map<string, Value>();
    return madeHere(call.machine, { kind: 'dict', entries, ...(factory.kind === 'none' ? {} : { factory }) });
  },
  'collections.namedtuple': namedTuple,
  'collections.deque': (call) =>
    madeHere(call.machine, listValue([...(itemsOf(call, call.positional[0]?.value ?? listValue([])) ?? [])])),
  'itertools.chain': (call) => {
    const parts = call.positional.map((a) => itemsOf(call, a.value));
    return parts.every((p) => p !== null) ? listValue(parts.flat()) : unknown;
  },
  'itertools.chain.from_iterable': (call) => {
    const parts = (itemsOf(call, first(call)) ?? []).map((part) => itemsOf(call, part));
    return parts.every((p) => p !== null) ? listValue(parts.flat()) : unknown;
  },
  'itertools.product': product,
  'itertools.cycle': first,
  'itertools.islice': sliced,
  'itertools.count': (call) => ({
    kind: 'range',
    start: call.positional[0]?.value ?? numberValue(0, true),
    stop: unknown,
    step: call.positional[1]?.value ?? numberValue(1, true),
  }),
  'sklearn.model_selection.ParameterGrid': parameterGrid,
  'dataclasses.field': (call) => wrappedDefault(call),
  'dataclasses.replace': replaced,
  'dataclasses.asdict': (call) => asDictionary(first(call)),
  'dataclasses.astuple': () => unknown,
  'dataclasses.fields': (call) => {
    const value = first(call);
    const type = value.kind === 'instance' ? value.type : value;
    if (type.kind !== 'class') return unknown;
    return listValue(
      (type.fields ?? []).map((name): Value => ({
        kind: 'namespace',
        entries: new Map<string, Value>([
          ['name', { kind: 'string', value: name, origin: null }],
          ['default', findMember(type, name) ?? unknown],
        ]),
        missing: '`%` of a field is not read',
      })),
    );
  },
  'easydict.EasyDict': easyDictionary,
  'addict.Dict': easyDictionary,
  'yacs.config.CfgNode': (call) => {
    const given = first(call);
    return easyDictionary(given.kind === 'unknown' ? { ...call, positional: [], keywords: new Map() } : call);
  },
  'munch.Munch': easyDictionary,
  'munch.munchify': easyDictionary,
  'box.Box': easyDictionary,
  'ml_collections.ConfigDict': easyDictionary,
  'ml_collections.config_dict.ConfigDict': easyDictionary,
};

/** Calls a named tuple's type. */
export function namedTupleOf(type: Value & { readonly kind: 'namespace' }, call: Call): Value | null {
  const fields = type.entries.get('__fields');
  if (fields?.kind !== 'dict') return null;
  const entries = new Map<string, Value>();
  [...fields.entries].forEach(([key, fallback], i) => {
    const name = String(key);
    entries.set(name, call.keywords.get(name)?.value ?? call.positional[i]?.value ?? fallback);
  });
  return { kind: 'namespace', entries, missing: '`%` is not a field of this tuple' };
}

/** A dictionary class of the script: its entries are read as attributes too, whichever way it keeps them. */
export function ownDictionary(call: Call): Value {
  const made = easyDictionary(call);
  return made.kind === 'namespace' ? made : heldIn(new Map());
}
