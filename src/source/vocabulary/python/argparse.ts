import type { Accepted } from '../../../records/given';
import type { SourceRange } from '../../../records/source';
import { callValue } from '../../interpret/calls';
import { iterationOf } from '../../interpret/iteration';
import { Arguments, plainCall, stringsOf, type Call } from '../../interpret/call';
import { passing } from '../../values/origin';
import {
  booleanValue,
  listValue,
  none,
  stringValue,
  unreadable,
  type NamespaceValue,
  type ParserValue,
  type Value,
} from '../../values/value';
import { acceptedOf, converted, fromCommandLine, givenValue, noneUntilGiven, type Flag } from './commandLines';
import type { FunctionTable, MethodTable } from '../functionTable';

const missingText = 'The value of `--%` comes from the command line';

/** The value of one argument when the script is started without any. */
function defaultOf(call: Call, flag: Flag): Value {
  const a = new Arguments(call, 'flags');
  const action = a.value('action');
  const kind = action?.kind === 'string' ? action.value : action?.kind === 'external' ? (action.path.split('.').pop() ?? '') : '';
  const given = call.keywords.get('default');
  const words = wordsWithoutFlag(flag, a.value('nargs'));
  if (words === 'rest' || (words === 'any' && (!given || given.value.kind === 'none'))) return listValue([]);
  if (given && given.value.kind !== 'none')
    return typed(passing(given.value, call.positional[0]?.range ?? call.range), a.value('type'), call);
  if (kind === 'store_true') return booleanValue(false, { place: call.range, chain: [] });
  if (kind === 'store_false') return booleanValue(true, { place: call.range, chain: [] });
  const required = a.value('required');
  const optional = a.value('nargs');
  const positional = !flag.written.startsWith('-') && !(optional?.kind === 'string' && /[?*]/.test(optional.value));
  return (required?.kind === 'boolean' && required.value) || positional
    ? fromCommandLine(flag, call.range)
    : noneUntilGiven(flag, call.range);
}

/** Any number of words without a flag is an empty list where there are none; the rest of the line is so whatever its default. */
function wordsWithoutFlag(flag: Flag, nargs: Value | null): 'rest' | 'any' | null {
  if (flag.written.startsWith('-')) return null;
  const isRest =
    nargs?.kind === 'external' ? nargs.path === 'argparse.REMAINDER' : nargs?.kind === 'string' && nargs.value === '...';
  if (isRest) return 'rest';
  return nargs?.kind === 'string' && nargs.value === '*' ? 'any' : null;
}

/** A default written as text goes through the argument's type, as argparse does it. */
function typed(value: Value, type: Value | null, call: Call): Value {
  if (type?.kind === 'function' && value.kind === 'string') return callValue(call.machine, type, plainCall(call, [value]));
  return converted(value, type);
}

/** What argparse takes for an argument: text where no type is said, one of its choices, several words where `nargs` says so. */
function acceptedBy(call: Call, type: Value | null): Accepted {
  const choices = call.keywords.get('choices')?.value;
  const items = choices?.kind === 'list' ? choices.items : [];
  const known = items.flatMap((item) => (item.kind === 'string' || item.kind === 'number' ? [item.value] : []));
  const count = call.keywords.get('nargs')?.value;
  return {
    ...(type === null ? { type: 'text' } : acceptedOf(type)),
    ...(known.length > 0 && known.length === items.length && { choices: known }),
    ...((count?.kind === 'number' || (count?.kind === 'string' && /[+*]/.test(count.value))) && { several: true }),
  };
}

function addArgument(parser: ParserValue, call: Call): Value {
  const flags = call.positional.flatMap((p) => (p.value.kind === 'string' ? [p.value.value] : []));
  const dest = call.keywords.get('dest')?.value;
  const long = flags.find((f) => f.startsWith('--')) ?? flags[0];
  const name = dest?.kind === 'string' ? dest.value : long?.replace(/^-+/, '').replace(/-/g, '_');
  if (!name || !long) return { kind: 'inert', path: 'argparse.Action' };
  const flag = { written: long, name };
  const type = call.keywords.get('type')?.value ?? null;
  const switched = call.keywords.get('action')?.value;
  if (!parser.arguments.has(name) || call.keywords.has('default')) {
    const accepted = switched === undefined ? acceptedBy(call, type) : acceptedOf(type);
    parser.arguments.set(name, givenValue(call, flag, type, accepted) ?? defaultOf(call, flag));
  }
  for (const flag of flags) parser.flags.set(flag, { name, type, takesValue: switched === undefined });
  return { kind: 'inert', path: 'argparse.Action' };
}

const parserOf = (call: Call): ParserValue => {
  const made: ParserValue = { kind: 'parser', arguments: new Map(), flags: new Map(), commands: [], command: null };
  const parents = iterationOf(call.machine, call.keywords.get('parents')?.value ?? none, call.range);
  if (parents.kind === 'items')
    for (const parent of parents.items)
      if (parent.kind === 'parser') {
        for (const [name, value] of parent.arguments) made.arguments.set(name, value);
        for (const [flag, target] of parent.flags) made.flags.set(flag, target);
      }
  return made;
};

/** The named values of a parser without a command line, or with the words that the script gives itself. */
function parse(parser: ParserValue, call: Call): NamespaceValue {
  const entries = new Map(parser.arguments);
  const chosen = parser.commands.find(({ name }) => /train|fit/i.test(name)) ?? parser.commands[0];
  if (chosen) {
    for (const [name, value] of parse(chosen.parser, plainCall(call, [])).entries) entries.set(name, value);
    if (parser.command !== null) entries.set(parser.command, stringValue(chosen.name, { place: chosen.range, chain: [] }));
    if (parser.commands.length > 1) call.machine.assume(`Of the script's commands \`${chosen.name}\` is read`, chosen.range);
  }
  const words = call.positional[0] ?? call.keywords.get('args');
  if (words && words.value.kind !== 'none') given(parser, entries, words.value, words.range);
  return { kind: 'namespace', entries, missing: missingText };
}

/** `parse_args(["--lr", "0.1"])`. */
function given(parser: ParserValue, entries: Map<string, Value>, words: Value, range: SourceRange): void {
  const list = stringsOf(words);
  if (!list || words.kind !== 'list') {
    // A missing list of words (`argv=None`) means the command line itself.
    if (words.kind === 'unknown' || words.kind === 'list') return;
    for (const name of entries.keys()) entries.set(name, unreadable('These arguments could not be read', range));
    return;
  }
  for (let i = 0; i < list.length; i++) {
    const [flag = '', attached] = (list[i] ?? '').split('=', 2);
    const target = parser.flags.get(flag);
    if (!target) continue;
    const place = words.items[i];
    const origin = place?.kind === 'string' ? place.origin : null;
    if (!target.takesValue) entries.set(target.name, booleanValue(true, origin));
    else if (attached !== undefined) entries.set(target.name, converted(stringValue(attached, origin), target.type));
    else entries.set(target.name, converted(words.items[++i] ?? none, target.type));
  }
}

/** Methods of an ArgumentParser; argument groups add to the same one. */
export const parserMethods: MethodTable<ParserValue> = {
  add_argument: addArgument,
  add_argument_group: (parser) => parser,
  add_mutually_exclusive_group: (parser) => parser,
  add_subparsers: (parser, call) => {
    const dest = call.keywords.get('dest')?.value;
    parser.command = dest?.kind === 'string' ? dest.value : null;
    return parser;
  },
  add_parser: (parser, call) => {
    const name = call.positional[0]?.value;
    const made = parserOf(call);
    parser.commands.push({ name: name?.kind === 'string' ? name.value : '', parser: made, range: call.range });
    return made;
  },
  parse_args: parse,
  parse_known_args: (parser, call) => ({
    kind: 'list',
    form: 'tuple',
    items: [parse(parser, call), { kind: 'list', form: 'list', items: [], range: null }],
    range: null,
  }),
  set_defaults: (parser, call) => {
    for (const [name, argument] of call.keywords) parser.arguments.set(name, argument.value);
    return none;
  },
  get_default: (parser, call) => {
    const name = call.positional[0]?.value;
    return name?.kind === 'string' ? (parser.arguments.get(name.value) ?? none) : none;
  },
  print_help: () => none,
};

const namedValues = (call: Call): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map([...call.keywords].map(([name, a]) => [name, a.value])),
  missing: '`%` is not set',
});

/** Values that a command line gives, and objects that hold named ones. */
export const argparseTable: FunctionTable = {
  'argparse.ArgumentParser': parserOf,
  'configargparse.ArgumentParser': parserOf,
  'configargparse.ArgParser': parserOf,
  'argparse.Namespace': namedValues,
  'types.SimpleNamespace': namedValues,
};
