import { Arguments, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer } from '../../values/estimators';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { layerValue } from './weights';
import { newCell } from '../layers/layers';

/** Query, value and key, as Keras orders them; the key is the value where there is none. */
function threeOf(layer: KerasLayer, inputs: readonly TraceNode[]): readonly [TraceNode, TraceNode, TraceNode] | Value {
  const [query, value = query, key = value] = inputs;
  if (!query || !value || !key || [query, value, key].some((node) => node.shape?.length !== 3))
    return unreadable('This layer is read for sequences of vectors', layer.range);
  return [query, value, key];
}

/** A weight whose fans Keras takes from its own three axes, as a uniform distribution. */
function projected(layer: KerasLayer, role: string, shape: readonly number[], limit: number): ParameterCell {
  const known = layer.cells[role];
  if (known) return known;
  const cell = newCell(
    shape,
    limit === 0 ? { kind: 'constant', value: 0 } : { kind: 'uniform', low: -limit, high: limit },
    layer.range,
    true,
  );
  layer.cells[role] = cell;
  return cell;
}

/** softmax(q kᵀ / √d) v in heads, with Keras's projections of their own widths. */
const multiHead: Handler = (call) => {
  const a = new Arguments(call, 'num_heads key_dim value_dim dropout use_bias');
  const [heads, width] = [a.number('num_heads'), a.number('key_dim')];
  const valueWidth = a.given('value_dim') ? a.number('value_dim') : width;
  const p = a.number('dropout', 0);
  const biased = a.boolean('use_bias', true);
  for (const name of ['output_shape', 'attention_axes', 'kernel_initializer', 'bias_initializer', 'kernel_regularizer'])
    if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  const project = (m: Machine, layer: KerasLayer, x: TraceNode, role: string, out: number, limit: number): TraceNode => {
    const into = x.shape?.[2] as number;
    const weight = projected(layer, `${role}.weight`, [out, into], limit);
    const parameters: Record<string, ParameterCell> = { weight };
    if (biased) parameters['bias'] = projected(layer, `${role}.bias`, [out], 0);
    return m.trace.add('linear', { in: into, out }, [x], layer.range, { parameters });
  };
  const apply: KerasLayer['apply'] = (m, layer, inputs) => {
    const three = threeOf(layer, inputs);
    if ('kind' in three) return three;
    const widths = three.map((node) => node.shape?.[2]);
    const length = three.map((node) => node.shape?.[1] ?? null);
    const depth = widths[0];
    if (widths.some((size) => typeof size !== 'number') || length.some((size) => size === null) || typeof depth !== 'number')
      return unreadable('The sizes of what comes into this layer are not known', layer.range);
    const inHeads = (x: TraceNode, role: string, size: number, i: number): TraceNode => {
      const limit = Math.sqrt(6 / ((widths[i] as number) * (heads + size)));
      const flat = project(m, layer, x, role, heads * size, limit);
      const split = m.trace.add('reshape', { shape: [-1, length[i] as number, heads, size] }, [flat], layer.range);
      return m.trace.add('permute', { order: [0, 2, 1, 3] }, [split], layer.range);
    };
    const [query, value, key] = three;
    const [q, k, v] = [inHeads(query, 'query', width, 0), inHeads(key, 'key', width, 2), inHeads(value, 'value', valueWidth, 1)];
    const args = { mask: false, keyPadding: false, causal: false, scale: null, p, call: 0 } as const;
    const attended = m.trace.add('attention', args, [q, k, v], layer.range, { places: { p: a.place('dropout') } });
    const back = m.trace.add('permute', { order: [0, 2, 1, 3] }, [attended], layer.range);
    const joined = m.trace.add('reshape', { shape: [-1, length[0] as number, heads * valueWidth] }, [back], layer.range);
    return project(m, layer, joined, 'output', depth, Math.sqrt(6 / (heads * (valueWidth + depth))));
  };
  return layerValue(call, a, 'multi_head_attention', apply);
};

/** softmax(q kᵀ) v. */
const dotAttention: Handler = (call) => {
  const a = new Arguments(call, '');
  if (a.boolean('use_scale', false)) a.reject('use_scale', 'A learned scale is not read');
  if (a.given('score_mode') && a.string('score_mode', 'dot') !== 'dot') a.reject('score_mode', 'These scores are not read');
  const p = a.number('dropout', 0);
  const known = new Map([...call.keywords].filter(([name]) => !['use_scale', 'score_mode', 'dropout', 'causal'].includes(name)));
  if (a.boolean('causal', false)) a.reject('causal', '`causal` is not followed');
  const apply: KerasLayer['apply'] = (m, layer, inputs) => {
    const three = threeOf(layer, inputs);
    if ('kind' in three) return three;
    const [query, value, key] = three;
    const args = { mask: false, keyPadding: false, causal: false, scale: 1, p, call: 0 } as const;
    return m.trace.add('attention', args, [query, key, value], layer.range);
  };
  const rest = new Arguments({ ...call, keywords: known }, '');
  rest.problems.push(...a.problems);
  return layerValue(call, rest, 'attention', apply);
};

/** Attention layers of Keras. */
export const kerasAttentionTable: FunctionTable = {
  'keras.layers.MultiHeadAttention': multiHead,
  'keras.layers.Attention': dotAttention,
};
