import type { Handler } from '../../interpret/call';
import { libraryBases, lineage } from '../../interpret/classes';
import { booleanValue, unknown, type Value } from '../../values/value';

/** `isinstance(...)`, as far as the value is known. */
export const isInstance: Handler = (call) => {
  const types = call.positional[1]?.value;
  const value = call.positional[0]?.value ?? unknown;
  if (!types) return unknown;
  const list = types.kind === 'list' ? types.items : [types];
  const answers = list.map((type) => instanceOf(value, type));
  return answers.includes(true) ? booleanValue(true) : answers.includes(null) ? unknown : booleanValue(false);
};

const plainTypes: Readonly<Record<string, readonly Value['kind'][]>> = {
  int: ['number'],
  float: ['number'],
  str: ['string'],
  bool: ['boolean'],
  list: ['list'],
  tuple: ['list'],
  dict: ['dict'],
};

function instanceOf(value: Value, type: Value): boolean | null {
  if (value.kind === 'unknown' || type.kind === 'unknown') return null;
  if (type.kind === 'class') return value.kind === 'instance' && lineage(value.type).includes(type);
  if (type.kind !== 'external') return null;
  const path = type.path.replace('builtins.', '');
  const kinds = plainTypes[path];
  if (kinds) {
    if (value.kind === 'number') return path === 'int' ? value.integer : path === 'float' && !value.integer;
    if (value.kind === 'list') return path === value.form;
    return kinds.includes(value.kind);
  }
  if (path === 'torch.nn.Module')
    return ['layer', 'container'].includes(value.kind) || (value.kind === 'instance' && libraryBases(value.type).includes(path));
  if (value.kind === 'layer') return value.path === path;
  if (value.kind === 'container')
    return path === `torch.nn.${{ sequential: 'Sequential', list: 'ModuleList', dict: 'ModuleDict' }[value.form]}`;
  if (value.kind === 'instance') return libraryBases(value.type).includes(path);
  if (path === 'torch.Tensor') return value.kind === 'tensor' || (value.kind === 'array' && value.flavour === 'torch');
  return value.kind === 'array' || value.kind === 'tensor' ? null : false;
}
