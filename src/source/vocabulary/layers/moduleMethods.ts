import { setTrained } from '../../interpret/trainability';
import { countUnread, madeHere, noteGrowth } from '../../interpret/growth';
import { callValue } from '../../interpret/calls';
import { type Call } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { Layer } from '../../values/trace';
import { libraryBases } from '../../interpret/classes';
import {
  listValue,
  none,
  numberValue,
  parameterOf,
  stringValue,
  tensorValue,
  unknown,
  unreadable,
  type ContainerValue,
  type InstanceValue,
  type Value,
} from '../../values/value';
import type { AttributeTable, FunctionTable, MethodTable } from '../functionTable';
import { allModules, allParameters, applyModule, asModule, children, type ModuleLike } from './modules';
import { iterationOf } from '../../interpret/iteration';
import { newCell } from './layers';
import { initializerOf } from './rawParameters';
import { rawParameter } from '../tensors/torchTensors';
import { toldDouble } from '../python/precision';

const parameterTensors = (module: ModuleLike, call: Pick<Call, 'machine'>): Value[] =>
  allParameters(module).map(({ cell }) => tensorValue(call.machine.trace.parameter(cell, cell.range)));

function setMode(module: ModuleLike, training: boolean, call: Call): Value {
  for (const one of allModules(module)) one.module.training = training;
  call.machine.record(call.range, { kind: 'setMode', module, training });
  return module;
}

const named = (pairs: readonly { readonly name: string; readonly value: Value }[]): Value =>
  listValue(pairs.map(({ name, value }) => listValue([stringValue(name), value], 'tuple')));

/** A state that the script took from a model itself (the best weights so far): no file is involved. */
const isOwnState = (value: Value | undefined): boolean => value?.kind === 'inert' && value.path === 'state_dict';

/** Adds a module; where a loop adds more of them than are seen, one that cannot be called stands for the rest. */
function grown(container: ContainerValue, name: string, value: Value, call: Call): void {
  noteGrowth(call.machine, container);
  container.items.push({ name, value: container.open ? countUnread(call.range) : value });
}

/** Methods of every nn.Module, of layers and containers. */
export const moduleMethods: MethodTable<ModuleLike> = {
  __init__: (module, call) => (module.kind === 'instance' ? filledSequence(module, call) : none),
  __call__: (module, call) => callValue(call.machine, module, call),
  forward: (module, call) => applyModule(module, call),
  parameters: (module, call) => listValue(parameterTensors(module, call)),
  named_parameters: (module, call) =>
    named(
      allParameters(module).map(({ name, cell }) => ({
        name,
        value: tensorValue(call.machine.trace.parameter(cell, cell.range)),
      })),
    ),
  modules: (module) => listValue(allModules(module).map((m) => m.module)),
  named_modules: (module) => named(allModules(module).map((m) => ({ name: m.name, value: m.module }))),
  children: (module) => listValue(children(module).map((c) => c.module)),
  named_children: (module) => named(children(module).map((c) => ({ name: c.name, value: c.module }))),
  train: (module, call) => {
    const mode = call.positional[0]?.value ?? call.keywords.get('mode')?.value;
    return setMode(module, mode?.kind === 'boolean' ? mode.value : true, call);
  },
  eval: (module, call) => setMode(module, false, call),
  zero_grad: (module, call) => {
    call.machine.record(call.range, {
      kind: 'zeroGrad',
      optimizer: null,
      module,
      cells: allParameters(module).map((p) => p.cell),
    });
    return none;
  },
  apply: (module, call) => {
    const callee = call.positional[0]?.value ?? unknown;
    for (const one of allModules(module).reverse())
      callValue(call.machine, callee, { ...call, positional: [{ value: one.module, range: call.range }], keywords: new Map() });
    return module;
  },
  requires_grad_: (module, call) => {
    const flag = call.positional[0]?.value;
    for (const { cell } of allParameters(module)) setTrained(call.machine, cell, flag?.kind === 'boolean' ? flag.value : true);
    return module;
  },
  to: (module) => module,
  cuda: (module) => module,
  cpu: (module) => module,
  float: (module) => module,
  double: (module, call) => {
    toldDouble(call);
    return module;
  },
  half: (module) => module,
  share_memory: (module) => module,
  compile: () => none,
  flatten_parameters: () => none,
  register_buffer: (module, call) => {
    const name = call.positional[0]?.value;
    if (module.kind === 'instance' && name?.kind === 'string') {
      module.buffers.add(name.value);
      module.fields.set(name.value, bufferOf(call.positional[1]?.value ?? none, name.value, call));
    }
    return none;
  },
  register_parameter: (module, call) => {
    const name = call.positional[0]?.value;
    if (module.kind === 'instance' && name?.kind === 'string') module.fields.set(name.value, call.positional[1]?.value ?? none);
    return none;
  },
  add_module: (module, call) => {
    const name = call.positional[0]?.value;
    const value = call.positional[1]?.value ?? unknown;
    if (name?.kind !== 'string') {
      if (module.kind === 'container')
        module.items.push({ name: '', value: unreadable('The name of this module could not be read', call.range) });
      return none;
    }
    if (module.kind === 'instance') module.fields.set(name.value, value);
    else if (module.kind === 'container') grown(module, name.value, value, call);
    return none;
  },
  append: (module, call) => {
    if (module.kind === 'container') grown(module, String(module.items.length), call.positional[0]?.value ?? unknown, call);
    return module;
  },
  extend: (module, call) => {
    const list = iterationOf(call.machine, call.positional[0]?.value ?? unknown, call.range);
    if (module.kind === 'container' && list.kind === 'items')
      for (const value of list.items) grown(module, String(module.items.length), value, call);
    return module;
  },
  items: (module) => (module.kind === 'container' ? named(module.items) : unknown),
  values: (module) => (module.kind === 'container' ? listValue(module.items.map((i) => i.value)) : unknown),
  keys: (module) => (module.kind === 'container' ? listValue(module.items.map((i) => stringValue(i.name))) : unknown),
  state_dict: () => ({ kind: 'inert', path: 'state_dict' }),
  load_state_dict: (_module, call) => {
    if (isOwnState(call.positional[0]?.value)) return none;
    call.machine.assume('Weights that are loaded from a file are not read: the run starts from the initialisation', call.range);
    return none;
  },
  register_forward_hook: () => ({ kind: 'inert', path: 'hook' }),
  extra_repr: () => unknown,
};

/** Random numbers that a buffer holds are a parameter that is not trained; other values stay as they are. */
function bufferOf(value: Value, name: string, call: Call): Value {
  const initializer = value.kind === 'array' ? initializerOf(call.machine, value) : null;
  if (value.kind !== 'array' || (initializer?.kind !== 'normal' && initializer?.kind !== 'uniform')) return value;
  const cell = { ...newCell(value.shape ?? [], initializer, call.range, false), trainable: false, name };
  return tensorValue(call.machine.trace.parameter(cell, call.range));
}

/** Attributes of layers. */
export const moduleAttributes: AttributeTable<ModuleLike> = {
  training: (module) => ({ kind: 'boolean', value: module.training, origin: null }),
  __class__: (module) =>
    module.kind === 'layer'
      ? {
          kind: 'namespace',
          entries: new Map([['__name__', stringValue(module.path.split('.').pop() ?? '')]]),
          missing: '`%` is not an attribute of a class',
        }
      : module.kind === 'instance'
        ? module.type
        : unknown,
  module: (module) => module,
};

/** A parameter or argument of a layer: `fc.weight`, `fc.in_features`. */
export function layerAttribute(module: ModuleLike, name: string, call: Pick<Call, 'machine' | 'range'>): Value | null {
  if (module.kind === 'container') return module.items.find((i) => i.name === name)?.value ?? null;
  if (module.kind !== 'layer') return null;
  const cell = module.parameters[name];
  if (cell) return tensorValue(call.machine.trace.parameter(cell, cell.range));
  const number = module.attributes.get(name);
  if (number !== undefined) return numberValue(number);
  if (name === 'all_weights' || name === '_all_weights') return weightsOfRecurrent(module, name, call.machine);
  return name === 'bias' || name === 'weight' ? none : null;
}

/** The parameters of an LSTM, GRU or RNN, a list for each layer and direction, or their names. */
function weightsOfRecurrent(layer: Layer, name: 'all_weights' | '_all_weights', m: Machine): Value | null {
  if (!/^torch\.nn\.(LSTM|GRU|RNN)$/.test(layer.path)) return null;
  const groups = new Map<string, Value[]>();
  for (const [role, cell] of Object.entries(layer.parameters)) {
    const end = role.slice(role.search(/_l\d/));
    const entry = name === 'all_weights' ? tensorValue(m.trace.parameter(cell, cell.range)) : stringValue(role);
    groups.set(end, [...(groups.get(end) ?? []), entry]);
  }
  return listValue([...groups.values()].map((group) => listValue(group)));
}

/** `super().__init__(*layers)` in a class that inherits from nn.Sequential: the layers become its fields, by position or name. */
function filledSequence(module: InstanceValue, call: Call): Value {
  if (!libraryBases(module.type).includes('torch.nn.Sequential')) return none;
  const inner = sequential(call);
  if (inner.kind !== 'container') module.fields.set('0', inner);
  else for (const { name, value } of inner.items) module.fields.set(name, value);
  return none;
}

function sequential(call: Call): Value {
  const first = call.positional[0]?.value;
  if (call.unclear) return { kind: 'unknown', reason: call.unclear };
  if (call.positional.length === 1 && first?.kind === 'dict')
    return {
      kind: 'container',
      form: 'sequential',
      items: [...first.entries].map(([name, value]) => ({ name: String(name), value })),
      range: call.range,
      training: true,
    };
  const pairs = first?.kind === 'list' && call.positional.length === 1 ? first.items : null;
  const items = pairs
    ? pairs.map((pair) => ({
        name: pair.kind === 'list' && pair.items[0]?.kind === 'string' ? pair.items[0].value : '',
        value: pair.kind === 'list' ? (pair.items[1] ?? unknown) : unknown,
      }))
    : call.positional.map((a, i) => ({ name: String(i), value: a.value }));
  return { kind: 'container', form: 'sequential', items, range: call.range, training: true };
}

const listUnread = (call: Call): Value => {
  const given = call.positional[0]?.value;
  return given?.kind === 'unknown' && given.reason ? given : unreadable('The modules of this list could not be read', call.range);
};

/** nn.Sequential and its relatives, and wrappers that change nothing here. */
export const containerTable: FunctionTable = {
  'torch.nn.Sequential': (call) => madeHere(call.machine, sequential(call)),
  'torch.nn.ModuleList': (call) => {
    const list = call.positional[0] ? iterationOf(call.machine, call.positional[0].value, call.range) : null;
    if (list && list.kind !== 'items') return listUnread(call);
    const items = list?.items.map((value, i) => ({ name: String(i), value })) ?? [];
    return madeHere(call.machine, { kind: 'container', form: 'list', items, range: call.range, training: true });
  },
  'torch.nn.ParameterList': (call) => {
    const list = call.positional[0] ? iterationOf(call.machine, call.positional[0].value, call.range) : null;
    if (list && list.kind !== 'items') return listUnread(call);
    const items = list?.items.map((value, i) => ({ name: String(i), value: rawParameter(value, call) })) ?? [];
    return { kind: 'container', form: 'list', items, range: call.range, training: true };
  },
  'torch.nn.ModuleDict': (call) => {
    const first = call.positional[0]?.value;
    const items = first?.kind === 'dict' ? [...first.entries].map(([name, value]) => ({ name: String(name), value })) : [];
    return { kind: 'container', form: 'dict', items, range: call.range, training: true };
  },
  'torch.nn.ParameterDict': (call) => {
    const first = call.positional[0]?.value;
    if (first && first.kind !== 'dict') return listUnread(call);
    // A plain dictionary is taken over in the order of its keys.
    const named = [...(first?.entries ?? [])].map(([name, value]) => ({ name: String(name), value: rawParameter(value, call) }));
    const items = named.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { kind: 'container', form: 'dict', items, range: call.range, training: true };
  },
  'torch.nn.DataParallel': (call) => call.positional[0]?.value ?? unknown,
  'torch.nn.parallel.DistributedDataParallel': (call) => call.positional[0]?.value ?? unknown,
  'torch.compile': (call) => call.positional[0]?.value ?? unknown,
  'torch.jit.script': (call) => call.positional[0]?.value ?? unknown,
  'torch.nn.utils.weight_norm': (call) => ({
    kind: 'unknown',
    reason: { text: 'Weight normalisation is not read', range: call.range },
  }),
  'torch.nn.utils.parameters_to_vector': () => unknown,
};

/** Parameters in a value that clipping or counting is given. */
export function parametersIn(value: Value, call: Call) {
  const module = asModule(value);
  if (module) return allParameters(module).map((p) => p.cell);
  const iteration = iterationOf(call.machine, value, call.range);
  return iteration.kind === 'items' ? iteration.items.flatMap((item) => parameterOf(item) ?? []) : [];
}
