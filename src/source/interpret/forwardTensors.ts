import type { Layers } from '../../records/model/layers';
import type { SourceRange } from '../../records/source';
import type { Array as DataArray } from '../values/dataValues';
import type { ParameterCell, TraceNode } from '../values/trace';
import { initializerOf } from '../vocabulary/layers/rawParameters';
import { constantOf } from './constants';
import type { Machine } from './machine';
import { hasRows } from './shapes';

/** Nodes of arrays that entered a forward pass before, by their data step: the same numbers each time. */
const entered = new WeakMap<Machine, Map<number, TraceNode>>();

/**
 * An array that the script makes without data, as a node of the graph: its numbers where a forward pass uses them, fresh
 * random numbers, or random numbers that were drawn once (a buffer). Null for arrays that are rows of data.
 */
export function tensorOfForward(m: Machine, array: DataArray, range: SourceRange): TraceNode | null {
  const ofBatch = array.shape?.some(hasRows) ?? false;
  if (m.moduleDepth === 0 && !ofBatch) return null;
  let memory = entered.get(m);
  if (memory === undefined) entered.set(m, (memory = new Map()));
  const known = memory.get(array.step);
  if (known) return known;
  const made = constantNode(m, array) ?? randomNode(m, array, range) ?? batchNode(m, array);
  if (made) memory.set(array.step, made);
  return made;
}

/** An array that the script makes once, without data: its numbers, or a parameter that is not trained. */
export const constantTensor = (m: Machine, array: DataArray): TraceNode | null => constantNode(m, array) ?? drawnOnce(m, array);

function constantNode(m: Machine, array: DataArray): TraceNode | null {
  const constant = constantOf(m, array);
  if (constant === null) return null;
  const [only] = constant.values;
  if (constant.shape.length === 0 && only !== undefined) return m.trace.constant(only, array.range);
  const type = array.mask ? 'mask' : array.integer === true ? 'integer' : 'float';
  return m.trace.add('values', { shape: constant.shape, values: constant.values, type }, [], array.range);
}

/** Drawn anew in each pass, or once before training. */
function randomNode(m: Machine, array: DataArray, range: SourceRange): TraceNode | null {
  const fresh = array.loop !== null && m.loops.some((loop) => loop.id === array.loop);
  const step = m.program.steps[array.step];
  if (!fresh && !(array.shape?.some(hasRows) ?? false)) return drawnOnce(m, array);
  if (step?.kind !== 'randomNormal' && step?.kind !== 'randomUniform') return null;
  const { shape } = step.arguments;
  const normal = step.kind === 'randomNormal';
  const args: Layers['noise'] = { distribution: normal ? 'normal' : 'uniform', shape, call: 0 };
  const noise = m.trace.add('noise', args, [], array.range);
  const [scale, offset] =
    step.kind === 'randomNormal'
      ? [step.arguments.deviation, step.arguments.mean]
      : [step.arguments.high - step.arguments.low, step.arguments.low];
  const scaled = scale === 1 ? noise : m.trace.add('multiply', {}, [noise, m.trace.constant(scale, range)], array.range);
  return offset === 0 ? scaled : m.trace.add('add', {}, [scaled, m.trace.constant(offset, range)], array.range);
}

/** Random numbers of a buffer: a parameter that is not trained. */
function drawnOnce(m: Machine, array: DataArray): TraceNode | null {
  const initializer = initializerOf(m, array);
  if (initializer?.kind !== 'normal' && initializer?.kind !== 'uniform') return null;
  const cell: ParameterCell = {
    shape: array.shape ?? [],
    initializer,
    range: array.range,
    isDefault: false,
    trainable: false,
    name: '',
    unread: null,
  };
  return m.trace.parameter(cell, array.range);
}

/** `torch.zeros(x.size(0), 8)`: as many rows as the batch has. */
function batchNode(m: Machine, array: DataArray): TraceNode | null {
  const step = m.program.steps[array.step];
  return step?.kind === 'filled' ? m.trace.add('filled', step.arguments, [], array.range) : null;
}
