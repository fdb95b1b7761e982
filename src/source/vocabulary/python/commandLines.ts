import { Arguments, plainCall, type Argument, type Call, type Handler } from '../../interpret/call';
import { externalValue } from '../../interpret/attributes';
import { callValue } from '../../interpret/calls';
import {
  booleanValue,
  listValue,
  none,
  numberValue,
  stringValue,
  unknown,
  unreadable,
  type CommandValue,
  type NamespaceValue,
  type Value,
} from '../../values/value';
import { refusalOf, type Accepted } from '../../../records/given';
import type { Reason, SourceRange } from '../../../records/source';
import type { FunctionTable } from '../functionTable';

/** An argument of a command line: as it is written there, and the name under which the script reads it. */
export interface Flag {
  readonly written: string;
  readonly name: string;
}

const asksFor = ({ written, name }: Flag, range: SourceRange): Reason => ({
  text: `The value of \`${written}\` comes from the command line`,
  range,
  missing: { kind: 'value', name },
});

/** What is said of a value that only a command line gives. */
export const fromCommandLine = (flag: Flag, range: SourceRange): Value => ({ kind: 'unknown', reason: asksFor(flag, range) });

/** `None` until a command line gives something else. */
export const noneUntilGiven = (flag: Flag, range: SourceRange): Value => ({ kind: 'none', reason: asksFor(flag, range) });

/** The last part of a type's name, in lower case; empty for what is no type of a library. */
const typeName = (type: Value | null): string =>
  type?.kind === 'external' ? (type.path.split('.').pop() ?? '').toLowerCase() : '';

/** What an argument of this type takes. */
export function acceptedOf(type: Value | null): Accepted {
  const name = typeName(type);
  if (name === 'int' || name === 'integer') return { type: 'int' };
  return { type: name === 'float' ? 'float' : name === 'str' || name === 'string' ? 'text' : 'any' };
}

/**
 * The value that was given for an argument in place of the command line; null when none was. Its place is the
 * argument's name, which no fix can edit. What the command line would not take is asked for again.
 */
export function givenValue(call: Call, flag: Flag, type: Value | null, accepted = acceptedOf(type)): Value | null {
  const { written, name } = flag;
  call.machine.commandLine.set(name, accepted);
  const given = call.machine.given[name];
  if (given === undefined) return null;
  const range = call.positional[0]?.range ?? call.range;
  const refusal = refusalOf(String(given), accepted);
  if (refusal !== null)
    return {
      kind: 'unknown',
      reason: { ...asksFor(flag, range), text: `\`${written}\` was given ${String(given)}. ${refusal}` },
    };
  call.machine.assume(`\`${written}\` is taken as ${String(given)}, which was given for the command line`, range);
  const origin = { place: range, chain: [] };
  if (typeof given === 'boolean') return booleanValue(given, origin);
  if (typeof given === 'number' && accepted.type === 'any' && type?.kind !== 'function')
    return numberValue(given, Number.isInteger(given), origin);
  const one = (word: string): Value => {
    const text = stringValue(word, origin);
    return type?.kind === 'function' ? callValue(call.machine, type, plainCall(call, [text])) : converted(text, type);
  };
  return accepted.several ? listValue(String(given).trim().split(/\s+/).map(one)) : one(String(given));
}

/** A default that is written as text, as the number that its type makes of it. */
export function converted(value: Value, type: Value | null): Value {
  const form = acceptedOf(type).type;
  if (form !== 'int' && form !== 'float') return value;
  if (value.kind === 'number') return form === 'int' ? value : { ...value, integer: false };
  const number = value.kind === 'string' && value.value.trim() !== '' ? Number(value.value.replace(/_/g, '')) : NaN;
  return value.kind !== 'string' || Number.isNaN(number) ? value : numberValue(number, form === 'int', value.origin);
}

const command = (named: readonly (readonly [string, Argument])[], positional: readonly Argument[] = []): CommandValue => ({
  kind: 'command',
  named: new Map(named),
  positional,
});

/** `@click.option('--lr', 'rate', default=0.1)`. */
function clickOption(call: Call): Value {
  const names = call.positional.flatMap((p) => (p.value.kind === 'string' ? [p.value.value] : []));
  const flags = names.filter((n) => n.startsWith('-'));
  const plain = names.find((n) => !n.startsWith('-'));
  const long = flags.find((f) => f.startsWith('--')) ?? flags[0] ?? '';
  const name = plain ?? (long.split('/')[0] ?? '').replace(/^-+/, '').replace(/-/g, '_').toLowerCase();
  if (name === '') return unknown;
  const flag = { written: flags.length > 0 ? long : name, name };
  return command([
    [
      name,
      { value: givenValue(call, flag, call.keywords.get('type')?.value ?? null) ?? clickDefault(call, flag), range: call.range },
    ],
  ]);
}

function clickDefault(call: Call, flag: Flag): Value {
  const a = new Arguments(call, 'flags');
  const given = a.argument('default');
  const isFlag = a.value('is_flag');
  if (given) return converted(given.value, a.value('type'));
  if ((isFlag?.kind === 'boolean' && isFlag.value) || flag.written.includes('/'))
    return booleanValue(false, { place: call.range, chain: [] });
  const required = a.value('required');
  const argument = !flag.written.startsWith('-') && !(required?.kind === 'boolean' && !required.value);
  return argument || (required?.kind === 'boolean' && required.value)
    ? fromCommandLine(flag, call.range)
    : noneUntilGiven(flag, call.range);
}

/** `flags.DEFINE_float('lr', 0.1, 'help')` of absl. */
const absl =
  (register: string, type: string): Handler =>
  (call) => {
    const a = new Arguments(call, 'name default help');
    const name = a.string('name', '');
    const given = a.argument('default');
    const flag = { written: `--${name}`, name };
    const own =
      given && given.value.kind !== 'none'
        ? converted(given.value, { kind: 'external', path: type })
        : noneUntilGiven(flag, call.range);
    const value = givenValue(call, flag, { kind: 'external', path: type }) ?? own;
    const flags = externalValue(call.machine, register);
    if (flags.kind === 'namespace') flags.entries.set(name, value);
    return namespace([
      ['value', value],
      ['default', value],
      ['name', stringValue(name)],
    ]);
  };

const namespace = (entries: readonly (readonly [string, Value])[], missing = '`%` is not set'): NamespaceValue => ({
  kind: 'namespace',
  entries: new Map(entries),
  missing,
});

const definitions: Readonly<Record<string, string>> = {
  DEFINE_float: 'float',
  DEFINE_integer: 'int',
  DEFINE_string: 'str',
  DEFINE_bool: 'bool',
  DEFINE_boolean: 'bool',
  DEFINE_enum: 'str',
  DEFINE_list: 'list',
  DEFINE_multi_integer: 'list',
  DEFINE_multi_float: 'list',
};

const abslTable: FunctionTable = Object.fromEntries(
  ['absl.flags', 'tensorflow.compat.v1.app.flags'].flatMap((module) =>
    Object.entries(definitions).map(([name, type]): [string, Handler] => [`${module}.${name}`, absl(`${module}.FLAGS`, type)]),
  ),
);

/** Calls what it is given with the defaults of its parameters. */
const started: Handler = (call) => {
  const main = call.positional[0]?.value;
  return main ? callValue(call.machine, main, plainCall(call, [])) : unknown;
};

/** A default wrapped in a call: `typer.Option(0.1)`, `Field(0.1)`, `attr.ib(default=0.1)`. */
export const wrappedDefault: Handler = (call) => {
  const a = new Arguments(call, 'default');
  const factory = a.value('default_factory') ?? a.value('factory');
  if (factory) return call.machine.invoke(factory, call);
  const given = a.argument('default');
  if (given && given.value.kind !== 'unknown') return given.value;
  return unreadable('This setting has no default: it comes from outside the script', call.range);
};

/** `HfArgumentParser((Model, Training)).parse_args_into_dataclasses()`. */
const dataclassParser: Handler = (call) => {
  const given = call.positional[0]?.value ?? call.keywords.get('dataclass_types')?.value ?? unknown;
  return namespace([['__classes', given.kind === 'list' ? given : listValue([given])]], '`%` is not read');
};

/** The instances that a parser of dataclasses gives. */
export function parsedDataclasses(parser: NamespaceValue, call: Call): Value {
  const classes = parser.entries.get('__classes');
  if (classes?.kind !== 'list') return unknown;
  return listValue(
    classes.items.map((type) => callValue(call.machine, type, plainCall(call, []))),
    'tuple',
  );
}

/** `os.environ.get("LR", "0.1")`: the default holds where the variable is not set. */
const environment: Handler = (call) => {
  const a = new Arguments(call, 'key default');
  const name = a.string('key', '');
  const given = a.argument('default');
  if (!given) return { kind: 'none', reason: environmentReason(name, call.range) };
  call.machine.assume(`The environment variable ${name} is taken as not set`, call.range);
  return given.value;
};

const environmentReason = (name: string, range: SourceRange) => ({
  text: `The value of the environment variable ${name} is not known`,
  range,
});

/** `os.environ["LR"]`. */
export const environmentItem = (name: string, range: SourceRange): Value => ({
  kind: 'unknown',
  reason: environmentReason(name, range),
});

/** `sys.argv` of a script that is started without arguments. */
export const commandLineWords = (path: string): Value => ({
  ...listValue([stringValue(path.slice(path.lastIndexOf('/') + 1))]),
  beyond: 'This value comes from the command line',
});

/** `wandb.init(config=...)`: the configuration is kept where the script reads it back. */
const wandbInit: Handler = (call) => {
  const config = externalValue(call.machine, 'wandb.config');
  const given = call.keywords.get('config')?.value;
  if (config.kind !== 'namespace') return unknown;
  const entries =
    given?.kind === 'dict' || given?.kind === 'namespace' ? given.entries : given?.kind === 'instance' ? given.fields : [];
  for (const [name, value] of entries) config.entries.set(String(name), value);
  return namespace([['config', config]], '`%` of a wandb run is not read');
};

/** Ways to take values from a command line beside argparse. */
export const commandLineTable: FunctionTable = {
  ...abslTable,
  'click.option': clickOption,
  'click.argument': clickOption,
  'absl.app.run': started,
  'tensorflow.compat.v1.app.run': started,
  'fire.Fire': started,
  'tyro.cli': started,
  'pyrallis.parse': (call) => started({ ...call, positional: [...call.keywords.values(), ...call.positional].slice(0, 1) }),
  'typer.run': started,
  'typer.Option': wrappedDefault,
  'typer.Argument': wrappedDefault,
  'pydantic.Field': wrappedDefault,
  'attr.ib': wrappedDefault,
  'attrs.field': wrappedDefault,
  'attr.field': wrappedDefault,
  'transformers.HfArgumentParser': dataclassParser,
  'os.environ.get': environment,
  'os.getenv': environment,
  'wandb.init': wandbInit,
  'wandb.log': () => none,
};
