import { partsOfComposed } from './composedParts';
import type { LayerKind } from '../../../records/model/layers';
import { callFunction, callValue } from '../../interpret/calls';
import { findMember, isModule } from '../../interpret/classes';
import type { Call } from '../../interpret/call';
import { isOutside, learnShape, orImported, liftedTarget, nodeFromOutside } from '../../interpret/outsideRows';
import { besideSingleRow } from '../../interpret/singleRows';
import { lifted } from '../../interpret/tensors';
import type { Layer, ParameterCell, TraceNode } from '../../values/trace';
import type { ContainerValue, InstanceValue, Value } from '../../values/value';
import { parameterOf, tensorValue, unknown, unreadable } from '../../values/value';

export type ModuleLike = Layer | ContainerValue | InstanceValue;

/** The modules that a value is or holds: an nn.Module in any form; null for others. */
export function asModule(value: Value): ModuleLike | null {
  if (value.kind === 'layer' || value.kind === 'container') return value;
  return value.kind === 'instance' && isModule(value) ? value : null;
}

/** Direct submodules and parameters of a module with their names, in the order of their registration. */
export function children(module: ModuleLike): { readonly name: string; readonly module: ModuleLike }[] {
  if (module.kind === 'layer') return [];
  const named: readonly (readonly [string, Value])[] =
    module.kind === 'container' ? module.items.map((i) => [i.name, i.value]) : [...module.fields];
  return named.flatMap(([name, value]) => {
    const inner = asModule(value);
    return inner ? [{ name, module: inner }] : [];
  });
}

/** Own parameters of a module, by attribute name. */
export function ownParameters(module: ModuleLike): { readonly name: string; readonly cell: ParameterCell }[] {
  if (module.kind === 'layer') return Object.entries(module.parameters).map(([name, cell]) => ({ name, cell }));
  if (module.kind === 'container')
    return module.items.flatMap(({ name, value }) => {
      const cell = parameterOf(value);
      return cell ? [{ name, cell }] : [];
    });
  return [...module.fields].flatMap(([name, value]) => {
    const cell = parameterOf(value);
    return cell && !module.buffers.has(name) ? [{ name, cell }] : [];
  });
}

export interface NamedModule {
  readonly name: string;
  readonly module: ModuleLike;
}

/** A module and all below it with their dotted names, parents first, each once. */
export function allModules(root: ModuleLike, prefix = '', seen = new Set<ModuleLike>()): NamedModule[] {
  if (seen.has(root) || seen.size > 2_000) return [];
  seen.add(root);
  const below = root.kind === 'layer' ? partsOfComposed(root) : children(root);
  const inner = below.flatMap(({ name, module }) => allModules(module, prefix === '' ? name : `${prefix}.${name}`, seen));
  return [{ name: prefix, module: root }, ...inner];
}

/** All parameters below a module with their names in the state_dict, each once. */
export function allParameters(root: ModuleLike): { readonly name: string; readonly cell: ParameterCell }[] {
  const seen = new Set<ParameterCell>();
  return allModules(root).flatMap(({ name, module }) =>
    ownParameters(module).flatMap((own) => {
      if (seen.has(own.cell)) return [];
      seen.add(own.cell);
      return [{ name: name === '' ? own.name : `${name}.${own.name}`, cell: own.cell }];
    }),
  );
}

/** What a loss takes: how many tensors, and how many of the first of them can be outputs of a model. */
const lossInputs = {
  crossEntropy: [2, 1],
  nll: [2, 1],
  bce: [2, 1],
  bceWithLogits: [2, 1],
  mse: [2, 1],
  l1: [2, 1],
  huber: [2, 1],
  smoothL1: [2, 1],
  klDivergence: [2, 1],
  poissonNll: [2, 1],
  gaussianNll: [3, 3],
  hingeEmbedding: [2, 1],
  marginRanking: [3, 2],
  multiMargin: [2, 1],
  multiLabelMargin: [2, 1],
  softMargin: [2, 1],
  multiLabelSoftMargin: [2, 1],
  cosineEmbedding: [3, 2],
  tripletMargin: [3, 3],
  ctc: [4, 1],
} as const satisfies { readonly [K in LayerKind]?: readonly [number, number] };

const inputsOfLoss = (kind: string): readonly [number, number] | null =>
  (lossInputs as Readonly<Record<string, readonly [number, number]>>)[kind] ?? null;

/** True for the kinds that compare an output with a target. */
export const isLossKind = (kind: string): boolean => inputsOfLoss(kind) !== null;

/** How many of the first inputs of a loss can be outputs of a model. */
export const outputsCompared = (kind: string): number => inputsOfLoss(kind)?.[1] ?? 0;

/** Names of a loss's tensors as keywords, in the order of any one of them. */
const tensorNames = ['input', 'log_input', 'input1', 'anchor', 'input2', 'positive', 'negative', 'target', 'var'];

/** Calls a module. Outside every forward pass the call is noted: it is the model's. */
export function applyModule(module: ModuleLike, call: Call): Value {
  const m = call.machine;
  if (m.replay) return unknown;
  if (isFunction(module) || m.moduleDepth > 0) return forward(module, call);
  const known = liftArguments(call);
  if (known.positional.every((a) => a.value.kind !== 'tensor') && known.keywords.size === 0) {
    const reason = call.positional.find((a) => a.value.kind === 'unknown');
    m.record(call.range, {
      kind: 'forward',
      module,
      inputs: [],
      output: unknown,
      evalMode: !module.training,
      noGrad: m.noGradDepth > 0,
    });
    const why = reason?.value.kind === 'unknown' ? reason.value.reason : null;
    const text = why ?? { text: 'What goes into the model could not be read', range: call.positional[0]?.range ?? call.range };
    const stand = m.trace.opaque('input', [], call.range, text);
    return runForward(module, {
      ...known,
      positional: call.positional.map((a) => (a.value.kind === 'unknown' ? { ...a, value: tensorValue(stand) } : a)),
    });
  }
  const output = runForward(module, known);
  const inputs = known.positional.flatMap((a) => (a.value.kind === 'tensor' ? [a.value.node] : []));
  m.record(call.range, { kind: 'forward', module, inputs, output, evalMode: !module.training, noGrad: m.noGradDepth > 0 });
  if (m.noGradDepth === 0 || output.kind !== 'tensor' || !output.node.trained) return output;
  return tensorValue(m.trace.stopped(output.node, call.range));
}

/** True for a loss, and for a module of several steps that has no parameters: no model by itself. */
function isFunction(module: ModuleLike): boolean {
  if (module.kind !== 'layer') return false;
  if (module.step !== null) return isLossKind(module.step.kind);
  return module.apply !== undefined && Object.keys(module.parameters).length === 0;
}

function runForward(module: ModuleLike, call: Call): Value {
  return call.machine.inForwardPass(() => forward(module, call));
}

/** Arrays that go into a model become tensors of the graph. */
function liftArguments(call: Call): Call {
  const lift = (given: Value, range: Call['range'], first: boolean): Value => {
    const value = first ? orImported(given, range) : given;
    if (first && isOutside(value)) return tensorValue(nodeFromOutside(call.machine, value));
    if (value.kind !== 'array' && !isOutside(value)) return value;
    const node = lifted(call.machine, value, range);
    return node ? tensorValue(node) : value;
  };
  return { ...call, positional: call.positional.map((a, i) => ({ ...a, value: lift(a.value, a.range, i === 0) })) };
}

function forward(module: ModuleLike, call: Call): Value {
  if (module.kind === 'layer') return applyLayer(module, call);
  if (module.kind === 'container') return applySequence(module, call);
  const own = findMember(module.type, 'forward');
  if (own?.kind === 'function') return callFunction({ ...own, self: module }, call);
  const inner = sequenceOf(module);
  return inner ? applySequence(inner, call) : unreadable(`The class ${module.type.name} has no forward method`, call.range);
}

/** A class that inherits from nn.Sequential holds its modules as a container does. */
function sequenceOf(module: InstanceValue): ContainerValue | null {
  const items = children(module).map(({ name, module: value }) => ({ name, value: value as Value }));
  return items.length > 0
    ? { kind: 'container', form: 'sequential', items, range: module.range, training: module.training }
    : null;
}

function applySequence(container: ContainerValue, call: Call): Value {
  if (container.form !== 'sequential') return unreadable('A list of modules cannot be called', call.range);
  let value: Value = call.positional[0]?.value ?? unknown;
  for (const item of container.items) {
    call.machine.tick();
    value = callValue(call.machine, item.value, { ...call, positional: [{ value, range: call.range }], keywords: new Map() });
  }
  return value;
}

function applyLayer(layer: Layer, call: Call): Value {
  const m = call.machine;
  if (layer.apply) return layer.apply(layer, call);
  const values = call.positional.map((a) => a.value);
  for (const name of tensorNames) {
    const keyword = call.keywords.get(name);
    if (keyword) values.push(keyword.value);
  }
  if (layer.step === null) return values[0] ?? unknown;
  const nodes: TraceNode[] = [];
  const compared = outputsCompared(layer.step.kind);
  for (const [i, value] of values.entries()) {
    const node = compared > 0 && i >= compared ? liftedTarget(m, value, call.range) : lifted(m, value, call.range);
    if (!node) return value.kind === 'unknown' ? value : unreadable('What goes into this call could not be read', call.range);
    nodes.push(node);
  }
  const wanted = inputsOfLoss(layer.step.kind)?.[0] ?? (layer.step.kind === 'bilinear' ? 2 : 1);
  if (nodes.length !== wanted) return unreadable(`This call needs ${wanted} argument${wanted > 1 ? 's' : ''}`, call.range);
  const { kind, arguments: args } = layer.step;
  learnShape(m, kind, args, nodes[0]);
  return tensorValue(
    m.trace.add(kind, args, besideSingleRow(m, kind, nodes, call.range), layer.range, {
      parameters: { ...layer.parameters },
      call: call.range,
      places: layer.places,
      layer,
    }),
  );
}
