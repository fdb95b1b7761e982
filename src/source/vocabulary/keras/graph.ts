import { callFunction } from '../../interpret/calls';
import { plainCall, type Call } from '../../interpret/call';
import { findMember, libraryBases } from '../../interpret/classes';
import type { Machine } from '../../interpret/machine';
import { lifted } from '../../interpret/tensors';
import type { KerasLayer, KerasModel, KerasPart, KerasTensor } from '../../values/estimators';
import type { ParameterCell, TraceNode } from '../../values/trace';
import {
  booleanValue,
  listValue,
  parameterOf,
  tensorValue,
  unknown,
  unreadable,
  type InstanceValue,
  type Value,
} from '../../values/value';
import { carryMask } from './masks';
import { tensorsIn } from './functional';
import { inPhase, isTraining } from './phase';

/** What a part of a model makes of tensors: nodes, or the reason why it cannot. */
export type Flow = readonly TraceNode[] | Value;

export const isNodes = (flow: Flow): flow is readonly TraceNode[] => Array.isArray(flow);

const kerasBases = new Set(['Model', 'Layer', 'Sequential']);

/** True for an instance of a class of the script that is a Keras model or layer. */
export const isKerasInstance = (value: InstanceValue): boolean =>
  libraryBases(value.type).some(
    (path) =>
      path === 'tensorflow.Module' ||
      (/^(tensorflow\.|tf\.)?(python\.)?keras\./.test(path) && kerasBases.has(path.split('.').pop() ?? '')),
  );

/** True for what can be a part of a Keras model. */
export const isKerasPart = (value: Value): value is KerasPart =>
  value.kind === 'kerasLayer' || value.kind === 'kerasModel' || (value.kind === 'instance' && isKerasInstance(value));

/** A part applied to nodes of the graph. */
export function flowThrough(m: Machine, part: KerasPart, inputs: readonly TraceNode[], call: Call): Flow {
  m.tick();
  if (part.kind === 'kerasLayer') return asFlow(carryMask(part, inputs, part.apply(m, part, inputs)));
  if (part.kind === 'instance') return throughInstance(m, part, inputs, call);
  if (part.instance) return throughInstance(m, part.instance, inputs, call);
  if (part.outputs.length > 0) return throughFunctional(m, part, inputs, call);
  return part.parts.reduce<Flow>((flow, inner) => (isNodes(flow) ? flowThrough(m, inner, flow, call) : flow), inputs);
}

/** A layer's single node, or its tensors where it gives several. */
function asFlow(made: TraceNode | Value): Flow {
  if ('id' in made) return [made];
  const nodes = made.kind === 'list' ? made.items.flatMap((item) => (item.kind === 'tensor' ? [item.node] : [])) : [];
  return nodes.length > 0 ? nodes : made;
}

/** What a part is called with beside its first tensor. */
type Given = Pick<Call, 'positional' | 'keywords'>;

const builtInstances = new WeakSet<InstanceValue>();

/** Runs the `build` of a layer of the script, once, with the shape of what comes in. */
function buildOnce(instance: InstanceValue, inputs: readonly TraceNode[], call: Call): void {
  const method = findMember(instance.type, 'build');
  if (method?.kind !== 'function' || builtInstances.has(instance)) return;
  builtInstances.add(instance);
  const shapeOf = (node: TraceNode): Value => ({ kind: 'shape', of: tensorValue(node), sizes: node.shape ?? [] });
  const [first] = inputs;
  const shape = inputs.length === 1 && first ? shapeOf(first) : listValue(inputs.map(shapeOf));
  callFunction({ ...method, self: instance }, plainCall(call, [shape]));
}

/** The ends of a model of the functional form that is an instance of a class of the script. */
interface Ends {
  readonly inputs: readonly KerasTensor[];
  readonly outputs: readonly KerasTensor[];
}

const endsOfInstances = new WeakMap<InstanceValue, Ends>();

/** `OwnModel(inputs, outputs)`, or `super().__init__(inputs, outputs)`: a model of the functional form with methods of its own. */
export function noteEnds(instance: InstanceValue, call: Call): void {
  const at = (name: string, place: number): KerasTensor[] =>
    tensorsIn(call.keywords.get(name)?.value ?? call.positional[place]?.value);
  const [inputs, outputs] = [at('inputs', 0), at('outputs', 1)];
  if (inputs.length > 0 && outputs.length > 0) endsOfInstances.set(instance, { inputs, outputs });
}

/** The ends of such an instance; null for one that says what it does in `call`. */
export const endsOf = (instance: InstanceValue): Ends | null => endsOfInstances.get(instance) ?? null;

/** The `call` method of a class of the script; it is told whether it is run in training, as Keras tells it. */
function throughInstance(
  m: Machine,
  instance: InstanceValue,
  inputs: readonly TraceNode[],
  call: Call,
  given: Given | null = null,
): Flow {
  const method = findMember(instance.type, 'call');
  const ends = endsOf(instance);
  if (ends && method?.kind !== 'function') return throughFunctional(m, ends, inputs, call);
  if (method?.kind !== 'function') return unreadable(`The class ${instance.type.name} has no call method`, instance.range);
  buildOnce(instance, inputs, call);
  const tensors = inputs.map(tensorValue);
  const first: Value = tensors.length === 1 ? (tensors[0] as Value) : listValue(tensors, 'tuple');
  const positional = given?.positional ?? [{ value: first, range: call.range }];
  const place = method.parameters.findIndex(({ name }) => name === 'training');
  const told = place >= 0 && place > positional.length && !given?.keywords.has('training');
  const keywords = new Map(given?.keywords ?? []);
  if (told) keywords.set('training', { value: booleanValue(isTraining(m)), range: call.range });
  const result = m.inForwardPass(() =>
    callFunction({ ...method, self: instance }, { ...call, machine: m, positional, keywords }),
  );
  return nodesOf(m, result, call) ?? unreadable('What the model returns could not be read', instance.range);
}

/** The nodes of a tensor or of several; an unknown with its reason; null for other values. */
function nodesOf(m: Machine, value: Value, call: Call): Flow | null {
  if (value.kind === 'tensor') return [value.node];
  if (value.kind === 'unknown') return value.reason ? value : null;
  if (value.kind === 'list') {
    const nodes = value.items.map((item) => lifted(m, item, call.range));
    return nodes.length > 0 && nodes.every((node) => node !== null) ? nodes : null;
  }
  const node = lifted(m, value, call.range);
  return node ? [node] : null;
}

/** What the tensors of the functional form were in the last run of a model. */
const lastRun = new WeakMap<Machine, Map<KerasTensor, Flow>>();

/** A tensor of the functional form as the node that it is in the model that was just run; null when it is none there. */
export function resolvedSymbol(m: Machine, tensor: KerasTensor, call: Call): TraceNode | null {
  const known = lastRun.get(m);
  const flow = known ? flowTo(m, tensor, known, call, 0) : null;
  return flow && isNodes(flow) ? (flow[0] ?? null) : null;
}

function throughFunctional(m: Machine, model: Ends & Partial<KerasModel>, inputs: readonly TraceNode[], call: Call): Flow {
  const known = new Map<KerasTensor, Flow>(model.inputs.map((tensor, i) => [tensor, inputs[i] ? [inputs[i]] : unknown]));
  if (inputs.length !== model.inputs.length)
    return unreadable(`This model takes ${model.inputs.length} inputs and is given ${inputs.length}`, call.range);
  const outputs = model.outputs.map((tensor) => flowTo(m, tensor, known, call, 0));
  lastRun.set(m, known);
  return outputs.find((flow) => !isNodes(flow)) ?? outputs.flatMap((flow) => (isNodes(flow) ? flow.slice(0, 1) : []));
}

/** A tensor of the functional form in terms of those that are known. */
function flowTo(m: Machine, tensor: KerasTensor, known: Map<KerasTensor, Flow>, call: Call, depth: number): Flow {
  const kept = known.get(tensor);
  if (kept) return kept;
  m.tick();
  if (tensor.among) {
    const all = flowTo(m, tensor.among.all, known, call, depth);
    const own = isNodes(all) ? all[tensor.among.index] : undefined;
    return isNodes(all) ? (own ? [own] : unreadable('The model does not give so many tensors', tensor.range)) : all;
  }
  if (!tensor.part) return unreadable('This Input is not among the inputs of the model', tensor.range);
  if (depth > 600) return unreadable('This model is nested too deeply to follow', tensor.range);
  const flows = tensor.inputs.map((input) => flowTo(m, input, known, call, depth + 1));
  const bad = flows.find((flow) => !isNodes(flow));
  const nodes = flows.flatMap((flow) => (isNodes(flow) ? flow : []));
  const { part } = tensor;
  const made = bad ?? inPhase(m, tensor.training ?? isTraining(m), () => flowThrough(m, part, nodes, call));
  known.set(tensor, made);
  return made;
}

/**
 * What a model is given as a node: rows of data are a source, numbers that the loop draws anew or that the script writes out
 * are made in the graph.
 */
export function liftedForModel(m: Machine, value: Value, range: Call['range']): TraceNode | null {
  const step = value.kind === 'array' ? m.program.steps[value.step]?.kind : undefined;
  const fresh = value.kind === 'array' && value.loop !== null && m.loops.some((loop) => loop.id === value.loop);
  const made = fresh || (m.loops.length > 0 && (step === 'filled' || step === 'literal'));
  return made ? m.inForwardPass(() => lifted(m, value, range)) : lifted(m, value, range);
}

/** Names under which attention layers take their tensors. */
const tensorKeywords = ['inputs', 'query', 'value', 'key', 'initial_state'];

/** The tensors that a layer is called with, in their order. */
function tensorsGiven(part: KerasPart, call: Call): Value[] {
  const several = part.kind === 'kerasLayer' ? call.positional.slice(1).map((a) => a.value) : [];
  const named = tensorKeywords.flatMap((name) => call.keywords.get(name)?.value ?? []);
  const all = [...call.positional.slice(0, 1).map((a) => a.value), ...several, ...named];
  return all.flatMap((value) => (value.kind === 'list' ? value.items : value.kind === 'boolean' ? [] : [value]));
}

/** `training=` of a call of a part; null when it does not say. */
function phaseOf(part: KerasPart, call: Call): boolean | null {
  const second = part.kind === 'instance' ? undefined : call.positional[1]?.value;
  const value = call.keywords.get('training')?.value ?? second;
  return value?.kind === 'boolean' ? value.value : null;
}

/** Rows of data that go through layers that prepare data alone; null for other parts. */
function asRows(part: KerasPart, rows: Value, call: Call): Value | null {
  if (part.kind === 'instance' || (part.kind === 'kerasModel' && part.outputs.length > 0)) return null;
  const layers = layersOf(part);
  if (layers.length === 0 || layers.some(({ onRows }) => onRows === undefined)) return null;
  return layers.reduce<Value>((value, layer) => (value.kind === 'array' ? (layer.onRows?.(value, call) ?? value) : value), rows);
}

/** What each part was called with and gave in the functional form. */
const uses = new WeakMap<KerasPart, readonly { readonly input: KerasTensor | undefined; readonly output: Value }[]>();

/** `layer.output`, `layer.input` of a part that the script called once on tensors of the functional form; null for others. */
export function endOfPart(part: KerasPart, end: 'input' | 'output'): Value | null {
  const [use, ...others] = uses.get(part) ?? [];
  return use && others.length === 0 ? (use[end] ?? null) : null;
}

/** A part called on tensors of the functional form, or on tensors of the graph. */
export function applyKeras(part: KerasPart, call: Call): Value {
  const m = call.machine;
  const values = tensorsGiven(part, call);
  if (values.length === 0) return unknown;
  const bad = values.find((value) => value.kind === 'unknown');
  if (bad) return bad;
  const phase = phaseOf(part, call);
  const symbols = values.flatMap((value) => (value.kind === 'kerasTensor' ? [value] : []));
  if (symbols.length > 0 && symbols.length === values.length) {
    const made = severalOf({
      kind: 'kerasTensor',
      part,
      inputs: symbols,
      range: call.range,
      shape: null,
      label: null,
      training: phase,
    });
    uses.set(part, [...(uses.get(part) ?? []), { input: values.length === 1 ? symbols[0] : undefined, output: made }]);
    return made;
  }
  const rows = values.length === 1 && values[0]?.kind === 'array' ? asRows(part, values[0], call) : null;
  if (rows) return rows;
  const nodes = values.map((value) => liftedForModel(m, value, call.range));
  if (nodes.some((node) => node === null)) return unknown;
  if (m.replay) return unknown;
  const outermost = m.moduleDepth === 0;
  const given = part.kind === 'instance' ? withTensors(call, nodes as TraceNode[]) : null;
  const flow = inPhase(m, phase ?? (outermost ? false : isTraining(m)), () =>
    m.inForwardPass(() =>
      part.kind === 'instance'
        ? throughInstance(m, part, nodes as TraceNode[], call, given)
        : flowThrough(m, part, outermost ? inColumns(m, part, nodes as TraceNode[]) : (nodes as TraceNode[]), call),
    ),
  );
  if (!isNodes(flow)) return flow;
  const result = flow.length === 1 && flow[0] ? tensorValue(flow[0]) : listValue(flow.map(tensorValue), 'tuple');
  if (outermost && m.loops.length > 0)
    m.record(call.range, {
      kind: 'forward',
      module: part,
      inputs: nodes as TraceNode[],
      output: result,
      evalMode: phase !== true && differsInTraining(part),
      noGrad: m.noGradDepth > 0,
    });
  return result;
}

/** How many tensors a part gives. */
function resultsOf(part: KerasPart, depth = 0): number {
  if (part.kind === 'kerasLayer') return part.results ?? 1;
  if (part.kind === 'instance' || part.instance || depth > 20) return 1;
  if (part.outputs.length > 0) return part.outputs.length;
  const last = part.parts[part.parts.length - 1];
  return last ? resultsOf(last, depth + 1) : 1;
}

/** What a call of the functional form gives: its tensor, or a list of those that there are. */
function severalOf(all: KerasTensor): Value {
  const count = all.part ? resultsOf(all.part) : 1;
  if (count === 1) return all;
  return listValue(Array.from({ length: count }, (_, index): Value => ({ ...all, among: { all, index } })));
}

/** Rows of one number each get a second axis at the door of a model. */
const inColumns = (m: Machine, part: KerasPart, nodes: readonly TraceNode[]): TraceNode[] =>
  nodes.map((node) =>
    part.kind === 'kerasModel' && node.shape?.length === 1 ? m.trace.add('unsqueeze', { axis: 1 }, [node], node.range) : node,
  );

/** The arguments of a call with its first tensors as nodes of the graph. */
function withTensors(call: Call, nodes: readonly TraceNode[]): Given {
  const [first, ...rest] = call.positional;
  if (!first) return call;
  const tensors = nodes.map(tensorValue);
  const value = first.value.kind === 'list' ? listValue(tensors, first.value.form) : (tensors[0] ?? first.value);
  return { keywords: call.keywords, positional: [{ ...first, value }, ...rest] };
}

const inTrainingOnly = /^(alpha_|gaussian_|spatial_)?(dropout|noise|batch_normalization)|^batch_normalization/;

/** True for parts that compute something else in training than in inference. */
const differsInTraining = (part: KerasPart): boolean => layersOf(part).some(({ name }) => inTrainingOnly.test(name));

/** The layers of a model in their order, those inside parts too. */
export function layersOf(part: KerasPart, depth = 0): KerasLayer[] {
  if (depth > 20) return [];
  if (part.kind === 'kerasLayer') return part.within ? [part, ...layersOf(part.within, depth + 1)] : [part];
  if (part.kind === 'instance') {
    const inner = [...part.fields.values(), ...partsOf(endsOf(part)?.outputs ?? [])];
    return inner.flatMap((value) => layersIn(value, depth + 1)).filter((layer, i, all) => all.indexOf(layer) === i);
  }
  if (part.instance) return layersOf(part.instance, depth + 1);
  const parts = part.outputs.length > 0 ? partsOf(part.outputs) : part.parts;
  return parts.flatMap((inner) => layersOf(inner, depth + 1)).filter((layer, i, all) => all.indexOf(layer) === i);
}

function layersIn(value: Value, depth: number): KerasLayer[] {
  if (isKerasPart(value)) return layersOf(value, depth);
  if (value.kind === 'list' && depth < 20) return value.items.flatMap((item) => layersIn(item, depth + 1));
  return value.kind === 'dict' ? [...value.entries.values()].flatMap((item) => layersIn(item, depth + 1)) : [];
}

/** The parts of a functional model, those that are needed first before the others. */
export function partsOf(outputs: readonly KerasTensor[]): KerasPart[] {
  const found: KerasPart[] = [];
  const seen = new Set<KerasTensor>();
  const visit = (tensor: KerasTensor, depth: number): void => {
    if (seen.has(tensor) || depth > 300) return;
    seen.add(tensor);
    for (const inner of tensor.inputs) visit(inner, depth + 1);
    if (tensor.part && !found.includes(tensor.part)) found.push(tensor.part);
  };
  for (const tensor of outputs) visit(tensor, 0);
  return found;
}

/** Weights that the script's own classes hold themselves, by the names of their fields. */
function rawCells(part: KerasPart, depth = 0): ParameterCell[] {
  if (depth > 20 || part.kind === 'kerasLayer') return [];
  if (part.kind === 'kerasModel') {
    if (part.instance) return rawCells(part.instance, depth + 1);
    const parts = part.outputs.length > 0 ? partsOf(part.outputs) : part.parts;
    return parts.flatMap((inner) => rawCells(inner, depth + 1));
  }
  return [...part.fields].flatMap(([name, value]) => rawIn(name, value, depth + 1));
}

function rawIn(name: string, value: Value, depth: number): ParameterCell[] {
  const cell = parameterOf(value);
  if (cell) {
    if (cell.name === '') cell.name = name;
    return [cell];
  }
  if (isKerasPart(value)) return rawCells(value, depth);
  if (value.kind === 'list' && depth < 20) return value.items.flatMap((item, i) => rawIn(`${name}.${i}`, item, depth + 1));
  return [];
}

/** The weights of a model, named after their layers as Keras names them; without those of `left`. */
export function cellsOf(part: KerasPart, left: ReadonlySet<KerasLayer> = new Set()): ParameterCell[] {
  const counts = new Map<string, number>();
  const ofLayers = layersOf(part).flatMap((layer) => {
    const base = layer.label ?? (layer.ordinal === 0 ? layer.name : `${layer.name}_${layer.ordinal}`);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const prefix = count === 0 ? base : `${base}_${count}`;
    const own = Object.entries(layer.cells).map(([role, cell]) => {
      cell.name = `${prefix}.${role}`;
      return cell;
    });
    return left.has(layer) ? [] : own;
  });
  return [...new Set([...ofLayers, ...rawCells(part)])];
}

/** The layers of a part that are not trained. */
export const frozenLayers = (part: KerasPart): ReadonlySet<KerasLayer> =>
  new Set(layersOf(part).filter(({ trainable }) => !trainable));

/** Makes all weights of a part fixed or free. */
export function setTrainable(part: KerasPart, trainable: boolean): void {
  for (const layer of layersOf(part)) layer.trainable = trainable;
}
