import type { Expression } from '../syntax/ast';
import type { SourceRange } from '../../records/source';
import { passing } from '../values/origin';
import type { ParameterCell, TraceNode } from '../values/trace';
import type { Value } from '../values/value';
import type { Scope } from '../values/scope';
import { listValue, numberValue, unknown } from '../values/value';
import { stringsOf } from './call';
import { evaluate, makeCall } from './expressions';
import { noteHeld } from './heldFunctions';
import { iterationOf } from './iteration';
import type { Machine } from './machine';
import { entryFromOutside, isOutside, partOfOutside } from './outsideRows';
import { dataStep } from './tensors';
import { setTrained } from './trainability';
import { assignSubscript, subscriptOf } from './subscripts';
import { giveWeightsBack } from './lentWeights';
import { takeWeights } from '../vocabulary/layers/givenWeights';
import { noteBounds, type Bounds } from './weightBounds';
import { initializerOf } from '../vocabulary/layers/rawParameters';
import { rawParameter } from '../vocabulary/tensors/torchTensors';
import { setTrainable } from '../vocabulary/keras/graph';
import { parameterOf, stringValue } from '../values/value';

/** Binds `value` to a name, attribute, subscript or pattern. */
export function assignTo(m: Machine, scope: Scope, target: Expression, value: Value): void {
  switch (target.kind) {
    case 'name':
      nameValue(value, target.name);
      noteHeld(m, target.name, value);
      scope.set(target.name, passing(value, target.range));
      return;
    case 'tuple':
    case 'list':
      return unpack(m, scope, target.items, value);
    case 'attribute':
      return assignAttribute(m, scope, evaluate(m, scope, target.object), target.name, passing(value, target.range), target);
    case 'subscript':
      return assignSubscript(m, evaluate(m, scope, target.object), evaluate(m, scope, target.index), value, target.range);
    case 'starred':
      return assignTo(m, scope, target.value, value);
    default:
  }
}

/** The first name that an optimizer or a raw parameter is given is how people know it. */
function nameValue(value: Value, name: string): void {
  if (value.kind === 'optimizer') value.variable ??= name;
  const cell = parameterOf(value);
  if (cell && cell.name === '') cell.name = name;
}

function unpack(m: Machine, scope: Scope, targets: readonly Expression[], value: Value): void {
  const entries = entriesOf(m, targets, value);
  if (entries) return entries.forEach((entry, i) => assignTo(m, scope, targets[i] as Expression, entry));
  const iteration = iterationOf(m, value, targets[0]?.range ?? null);
  if (iteration.kind !== 'items') {
    targets.forEach((target, i) => assignTo(m, scope, target, partOfUnknown(m, value, i)));
    return;
  }
  const star = targets.findIndex((t) => t.kind === 'starred');
  const { items } = iteration;
  targets.forEach((target, i) => {
    if (star < 0 || i < star) assignTo(m, scope, target, items[i] ?? unknown);
    else if (i > star) assignTo(m, scope, target, items[items.length - (targets.length - i)] ?? unknown);
    else assignTo(m, scope, target, listValue(items.slice(star, items.length - (targets.length - 1 - star))));
  });
}

/** What one of several names is given of a value that is not known. */
function partOfUnknown(m: Machine, value: Value, index: number): Value {
  if (isOutside(value)) return value.outside.batch ? entryFromOutside(m, value, String(index)) : partOfOutside(value);
  return value.kind === 'unknown' ? value : unknown;
}

function assignAttribute(m: Machine, scope: Scope, object: Value, name: string, value: Value, target: Expression): void {
  nameValue(value, name);
  noteHeld(m, name, value);
  switch (object.kind) {
    case 'instance':
      if (name === '__dict__') adopt(m, object.fields, value);
      else m.journal.set(object.fields, name, value);
      return;
    case 'class':
      object.members.set(name, value);
      return;
    case 'namespace':
      m.journal.set(object.entries, name, value);
      return;
    case 'module':
      object.scope.variables.set(name, value);
      return;
    case 'container':
      object.items.push({ name, value });
      return;
    case 'layer': {
      const cell = parameterOf(value);
      if (cell && object.parameters[name]) object.parameters[name] = cell;
      else if (value.kind === 'none') Reflect.deleteProperty(object.parameters, name);
      return;
    }
    case 'kerasLayer':
    case 'kerasModel':
      if (name === 'trainable' && value.kind === 'boolean') setTrainable(object, value.value);
      return;
    case 'array':
      if (name === 'requires_grad' && value.kind === 'boolean' && value.value) makeTrained(m, scope, object, target);
      if (isColumn(object, name)) assignSubscript(m, object, stringValue(name), value, target.range);
      else renameColumns(m, object, name, value, target);
      return;
    case 'tensor': {
      const cell = parameterOf(object);
      if (!cell) return;
      if (name === 'grad' && value.kind === 'none')
        m.record(target.range, { kind: 'zeroGrad', optimizer: null, module: null, cells: [cell] });
      else if (name === 'requires_grad' && value.kind === 'boolean') setTrained(m, cell, value.value);
      else if (name === 'data') assignData(m, cell, value, target);
      return;
    }
    default:
      m.tick();
  }
}

/** `w.requires_grad = True` of a tensor that the script made: all that hold it hold a parameter from now on. */
function makeTrained(m: Machine, scope: Scope, array: Value & { readonly kind: 'array' }, target: Expression): void {
  if (!initializerOf(m, array)) return;
  const made = rawParameter(array, makeCall(m, scope, [], target.range, target.range));
  if (made.kind !== 'tensor') return;
  for (let one: Scope | null = scope; one !== null; one = one.parent) {
    for (const [name, held] of one.variables) {
      if (held === array) {
        one.variables.set(name, made);
        nameValue(made, name);
      }
      if (held.kind === 'list') held.items = held.items.map((item) => (item === array ? made : item));
      if (held.kind === 'dict') for (const [key, item] of held.entries) if (item === array) held.entries.set(key, made);
    }
  }
}

/** `self.__dict__ = {...}`. */
function adopt(m: Machine, fields: Map<string, Value>, value: Value): void {
  if (value.kind === 'dict' || value.kind === 'namespace')
    for (const [key, inner] of value.entries) m.journal.set(fields, String(key), inner);
}

/** What a table has beside its columns. */
const ofTables = new Set(['columns', 'index', 'name', 'values', 'attrs', 'flags', 'requires_grad', 'data', 'grad']);

/** `df.age = ...` changes the column of that name, where the table has one. */
const isColumn = ({ flavour, columns }: Value & { readonly kind: 'array' }, name: string): boolean =>
  flavour === 'frame' && !name.startsWith('_') && !ofTables.has(name) && (columns === null || columns.includes(name));

/** `df.columns = [...]` of a table as it was read; other attributes change nothing that is followed. */
function renameColumns(
  m: Machine,
  table: Value & { readonly kind: 'array' },
  name: string,
  value: Value,
  target: Expression,
): void {
  if (name !== 'columns') return;
  const step = m.program.steps[table.step];
  const names = stringsOf(value);
  if (step?.kind === 'readCsv' && names) table.step = m.program.add('readCsv', { ...step.arguments, names }, [], step.range);
  else if (names) {
    const fault = table.fault;
    Object.assign(table, { ...dataStep(m, 'renameColumns', { from: null, to: names }, [table], target.range), fault });
    table.shape = [table.shape?.[0] ?? null, names.length];
  } else table.fault = { text: 'These names of columns could not be read', range: target.range };
  table.columns = names;
}

function assignData(m: Machine, cell: ParameterCell, value: Value, target: Expression): void {
  const other = parameterOf(value);
  if (other === cell) {
    giveWeightsBack(m, cell, target.range);
    return;
  }
  const bounds = value.kind === 'tensor' ? boundsOn(cell, value.node, target.range) : null;
  if (bounds) {
    noteBounds(m, cell, bounds, target.range);
    return;
  }
  if (!other || m.loops.length > 0) {
    takeWeights(m, cell, value, target.range);
    return;
  }
  cell.isDefault = false;
  cell.range = target.range;
  cell.initializer = other.initializer;
}

/** `p.data = p.data.clamp(low, high)`. */
function boundsOn(cell: ParameterCell, node: TraceNode, range: SourceRange): Bounds | null {
  const [of] = node.inputs;
  if (node.kind !== 'clamp' || of?.kind !== 'parameter' || of.parameters['value'] !== cell) return null;
  const { low, high } = node.arguments as { readonly low: number | null; readonly high: number | null };
  const said = (value: number | null): Bounds['low'] =>
    value === null ? null : { value, place: range, chain: [], isDefault: false };
  return { low: said(low), high: said(high) };
}

/** `a, b, c = array`: what stands at each place of its first axis; null for other values. */
function entriesOf(m: Machine, targets: readonly Expression[], value: Value): Value[] | null {
  if (value.kind !== 'array' || value.flavour === 'frame' || targets.some((t) => t.kind === 'starred')) return null;
  if (value.row && value.shape?.length !== 2) return null;
  const count = value.shape?.[value.row ? 1 : 0];
  if (count !== undefined && count !== null && count !== targets.length) return null;
  return targets.map((target, at) => subscriptOf(m, value, numberValue(at, true), target.range));
}

/** Zero of the kind that Python's counters start from. */
export const zero = numberValue(0, true);
