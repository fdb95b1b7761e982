import { charactersIn } from '../../interpret/characters';
import { noteGrowth } from '../../interpret/growth';
import type { Call } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { parsedDataclasses } from './commandLines';
import { configNodeMethods } from './configNodes';
import { settingsMethods } from './settings';
import { sameValue } from '../../interpret/operators';
import { keyValue } from '../../interpret/iteration';
import {
  booleanValue,
  listValue,
  none,
  numberValue,
  stringValue,
  unknown,
  type DictValue,
  type FileValue,
  type ListValue,
  type NamespaceValue,
  type StringValue,
  type Value,
} from '../../values/value';
import { appendItem } from '../../interpret/rowChoices';
import { asOneRow } from '../../interpret/rowLoops';
import { fieldMapped, lineTaken, placesIn, recordsValue, textsIn } from '../../interpret/fileRecords';
import { sortInPlace } from './sorting';
import type { MethodTable } from '../functionTable';
import { npzItem } from '../tables/arrayFiles';
import { unreadable } from '../../values/value';

const longest = 5_000;

/** Methods of lists. */
export const listMethods: MethodTable<ListValue> = {
  append: (list, call) => {
    const item = asOneRow(call.machine, call.positional[0]?.value ?? unknown, call.range);
    appendItem(call.machine, list, item, longest);
    noteGrowth(call.machine, list);
    return none;
  },
  extend: (list, call) => {
    const other = call.positional[0]?.value;
    if (other?.kind === 'list' && list.items.length + other.items.length < longest) list.items.push(...other.items);
    if (other?.kind === 'list' && !other.open) noteGrowth(call.machine, list);
    else list.open = true;
    return none;
  },
  insert: (list, call) => {
    const at = call.positional[0]?.value;
    if (at?.kind === 'number') list.items.splice(at.value, 0, call.positional[1]?.value ?? unknown);
    noteGrowth(call.machine, list);
    return none;
  },
  pop: (list, call) => {
    const at = call.positional[0]?.value;
    return list.items.splice(at?.kind === 'number' ? at.value : -1, 1)[0] ?? unknown;
  },
  copy: (list) => listValue([...list.items], list.form),
  index: (list, call) => {
    const wanted = call.positional[0]?.value ?? unknown;
    const places = fieldMapped(call.machine, wanted, textsIn(list), placesIn(list), call.range);
    if (places) return places;
    const found = list.items.findIndex((item) => sameValue(item, wanted) === true);
    return found < 0 ? unknown : numberValue(found, true);
  },
  remove: (list, call) => {
    const wanted = call.positional[0]?.value ?? unknown;
    const at = list.items.findIndex((item) => sameValue(item, wanted) === true);
    if (at >= 0) list.items.splice(at, 1);
    else list.open = true;
    noteGrowth(call.machine, list);
    return none;
  },
  sort: sortInPlace,
  reverse: (list) => {
    list.items.reverse();
    return none;
  },
  add: (list, call) => {
    const value = call.positional[0]?.value ?? unknown;
    if (!list.items.some((item) => sameValue(item, value) === true)) list.items.push(value);
    return none;
  },
  clear: (list) => {
    list.items = [];
    return none;
  },
};

/** What is seen of the entries of a dictionary, as open as it is. */
const view = (dict: DictValue, items: Value[]): ListValue => ({ ...listValue(items), ...(dict.open ? { open: true } : {}) });

/** Methods of dictionaries. */
export const dictMethods: MethodTable<DictValue> = {
  get: (dict, call) => {
    const key = call.positional[0]?.value;
    const found = key && 'value' in key ? dict.entries.get(key.value as string) : undefined;
    return found ?? (key && 'value' in key ? (call.positional[1]?.value ?? none) : unknown);
  },
  items: (dict) =>
    view(
      dict,
      [...dict.entries].map(([k, v]) => listValue([keyValue(k), v], 'tuple')),
    ),
  keys: (dict) => view(dict, [...dict.entries.keys()].map(keyValue)),
  values: (dict) => view(dict, [...dict.entries.values()]),
  update: (dict, call) => {
    const other = call.positional[0]?.value;
    if (other?.kind === 'dict') for (const [k, v] of other.entries) dict.entries.set(k, v);
    if (other && (other.kind !== 'dict' || other.open)) dict.open = true;
    for (const [k, a] of call.keywords) dict.entries.set(k, a.value);
    return none;
  },
  copy: (dict) => ({ kind: 'dict', entries: new Map(dict.entries) }),
  pop: (dict, call) => {
    const key = call.positional[0]?.value;
    if (!key || !('value' in key)) return unknown;
    const found = dict.entries.get(key.value as string);
    dict.entries.delete(key.value as string);
    return found ?? call.positional[1]?.value ?? unknown;
  },
  setdefault: (dict, call) => {
    const key = call.positional[0]?.value;
    if (!key || !('value' in key)) return unknown;
    const found = dict.entries.get(key.value as string) ?? call.positional[1]?.value ?? none;
    dict.entries.set(key.value as string, found);
    return found;
  },
};

/** `'{}/{name}'.format(...)` with plain values; what is not known keeps its braces. */
function formatted(text: StringValue, call: Call): Value {
  let position = 0;
  const value = text.value.replace(/\{([^{}:!]*)\}/g, (whole, name: string) => {
    const argument =
      name === '' ? call.positional[position++] : /^\d+$/.test(name) ? call.positional[Number(name)] : call.keywords.get(name);
    const inner = argument?.value;
    return inner?.kind === 'string' || inner?.kind === 'number' ? String(inner.value) : whole;
  });
  return stringValue(value, text.origin);
}

/** Methods of text. */
export const stringMethods: MethodTable<StringValue> = {
  lower: (s) => stringValue(s.value.toLowerCase(), s.origin),
  upper: (s) => stringValue(s.value.toUpperCase(), s.origin),
  strip: (s) => stringValue(s.value.trim(), s.origin),
  format: formatted,
  split: (s, call) => {
    const by = call.positional[0]?.value;
    return listValue(
      (by?.kind === 'string' ? s.value.split(by.value) : s.value.trim().split(/\s+/))
        .slice(0, longest)
        .map((part) => stringValue(part, s.origin)),
    );
  },
  join: (s, call) => {
    const list = call.positional[0]?.value;
    return list?.kind === 'list' && list.items.every((i) => i.kind === 'string')
      ? stringValue(list.items.map((i) => i.value).join(s.value))
      : unknown;
  },
  startswith: (s, call) => {
    const by = call.positional[0]?.value;
    return by?.kind === 'string' ? booleanValue(s.value.startsWith(by.value)) : unknown;
  },
  endswith: (s, call) => {
    const by = call.positional[0]?.value;
    return by?.kind === 'string' ? booleanValue(s.value.endsWith(by.value)) : unknown;
  },
  find: (s, call) => {
    const by = call.positional[0]?.value;
    return by?.kind === 'string' ? numberValue(s.value.indexOf(by.value), true) : unknown;
  },
  replace: (s, call) => {
    const [a, b] = call.positional.map((p) => p.value);
    return a?.kind === 'string' && b?.kind === 'string' && s.value.length < longest
      ? stringValue(s.value.split(a.value).join(b.value), s.origin)
      : unknown;
  },
  isdigit: (s) => booleanValue(/^\d+$/.test(s.value)),
  mkdir: () => none,
  encode: (s) => s,
};

/** Methods of an opened file: its text stands for it. */
export const fileMethods: MethodTable<FileValue> = {
  read: (file) => ({ ...file, whole: true }),
  lower: (file) => ({ ...file, lower: true }),
  close: () => none,
  write: () => none,
  readline: (file, call) => lineTaken(file, call.range) ?? unknown,
  readlines: (file) => recordsValue({ file, form: 'lines', separator: null, skip: file.skipped ?? 0 }),
  strip: (file) => file,
  splitlines: (file) => recordsValue({ file, form: 'lines', separator: null, skip: 0 }),
  split: (file, call) => {
    const by = call.positional[0]?.value;
    return by?.kind === 'string' && by.value === '\n' ? recordsValue({ file, form: 'lines', separator: null, skip: 0 }) : unknown;
  },
};

const itemsOf = (ns: NamespaceValue): Value =>
  listValue([...ns.entries].filter(([k]) => k !== '__byColumn').map(([k, v]) => listValue([stringValue(k), v], 'tuple')));

/** A callable kept by functools.partial, and dictionary access to named values. */
export const namespaceMethods: MethodTable<NamespaceValue> = {
  get: (ns, call) => {
    const key = call.positional[0]?.value;
    return key?.kind === 'string' ? (ns.entries.get(key.value) ?? call.positional[1]?.value ?? none) : unknown;
  },
  items: (ns) => {
    const characters = charactersIn(ns);
    return characters ? { kind: 'iterator', of: ns, wrap: 'enumerate', others: [], start: 0 } : itemsOf(ns);
  },
  keys: (ns) => listValue([...ns.entries.keys()].map((k) => stringValue(k))),
  values: (ns) => listValue([...ns.entries.values()]),
  update: (ns, call) => {
    const other = call.positional[0]?.value;
    if (other?.kind === 'dict' || other?.kind === 'namespace') for (const [k, v] of other.entries) ns.entries.set(String(k), v);
    for (const [k, a] of call.keywords) ns.entries.set(k, a.value);
    return none;
  },
  pop: (ns, call) => {
    const key = call.positional[0]?.value;
    if (key?.kind !== 'string') return unknown;
    const found = ns.entries.get(key.value);
    ns.entries.delete(key.value);
    return found ?? call.positional[1]?.value ?? unknown;
  },
  copy: (ns) => ({ ...ns, entries: new Map(ns.entries) }),
  manual_seed: (ns, call) => {
    const value = call.positional[0]?.value;
    if (ns.entries.has('__generator') && value) call.machine.journal.set(ns.entries, 'seed', value);
    return ns;
  },
  _asdict: (ns) => ({ kind: 'dict', entries: new Map(ns.entries) }),
  parse_args_into_dataclasses: parsedDataclasses,
  ...settingsMethods,
  ...configNodeMethods,
};

/** Names that are methods of every object with named values, when it has no such entry. */
export const isNamespaceMethod = (name: string): boolean => Object.hasOwn(namespaceMethods, name);

/** Calls what functools.partial kept. */
export function callPartial(ns: NamespaceValue, call: Parameters<typeof callValue>[2]): Value {
  const callee = ns.entries.get('__callee');
  const kept = ns.entries.get('__arguments');
  const keywords = ns.entries.get('__keywords');
  if (!callee) return unknown;
  const before = kept?.kind === 'list' ? kept.items.map((value) => ({ value, range: call.range })) : [];
  const named =
    keywords?.kind === 'dict'
      ? [...keywords.entries].map(([k, value]) => [String(k), { value, range: call.range }] as const)
      : [];
  return callValue(call.machine, callee, {
    ...call,
    positional: [...before, ...call.positional],
    keywords: new Map([...named, ...call.keywords]),
  });
}

/** `archive["x"]` of an npz file. */
export function namespaceItem(ns: NamespaceValue, key: string, call: Parameters<typeof npzItem>[2]): Value {
  const archive = ns.entries.get('__npz');
  if (archive) return npzItem(archive, key, call) ?? unknown;
  return ns.entries.get(key) ?? unreadable(ns.missing.replace('%', key), call.range);
}
