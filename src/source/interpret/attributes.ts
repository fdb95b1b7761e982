import type { SourceRange } from '../../records/source';
import type { ClassValue, InstanceValue, NamespaceValue, Value } from '../values/value';
import { typeName } from '../values/columnTypes';
import { booleanValue, listValue, numberValue, stringValue, unknown, unreadable } from '../values/value';
import { callFunction } from './calls';
import { findMember, isModule, lineage } from './classes';
import type { Machine } from './machine';
import { makeCall } from './expressions';
import { libraryAttribute } from '../vocabulary/libraryAttributes';
import { libraryMethod } from '../vocabulary/libraryMethods';
import { entryFromOutside, isOutside, noRows, type OutsideValue } from './outsideRows';
import { columnListAttribute } from '../vocabulary/tables/tableColumns';
import { tokenizerAttribute } from '../vocabulary/keras/text';
import { isNamespaceMethod } from '../vocabulary/python/plainMethods';
import { commandLineWords } from '../vocabulary/python/commandLines';
import { Scope } from '../values/scope';

/** `value.name`. */
export function attributeOf(m: Machine, value: Value, name: string, range: SourceRange): Value {
  switch (value.kind) {
    case 'external':
      if (name === 'name' && typeName(value)) return stringValue(typeName(value) ?? '');
      return externalValue(m, `${value.path}.${name}`);
    case 'module':
      if (name === '__dict__') return heldIn(value.scope.variables);
      return value.scope.variables.get(name) ?? unreadable(`\`${name}\` was not found in ${value.path}`, range);
    case 'namespace':
      return (
        value.entries.get(name) ??
        (value.entries.has('__byColumn') && (name === 'index' || name === 'values') ? partOfColumns(value, name) : null) ??
        (value.entries.has('__kerasTokenizer') ? tokenizerAttribute(value, name, { machine: m, range }) : null) ??
        (name === '__dict__'
          ? heldIn(value.entries)
          : name.startsWith('_') || isNamespaceMethod(name) || isKerasObject(value)
            ? { kind: 'bound', receiver: value, name }
            : unreadable(value.missing.replace('%', name), range))
      );
    case 'instance': {
      const own = value.fields.get(name);
      if (own) return countedField(m, name, own);
      if (name === '__dict__') return heldIn(value.fields);
      // `model.forward(x)` is a call of the model.
      if (name === 'forward' && m.moduleDepth === 0 && isModule(value)) return { kind: 'bound', receiver: value, name };
      const member = memberOf(m, value.type, value, name, range);
      return (
        member ??
        libraryAttribute(m, value, name, range) ??
        answeredBy(m, value, name, range) ?? { kind: 'bound', receiver: value, name }
      );
    }
    case 'class': {
      if (name === '__name__') return { kind: 'string', value: value.name, origin: null };
      const member = findMember(value, name);
      if (member?.kind === 'function' && member.name.startsWith('@classmethod')) return { ...member, self: value };
      return member ?? unknown;
    }
    case 'super':
      return superAttribute(m, value, name, range);
    case 'unknown':
      if (name === 'backward') return { kind: 'bound', receiver: value, name };
      return isOutside(value) ? outsideAttribute(m, value, name, range) : value;
    case 'list':
      return (
        value.items[value.names?.indexOf(name) ?? -1] ??
        columnListAttribute(value, name) ?? { kind: 'bound', receiver: value, name }
      );
    case 'inert':
      return { kind: 'bound', receiver: value, name };
    default:
      return libraryAttribute(m, value, name, range) ?? { kind: 'bound', receiver: value, name };
  }
}

/** What an object's own `__getattr__` gives for a name that it does not have; null for others. */
function answeredBy(m: Machine, value: InstanceValue, name: string, range: SourceRange): Value | null {
  const answer = isModule(value) || name.startsWith('__') ? null : findMember(value.type, '__getattr__');
  if (answer?.kind !== 'function' || m.callStack.filter(({ node }) => node === answer.node).length > 1) return null;
  const call = makeCall(m, new Scope(null, range.path), [], range, range);
  return callFunction({ ...answer, self: value }, { ...call, positional: [{ value: stringValue(name), range }] });
}

/** Names (`index`) or values of what is kept by column. */
function partOfColumns(value: NamespaceValue, name: string): Value {
  const names = value.entries.get('__byColumn');
  if (names?.kind !== 'list' || name === 'index') return names ?? unknown;
  return listValue([...value.entries].flatMap(([key, one]) => (key === '__byColumn' ? [] : [one])));
}

/** Optimizers, generators and tapes of Keras: what they do not hold is a method. */
const isKerasObject = (value: NamespaceValue): boolean =>
  [
    '__kerasOptimizer',
    '__kerasPictures',
    '__kerasTape',
    '__kerasTokenizer',
    '__splitter',
    '__text',
    '__pieces',
    '__record',
    '__distribution',
    '__transformer',
    '__described',
    '__names',
    '__rolling',
    '__week',
    '__groups',
  ].some((name) => value.entries.has(name));

/** A number in a field that the loop around counts up is another one in each pass. */
function countedField(m: Machine, name: string, value: Value): Value {
  if (value.kind === 'progress' && !m.loops.includes(value.loop)) return unknown;
  const loop = m.currentLoop;
  // Set back in each pass of an outer loop, it is still counted by the passes of the inner one.
  const counts = m.counted.findIndex((names) => typeof names.get(name) === 'number');
  const at = counts >= 0 ? counts : m.counted.findIndex((names) => names.has(name));
  if (value.kind !== 'number' || !loop || at < 0 || m.replay) return value;
  const by = m.counted[at]?.get(name) ?? null;
  if (by === null) return unknown;
  const goesOn = at < m.counted.length - 1;
  return {
    kind: 'progress',
    loop,
    scale: by,
    offset: value.value,
    modulus: null,
    scaleValue: null,
    ...(goesOn ? { continues: true } : {}),
  };
}

/** What a model has, not rows. */
const ofModels = new Set(['parameters', 'named_parameters', 'modules', 'children', 'state_dict', 'train', 'eval', 'forward']);

/** An attribute of a value from outside: of a batch it is a tensor's own, or an entry of the batch. */
function outsideAttribute(m: Machine, value: OutsideValue, name: string, range: SourceRange): Value {
  if (!value.outside.batch) return ofModels.has(name) ? noRows(value) : value;
  const tensor = entryFromOutside(m, value, '');
  if (libraryMethod(tensor, name)) return { kind: 'bound', receiver: tensor, name };
  return libraryAttribute(m, tensor, name, range) ?? entryFromOutside(m, value, name);
}

/** Named values seen as a dictionary; changes to it are changes of the object. */
export const heldIn = (entries: Map<string, Value>): Value => ({
  kind: 'dict',
  entries: entries as Map<string | number | boolean, Value>,
});

function memberOf(m: Machine, type: ClassValue, self: Value, name: string, range: SourceRange): Value | null {
  const member = findMember(type, name);
  if (member?.kind !== 'function') return member;
  if (member.name.startsWith('@staticmethod')) return member;
  if (member.name.startsWith('@classmethod')) return { ...member, self: type };
  if (member.name.startsWith('@property'))
    return callFunction({ ...member, self }, makeCall(m, new Scope(null, range.path), [], range, range));
  return { ...member, self };
}

function superAttribute(m: Machine, value: Value & { readonly kind: 'super' }, name: string, range: SourceRange): Value {
  const { instance } = value;
  const type = instance.kind === 'instance' ? instance.type : instance.kind === 'class' ? instance : null;
  if (!type) return unknown;
  const order = lineage(type);
  for (const above of order.slice(order.indexOf(value.after) + 1)) {
    const member = above.members.get(name);
    if (member?.kind === 'function') return member.name.startsWith('@staticmethod') ? member : { ...member, self: instance };
    if (member) return member;
  }
  return libraryAttribute(m, instance, name, range) ?? { kind: 'bound', receiver: instance, name };
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

const externalConstants: Readonly<Record<string, Value>> = {
  'math.pi': numberValue(Math.PI, false),
  'math.e': numberValue(Math.E, false),
  'math.inf': numberValue(Infinity, false),
  'numpy.pi': numberValue(Math.PI, false),
  'numpy.e': numberValue(Math.E, false),
  'numpy.inf': numberValue(Infinity, false),
  'numpy.nan': numberValue(Number.NaN, false),
  'numpy.NaN': numberValue(Number.NaN, false),
  'math.nan': numberValue(Number.NaN, false),
  'torch.pi': numberValue(Math.PI, false),
  'torch.inf': numberValue(Infinity, false),
  'numpy.newaxis': { kind: 'none' },
  'tensorflow.newaxis': { kind: 'none' },
  'torch.backends.mps.is_available': { kind: 'external', path: 'torch.cuda.is_available' },
  'string.ascii_lowercase': stringValue(letters),
  'string.ascii_uppercase': stringValue(letters.toUpperCase()),
  'string.ascii_letters': stringValue(letters + letters.toUpperCase()),
  'string.digits': stringValue('0123456789'),
  'string.punctuation': stringValue('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
  'typing.TYPE_CHECKING': booleanValue(false),
};

/** Named values that a library keeps for the whole script, and what to say of names that are not there. */
const registers: Readonly<Record<string, string>> = {
  'absl.flags.FLAGS': 'The flag `--%` is not defined in what was read',
  'tensorflow.compat.v1.app.flags.FLAGS': 'The flag `--%` is not defined in what was read',
  'wandb.config': '`%` is not in the configuration that the script gives',
};

/** What a library's full name stands for: a constant, its register of values, else the name itself. */
export function externalValue(m: Machine, path: string): Value {
  if (path === 'sys.argv') return commandLineWords(m.mainPath);
  const missing = registers[path];
  if (missing !== undefined) return registerOf(m, path, missing);
  return externalConstants[path] ?? { kind: 'external', path };
}

function registerOf(m: Machine, path: string, missing: string): NamespaceValue {
  const known = m.registers.get(path);
  if (known) return known;
  const made: NamespaceValue = { kind: 'namespace', entries: new Map(), missing };
  m.registers.set(path, made);
  return made;
}
