import { Arguments, type Call } from '../interpret/call';
import { passing } from '../values/origin';
import { booleanValue, none, numberValue, unreadable, type NamespaceValue, type ParserValue, type Value } from '../values/value';
import type { FunctionTable, MethodTable } from './functionTable';

const missingText = 'The value of `--%` comes from the command line';

/** The value of one argument when the script is started without any. */
function defaultOf(call: Call, name: string): Value {
  const a = new Arguments(call, 'flags');
  const action = a.value('action');
  const kind = action?.kind === 'string' ? action.value : action?.kind === 'external' ? (action.path.split('.').pop() ?? '') : '';
  const given = call.keywords.get('default');
  if (given) return typed(passing(given.value, call.positional[0]?.range ?? call.range), a);
  if (kind === 'store_true') return booleanValue(false, { place: call.range, chain: [] });
  if (kind === 'store_false') return booleanValue(true, { place: call.range, chain: [] });
  const required = a.value('required');
  const positional = call.positional[0]?.value.kind === 'string' && !call.positional[0].value.value.startsWith('-');
  if ((required?.kind === 'boolean' && required.value) || positional)
    return unreadable(missingText.replace('%', name), call.range);
  return none;
}

/** A default written as text is converted by the argument's type. */
function typed(value: Value, a: Arguments): Value {
  const type = a.value('type');
  if (type?.kind !== 'external') return value;
  if (value.kind === 'string' && (type.path === 'builtins.float' || type.path === 'builtins.int')) {
    const number = Number(value.value);
    return Number.isNaN(number) ? value : numberValue(number, type.path === 'builtins.int', value.origin);
  }
  return value.kind === 'number' && type.path === 'builtins.float' ? { ...value, integer: false } : value;
}

function addArgument(parser: ParserValue, call: Call): Value {
  const flags = call.positional.flatMap((p) => (p.value.kind === 'string' ? [p.value.value] : []));
  const dest = call.keywords.get('dest')?.value;
  const long = flags.find((f) => f.startsWith('--')) ?? flags[0];
  const name = dest?.kind === 'string' ? dest.value : long?.replace(/^-+/, '').replace(/-/g, '_');
  if (name) parser.arguments.set(name, defaultOf(call, name));
  return { kind: 'inert', path: 'argparse.Action' };
}

function parse(parser: ParserValue): NamespaceValue {
  return { kind: 'namespace', entries: new Map(parser.arguments), missing: missingText };
}

/** Methods of an ArgumentParser; groups and subparsers add to the same one. */
export const parserMethods: MethodTable<ParserValue> = {
  add_argument: addArgument,
  add_argument_group: (parser) => parser,
  add_mutually_exclusive_group: (parser) => parser,
  add_subparsers: (parser) => parser,
  add_parser: (parser) => parser,
  parse_args: parse,
  parse_known_args: (parser) => ({
    kind: 'list',
    form: 'tuple',
    items: [parse(parser), { kind: 'list', form: 'list', items: [], range: null }],
    range: null,
  }),
  set_defaults: (parser, call) => {
    for (const [name, argument] of call.keywords) parser.arguments.set(name, argument.value);
    return none;
  },
  print_help: () => none,
};

/** Values that a command line gives. */
export const argparseTable: FunctionTable = {
  'argparse.ArgumentParser': () => ({ kind: 'parser', arguments: new Map() }),
  'argparse.Namespace': (call) => ({
    kind: 'namespace',
    entries: new Map([...call.keywords].map(([name, a]) => [name, a.value])),
    missing: '`%` is not set',
  }),
  'types.SimpleNamespace': (call) => ({
    kind: 'namespace',
    entries: new Map([...call.keywords].map(([name, a]) => [name, a.value])),
    missing: '`%` is not set',
  }),
  'easydict.EasyDict': (call) => {
    const first = call.positional[0]?.value;
    const entries = new Map<string, Value>(first?.kind === 'dict' ? [...first.entries].map(([k, v]) => [String(k), v]) : []);
    for (const [name, a] of call.keywords) entries.set(name, a.value);
    return { kind: 'namespace', entries, missing: '`%` is not set' };
  },
  'os.environ.get': (call) => call.positional[1]?.value ?? none,
};
