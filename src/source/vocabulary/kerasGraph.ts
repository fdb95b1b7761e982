import { callFunction } from '../interpret/calls';
import type { Call } from '../interpret/call';
import { findMember, libraryBases } from '../interpret/classes';
import type { Machine } from '../interpret/machine';
import { lifted } from '../interpret/tensors';
import type { KerasLayer, KerasModel, KerasPart, KerasTensor } from '../values/estimators';
import type { ParameterCell, TraceNode } from '../values/trace';
import { listValue, tensorValue, unknown, unreadable, type InstanceValue, type Value } from '../values/value';

/** What a part of a model makes of tensors: nodes, or the reason why it cannot. */
export type Flow = readonly TraceNode[] | Value;

export const isNodes = (flow: Flow): flow is readonly TraceNode[] => Array.isArray(flow);

const kerasBases = new Set(['Model', 'Layer']);

/** True for an instance of a class of the script that is a Keras model or layer. */
export const isKerasInstance = (value: InstanceValue): boolean =>
  libraryBases(value.type).some(
    (path) => /^(tensorflow\.|tf\.)?(python\.)?keras\./.test(path) && kerasBases.has(path.split('.').pop() ?? ''),
  );

/** True for what can be a part of a Keras model. */
export const isKerasPart = (value: Value): value is KerasPart =>
  value.kind === 'kerasLayer' || value.kind === 'kerasModel' || (value.kind === 'instance' && isKerasInstance(value));

/** A part applied to nodes of the graph. */
export function flowThrough(m: Machine, part: KerasPart, inputs: readonly TraceNode[], call: Call): Flow {
  m.tick();
  if (part.kind === 'kerasLayer') return asFlow(part.apply(m, part, inputs));
  if (part.kind === 'instance') return throughInstance(m, part, inputs, call);
  if (part.instance) return throughInstance(m, part.instance, inputs, call);
  if (part.outputs.length > 0) return throughFunctional(m, part, inputs, call);
  return part.parts.reduce<Flow>((flow, inner) => (isNodes(flow) ? flowThrough(m, inner, flow, call) : flow), inputs);
}

const asFlow = (made: TraceNode | Value): Flow => ('id' in made ? [made] : made);

/** The `call` method of a class of the script. */
function throughInstance(m: Machine, instance: InstanceValue, inputs: readonly TraceNode[], call: Call): Flow {
  const method = findMember(instance.type, 'call');
  if (method?.kind !== 'function') return unreadable(`The class ${instance.type.name} has no call method`, instance.range);
  const tensors = inputs.map(tensorValue);
  const first: Value = tensors.length === 1 ? (tensors[0] as Value) : listValue(tensors, 'tuple');
  const argument = { value: first, range: call.range };
  const result = callFunction(
    { ...method, self: instance },
    { ...call, machine: m, positional: [argument], keywords: new Map() },
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

function throughFunctional(m: Machine, model: KerasModel, inputs: readonly TraceNode[], call: Call): Flow {
  const known = new Map<KerasTensor, Flow>(model.inputs.map((tensor, i) => [tensor, inputs[i] ? [inputs[i]] : unknown]));
  if (inputs.length !== model.inputs.length)
    return unreadable(`This model takes ${model.inputs.length} inputs and is given ${inputs.length}`, call.range);
  const visit = (tensor: KerasTensor, depth: number): Flow => {
    const kept = known.get(tensor);
    if (kept) return kept;
    m.tick();
    if (!tensor.part) return unreadable('This Input is not among the inputs of the model', tensor.range);
    if (depth > 300) return unreadable('This model is nested too deeply to follow', tensor.range);
    const flows = tensor.inputs.map((input) => visit(input, depth + 1));
    const bad = flows.find((flow) => !isNodes(flow));
    const made =
      bad ??
      flowThrough(
        m,
        tensor.part,
        flows.flatMap((flow) => (isNodes(flow) ? flow : [])),
        call,
      );
    known.set(tensor, made);
    return made;
  };
  const outputs = model.outputs.map((tensor) => visit(tensor, 0));
  return outputs.find((flow) => !isNodes(flow)) ?? outputs.flatMap((flow) => (isNodes(flow) ? flow.slice(0, 1) : []));
}

/** A part called on tensors of the functional form, or on tensors of the graph. */
export function applyKeras(part: KerasPart, call: Call): Value {
  const given = call.positional[0]?.value ?? call.keywords.get('inputs')?.value ?? unknown;
  const values = given.kind === 'list' ? given.items : [given];
  const bad = values.find((value) => value.kind === 'unknown');
  if (bad) return bad;
  const symbols = values.flatMap((value) => (value.kind === 'kerasTensor' ? [value] : []));
  if (symbols.length > 0 && symbols.length === values.length)
    return { kind: 'kerasTensor', part, inputs: symbols, range: call.range, shape: null, label: null };
  const nodes = values.map((value) => lifted(call.machine, value, call.range));
  if (nodes.some((node) => node === null)) return unknown;
  const flow = flowThrough(call.machine, part, nodes as TraceNode[], call);
  if (!isNodes(flow)) return flow;
  return flow.length === 1 && flow[0] ? tensorValue(flow[0]) : listValue(flow.map(tensorValue), 'tuple');
}

/** The layers of a model in their order, those inside parts too. */
export function layersOf(part: KerasPart, depth = 0): KerasLayer[] {
  if (depth > 20) return [];
  if (part.kind === 'kerasLayer') return [part];
  if (part.kind === 'instance') return [...part.fields.values()].flatMap((value) => layersIn(value, depth + 1));
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

/** The weights of a model, named after their layers as Keras numbers them in this model. */
export function cellsOf(part: KerasPart): ParameterCell[] {
  const counts = new Map<string, number>();
  return layersOf(part).flatMap((layer) => {
    const base = layer.label ?? layer.name;
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const prefix = count === 0 ? base : `${base}_${count}`;
    return Object.entries(layer.cells).map(([role, cell]) => {
      cell.name = `${prefix}.${role}`;
      if (!layer.trainable) cell.trainable = false;
      return cell;
    });
  });
}

/** Makes all weights of a part fixed or free. */
export function setTrainable(part: KerasPart, trainable: boolean): void {
  for (const layer of layersOf(part)) {
    layer.trainable = trainable;
    for (const cell of Object.values(layer.cells)) cell.trainable = trainable;
  }
}
