import type { SourceRange } from '../../records/source';
import type { ClassValue, Value } from '../values/value';
import { booleanValue, numberValue, unknown, unreadable } from '../values/value';
import { callFunction } from './calls';
import { findMember, lineage } from './classes';
import type { Machine } from './machine';
import { makeCall } from './expressions';
import { libraryAttribute } from '../vocabulary/library';
import { Scope } from '../values/value';

/** `value.name`. */
export function attributeOf(m: Machine, value: Value, name: string, range: SourceRange): Value {
  switch (value.kind) {
    case 'external':
      return externalAttribute(value.path, name);
    case 'module':
      return value.scope.variables.get(name) ?? unreadable(`\`${name}\` was not found in ${value.path}`, range);
    case 'namespace':
      return (
        value.entries.get(name) ??
        (name.startsWith('_') || namespaceMethods.has(name)
          ? { kind: 'bound', receiver: value, name }
          : unreadable(value.missing.replace('%', name), range))
      );
    case 'instance': {
      const own = value.fields.get(name);
      if (own) return own;
      const member = memberOf(m, value.type, value, name, range);
      return member ?? libraryAttribute(m, value, name, range) ?? { kind: 'bound', receiver: value, name };
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
      return name === 'backward' ? { kind: 'bound', receiver: value, name } : value;
    case 'inert':
      return { kind: 'bound', receiver: value, name };
    default:
      return libraryAttribute(m, value, name, range) ?? { kind: 'bound', receiver: value, name };
  }
}

const namespaceMethods = new Set(['get', 'items', 'keys', 'values', 'update']);

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

const externalConstants: Readonly<Record<string, Value>> = {
  'math.pi': numberValue(Math.PI, false),
  'math.e': numberValue(Math.E, false),
  'math.inf': numberValue(Infinity, false),
  'numpy.pi': numberValue(Math.PI, false),
  'numpy.e': numberValue(Math.E, false),
  'numpy.inf': numberValue(Infinity, false),
  'torch.pi': numberValue(Math.PI, false),
  'torch.inf': numberValue(Infinity, false),
  'numpy.newaxis': { kind: 'none' },
  'torch.backends.mps.is_available': { kind: 'external', path: 'torch.cuda.is_available' },
  'typing.TYPE_CHECKING': booleanValue(false),
};

function externalAttribute(path: string, name: string): Value {
  const full = `${path}.${name}`;
  return externalConstants[full] ?? { kind: 'external', path: full };
}
