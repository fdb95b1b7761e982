import { settingsFrom, type SettingsFormat } from '../../configs/settingsFile';
import type { YamlRules } from '../../configs/yamlText';
import { Arguments, plainCall, type Call, type Handler } from '../../interpret/call';
import { callValue } from '../../interpret/calls';
import { joinPath } from '../../interpret/operators';
import { none, numberValue, unknown, unreadable, type NamespaceValue, type Value } from '../../values/value';
import { folderOf } from './paths';
import type { FunctionTable } from '../functionTable';

const missing = '`%` is not in the settings';

/** Dictionaries as named values, all the way down (OmegaConf, EasyDict, object hooks). */
export function named(value: Value, depth = 0): Value {
  if (depth > 20) return value;
  if (value.kind === 'list') return { ...value, items: value.items.map((item) => named(item, depth + 1)) };
  if (value.kind !== 'dict') return value;
  const entries = new Map([...value.entries].map(([key, inner]) => [String(key), named(inner, depth + 1)] as const));
  return { kind: 'namespace', entries, missing };
}

/** The settings in the file that a call is given: an opened file, its text, or a path. */
function fileSettings(call: Call, format: SettingsFormat, rules: YamlRules = 'pyyaml'): Value {
  const given = call.positional[0] ?? call.keywords.get('stream') ?? call.keywords.get('fp');
  const value = given?.value ?? unknown;
  const path = value.kind === 'file' ? value.path : value;
  if (path.kind === 'string') return settingsFrom(call.machine, path.value, format, given?.range ?? call.range, rules);
  return path.kind === 'unknown' && path.reason ? path : unreadable('Which settings file this is could not be read', call.range);
}

const reader =
  (format: SettingsFormat): Handler =>
  (call) =>
    fileSettings(call, format);

/** Text that is parsed: only that of a file is read. */
const parser =
  (format: SettingsFormat): Handler =>
  (call) => {
    const { kind } = call.positional[0]?.value ?? unknown;
    return kind === 'file' || kind === 'unknown' ? fileSettings(call, format) : unreadable('This text is not read', call.range);
  };

/** `json.load(f, object_hook=...)`: a hook that makes named values of dictionaries. */
const json: Handler = (call) => {
  const value = parser('json')(call);
  return call.keywords.has('object_hook') ? named(value) : value;
};

/** `@hydra.main(config_path="conf", config_name="config")`: the function is given the composed settings. */
const hydra: Handler = (call) => {
  const a = new Arguments(call, 'config_path config_name version_base');
  const folder = a.value('config_path');
  const name = a.string('config_name', 'config');
  const own = folderOf(relativePath(call));
  const file = joinPath(
    joinPath(own, folder?.kind === 'string' ? folder.value : ''),
    /\.ya?ml$/.test(name) ? name : `${name}.yaml`,
  );
  const value = composed(call, named(settingsFrom(call.machine, file, 'yaml', a.range('config_name'), 'core')), folderOf(file));
  return { kind: 'command', named: new Map(), positional: [{ value, range: call.range }] };
};

/** The path of the file that a call stands in, as seen from the script's folder. */
function relativePath(call: Call): string {
  const own = call.machine.mainPath.slice(0, call.machine.mainPath.lastIndexOf('/') + 1);
  return call.range.path.startsWith(own) ? call.range.path.slice(own.length) : call.range.path;
}

/** hydra's `defaults` list: `- optimizer: adam` puts `optimizer/adam.yaml` below `optimizer`. */
function composed(call: Call, value: Value, folder: string): Value {
  const list = value.kind === 'namespace' ? value.entries.get('defaults') : undefined;
  if (value.kind !== 'namespace' || list?.kind !== 'list') return value;
  const entries = new Map<string, Value>();
  for (const item of list.items) {
    if (item.kind !== 'namespace') continue;
    for (const [group, choice] of item.entries) {
      if (choice.kind !== 'string') continue;
      const file = joinPath(folder, `${group}/${choice.value}.yaml`);
      entries.set(group, named(settingsFrom(call.machine, file, 'yaml', choice.origin?.place ?? call.range, 'core')));
    }
  }
  for (const [key, inner] of value.entries) if (key !== 'defaults') entries.set(key, merged(entries.get(key), inner));
  return { ...value, entries };
}

/** Later settings over earlier ones, level by level. */
function merged(below: Value | undefined, above: Value): Value {
  if (below?.kind !== 'namespace' || above.kind !== 'namespace') return above;
  const entries = new Map(below.entries);
  for (const [key, inner] of above.entries) entries.set(key, merged(entries.get(key), inner));
  return { ...above, entries };
}

/** A dataclass or dictionary as OmegaConf keeps it. */
const structured: Handler = (call) => {
  const value = call.positional[0]?.value ?? unknown;
  if (value.kind === 'class') return callValue(call.machine, value, plainCall(call, []));
  return value.kind === 'instance' ? value : named(value);
};

/** Reads of a configparser: `config.read(path)`, `config.getfloat(section, key)`, `section.getint(key)`. */
export const settingsMethods: Readonly<Record<string, (ns: NamespaceValue, call: Call) => Value>> = {
  read: (ns, call) => {
    const read = fileSettings(call, 'ini');
    if (read.kind === 'dict') for (const [name, section] of read.entries) ns.entries.set(String(name), section);
    return none;
  },
  getfloat: (ns, call) => converted(ns, call, false),
  getint: (ns, call) => converted(ns, call, true),
};

function converted(ns: NamespaceValue, call: Call, integer: boolean): Value {
  const keys = call.positional.flatMap((a) => (a.value.kind === 'string' ? [a.value.value] : []));
  const found = keys.reduce<Value | undefined>(
    (at, key) => (at?.kind === 'namespace' ? (at.entries.get(key) ?? at.entries.get(key.toLowerCase())) : undefined),
    ns,
  );
  if (found?.kind !== 'string' || Number.isNaN(Number(found.value)))
    return call.keywords.get('fallback')?.value ?? unreadable('This setting could not be read', call.range);
  return numberValue(Number(found.value), integer, found.origin);
}

/** Settings files of a project. */
export const settingsTable: FunctionTable = {
  'io.open': (call) => ({ kind: 'file', path: call.positional[0]?.value ?? unknown }),
  'codecs.open': (call) => ({ kind: 'file', path: call.positional[0]?.value ?? unknown }),
  'yaml.safe_load': reader('yaml'),
  'yaml.load': reader('yaml'),
  'yaml.full_load': reader('yaml'),
  'json.load': json,
  'json.loads': json,
  'tomllib.load': reader('toml'),
  'tomllib.loads': parser('toml'),
  'tomli.load': reader('toml'),
  'toml.load': reader('toml'),
  'toml.loads': parser('toml'),
  'omegaconf.OmegaConf.load': (call) => named(fileSettings(call, 'yaml', 'core')),
  'omegaconf.OmegaConf.create': structured,
  'omegaconf.OmegaConf.structured': structured,
  'omegaconf.OmegaConf.merge': (call) =>
    call.positional
      .map((a) => (a.value.kind === 'dict' ? named(a.value) : a.value))
      .reduce((below, above) => merged(below, above)),
  'omegaconf.OmegaConf.to_container': (call) => call.positional[0]?.value ?? unknown,
  'omegaconf.OmegaConf.to_yaml': () => unknown,
  // Without words on the command line, as for parsers of arguments.
  'omegaconf.OmegaConf.from_cli': () => ({ kind: 'namespace', entries: new Map(), missing }),
  'configparser.ConfigParser': () => ({ kind: 'namespace', entries: new Map(), missing: 'The section `%` was not found' }),
  'configparser.RawConfigParser': () => ({ kind: 'namespace', entries: new Map(), missing: 'The section `%` was not found' }),
  'hydra.main': hydra,
};
