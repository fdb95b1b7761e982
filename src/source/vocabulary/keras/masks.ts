import { Arguments, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { SourceRange } from '../../../records/source';
import type { KerasLayer } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { expectAxes, layerValue, single } from './weights';

/** Which times of a sequence count, as [rows, times] of 1 and 0. */
const masks = new WeakMap<TraceNode, TraceNode>();

/** The times of a tensor that count; null where all do. */
export const maskOf = (node: TraceNode): TraceNode | null => masks.get(node) ?? null;

/** The tensor with the times that count; null leaves it as it is. */
export function withMask(node: TraceNode, mask: TraceNode | null): TraceNode {
  if (mask) masks.set(node, mask);
  return node;
}

/** 1 where `x` differs from a value, else 0. */
function differsFrom(m: Machine, x: TraceNode, value: number, range: SourceRange): TraceNode {
  const differs = m.trace.add('compare', { function: '!=' }, [x, m.trace.constant(value, range)], range);
  return m.trace.add('cast', { to: 'float' }, [differs], range);
}

/** `mask_zero=True`: the places that hold another number than 0 count. */
export const maskOfIndices = (m: Machine, indices: TraceNode, range: SourceRange): TraceNode => differsFrom(m, indices, 0, range);

/** Layers that hand on which times count. */
const handsOn =
  /^(dense|activation|dropout|spatial_dropout1d|gaussian_noise|gaussian_dropout|alpha_dropout|layer_normalization|re_lu|leaky_re_lu|p_re_lu|elu|softmax|identity)$/;
/** Layers of which what they do with times that do not count is not followed. */
const unfollowed =
  /^(batch_normalization|attention|additive_attention|multi_head_attention|add|concatenate|average|multiply|subtract|maximum|minimum|dot)/;

/** What a layer has made of tensors of which some times do not count; other layers forget it, as they do in Keras 3. */
export function carryMask(layer: KerasLayer, inputs: readonly TraceNode[], made: TraceNode | Value): TraceNode | Value {
  const [mask] = inputs.flatMap((input) => maskOf(input) ?? []);
  if (!mask || !('id' in made)) return made;
  if (unfollowed.test(layer.name)) return unreadable('What this layer does with masked times is not read', layer.range);
  return handsOn.test(layer.name) && maskOf(made) === null && made !== inputs[0] ? withMask(made, mask) : made;
}

/** The mean of [rows, times, features] over the times that count. */
export function meanOfCounted(m: Machine, x: TraceNode, mask: TraceNode, range: SourceRange): TraceNode {
  const factor = m.trace.add('unsqueeze', { axis: 2 }, [mask], range);
  const counted = m.trace.add('multiply', {}, [x, factor], range);
  const total = m.trace.add('sum', { axes: [1], keep: false }, [counted], range);
  return m.trace.add('divide', {}, [total, m.trace.add('sum', { axes: [1], keep: false }, [factor], range)], range);
}

/** Masking: times at which all features have the value do not count, and are set to zero. */
const masking: Handler = (call) => {
  const a = new Arguments(call, 'mask_value');
  const value = a.number('mask_value', 0);
  const apply = single((m, layer, input) => {
    const bad = expectAxes(layer, input, 3);
    if (bad) return bad;
    const range = layer.range;
    const differs = differsFrom(m, input, value, range);
    const counts = m.trace.add('max', { axes: [2], keep: false }, [differs], range);
    const factor = m.trace.add('unsqueeze', { axis: 2 }, [counts], range);
    return withMask(m.trace.add('multiply', {}, [input, factor], range), counts);
  });
  return layerValue(call, a, 'masking', apply);
};

/** Layers that say which times of a sequence count. */
export const kerasMaskTable: FunctionTable = { 'keras.layers.Masking': masking };
