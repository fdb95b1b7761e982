import { Arguments, type Call, type Method } from '../../interpret/call';
import { graphOperation, opaqueOperation } from '../../interpret/tensors';
import type { Array as DataArray } from '../../values/dataValues';
import type { TraceNode } from '../../values/trace';
import { numberValue, parameterOf, tensorValue, unknown, type TensorValue, type Value } from '../../values/value';
import { fillRows, rowsOfParameter } from '../layers/givenWeights';
import { filledDiagonal } from '../tables/diagonals';
import { bernoulliOf } from '../tables/randomDraws';
import { runOperation, tensorOperations } from './tensorOperations';
import { callValue } from '../../interpret/calls';

/** Results that share their memory with what they were made of. */
const views: ReadonlySet<TraceNode['kind']> = new Set([
  'reshape',
  'flatten',
  'squeeze',
  'unsqueeze',
  'permute',
  'slice',
  'expand',
  'unflatten',
  'stopGradient',
]);

const ofTorch = (name: string, x: Value, call: Call): Value =>
  callValue(
    call.machine,
    { kind: 'external', path: `torch.${name}` },
    { ...call, positional: [{ value: x, range: call.range }], keywords: new Map() },
  );

const scaled = (x: Value, scale: Value, offset: Value, call: Call): Value => {
  const m = call.machine;
  const spread = scale.kind === 'number' && scale.value === 1 ? x : graphOperation(m, 'multiply', {}, [x, scale], call.range);
  return offset.kind === 'number' && offset.value === 0 ? spread : graphOperation(m, 'add', {}, [spread, offset], call.range);
};

/** Changes that are more than an operation of another name. */
const changes: Readonly<Record<string, (x: Value, call: Call) => Value>> = {
  normal_: (x, call) => {
    const a = new Arguments(call, 'mean std');
    return scaled(ofTorch('randn_like', x, call), a.value('std') ?? numberValue(1), a.value('mean') ?? numberValue(0), call);
  },
  uniform_: (x, call) => {
    const a = new Arguments(call, 'from to');
    const [low, high] = [a.number('from', 0), a.number('to', 1)];
    if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
    return scaled(ofTorch('rand_like', x, call), numberValue(high - low), numberValue(low), call);
  },
  bernoulli_: (x, call) => bernoulliOf(x, new Arguments(call, 'p').value('p') ?? numberValue(0.5), call),
  zero_: (x, call) => ofTorch('zeros_like', x, call),
  fill_: (x, call) =>
    callValue(
      call.machine,
      { kind: 'external', path: 'torch.full_like' },
      { ...call, positional: [{ value: x, range: call.range }, ...call.positional] },
    ),
  fill_diagonal_: (x, call) => {
    const a = new Arguments(call, 'fill_value');
    const value = a.number('fill_value');
    return (a.problems[0] ? null : filledDiagonal(x, value, call)) ?? unknown;
  },
  copy_: (_x, call) => call.positional[0]?.value ?? unknown,
};

function changed(x: Value, name: string, call: Call): Value | null {
  const own = Object.hasOwn(changes, name) ? changes[name] : undefined;
  if (own) return own(x, call);
  const operation = tensorOperations[name.slice(0, -1)];
  return operation ? runOperation(operation, x, new Arguments(call, operation.names)) : null;
}

/** Whether another tensor that the script has made may share the memory of this one. */
const isShared = (node: TraceNode, call: Call): boolean =>
  views.has(node.kind) || call.machine.trace.nodes.some((other) => views.has(other.kind) && other.inputs[0] === node);

function changeTensor(x: TensorValue, name: string, call: Call): Value {
  const m = call.machine;
  const rows = rowsOfParameter(x.node);
  if (rows) {
    const given = name === 'zero_' ? numberValue(0) : name === 'fill_' ? call.positional[0]?.value : undefined;
    fillRows(m, rows, given?.kind === 'number' ? given.value : null, call.range);
    return x;
  }
  const made = isShared(x.node, call) ? null : changed(x, name, call);
  if (made?.kind === 'tensor') x.node = made.node;
  else {
    x.node.fault = { text: `\`.${name}()\` is not read`, range: call.range };
    return opaqueOperation(m, `.${name}()`, [x], call.range);
  }
  return x;
}

/** Makes a table of numbers the tensor that a value of the model was added to or written into: all that hold it see that. */
function becomeTensor(x: DataArray, { node }: TensorValue): void {
  for (const key of Object.keys(x)) Reflect.deleteProperty(x, key);
  Object.assign(x, tensorValue(node));
}

function changeArray(x: DataArray, name: string, call: Call): Value {
  const made = changed(x, name, call);
  if (made?.kind === 'tensor') {
    becomeTensor(x, made);
    return x;
  }
  if (made?.kind !== 'array') x.fault = { text: `\`.${name}()\` is not read`, range: call.range };
  else Object.assign(x, { step: made.step, shape: made.shape, integer: made.integer, fault: made.fault });
  return x;
}

/**
 * `x.add_(y)` and the like on a tensor that is no parameter: the variable and all that hold the same tensor see the new values.
 * Null when the name is not of this kind.
 */
export function inPlaceMethod(receiver: Value, name: string): Method | null {
  if (!name.endsWith('_') || name.endsWith('__') || name === 'requires_grad_') return null;
  const known = Object.hasOwn(changes, name) || Object.hasOwn(tensorOperations, name.slice(0, -1));
  if (!known || parameterOf(receiver)) return null;
  if (receiver.kind === 'tensor') return (_, call) => changeTensor(receiver, name, call);
  const isTable = receiver.kind === 'array' && (receiver.flavour === 'frame' || receiver.flavour === 'series');
  return receiver.kind === 'array' && !isTable ? (_, call) => changeArray(receiver, name, call) : null;
}
