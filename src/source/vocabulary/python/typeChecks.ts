import type { DataSteps } from '../../../records/dataSteps';
import type { SourceRange } from '../../../records/source';
import type { Call } from '../../interpret/call';
import { libraryBases, lineage } from '../../interpret/classes';
import type { Machine } from '../../interpret/machine';
import { dataStep } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import { booleanValue, unknown, type Value } from '../../values/value';

/** `isinstance(...)`, as far as the value is known. */
export function isInstance(call: Call): Value {
  const types = call.positional[1]?.value;
  const value = call.positional[0]?.value ?? unknown;
  if (!types) return unknown;
  const list = types.kind === 'list' ? types.items : [types];
  const ofEntries = list.length === 1 && list[0] ? typeOfEntries(call.machine, value, list[0], call.range) : null;
  if (ofEntries) return ofEntries;
  const isEntry = value.kind === 'array' && (value.row || call.machine.entrywise > 0);
  const answers = list.map((type) => (isEntry && isPlainType(type) ? null : instanceOf(value, type)));
  return answers.includes(true) ? booleanValue(true) : answers.includes(null) ? unknown : booleanValue(false);
}

const entryTypes: Readonly<Record<string, DataSteps['hasType']['type']>> = { str: 'text', float: 'float', int: 'integer' };

/** Where a column stands for each of its entries: which of them are of a type; null elsewhere. */
export function typeOfEntries(m: Machine, value: Value, type: Value, range: SourceRange): Value | null {
  if (m.entrywise === 0 || value.kind !== 'array') return null;
  const name = type.kind === 'external' ? type.path.replace('builtins.', '') : '';
  const known = entryTypes[name];
  return known ? dataStep(m, 'hasType', { type: known }, [value], range, { mask: true, integer: true }) : unknown;
}

/** `type(entry)`, where a column stands for each of its entries. */
export function entryType(column: DataArray): Value {
  return {
    kind: 'namespace',
    entries: new Map<string, Value>([['__entryType', column]]),
    missing: '`%` of a type is not read',
  };
}

const plainTypes: Readonly<Record<string, readonly Value['kind'][]>> = {
  int: ['number'],
  float: ['number'],
  str: ['string'],
  bool: ['boolean'],
  list: ['list'],
  tuple: ['list'],
  dict: ['dict'],
};

/** A type that a single entry of an array may have, where the array stands for each of them. */
const isPlainType = (type: Value): boolean => type.kind === 'external' && type.path.replace('builtins.', '') in plainTypes;

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
