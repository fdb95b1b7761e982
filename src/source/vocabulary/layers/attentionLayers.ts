import type { Size } from '../../../graph/size';
import { Arguments, type Handler } from '../../interpret/call';
import { lifted } from '../../interpret/tensors';
import type { TraceNode } from '../../values/trace';
import { listValue, none, tensorValue, unreadable } from '../../values/value';
import { attend, attentionCells, isValue, masksOf, placesOf, type Heads } from './attentionParts';
import { composedLayer } from './composedLayer';
import type { FunctionTable } from '../functionTable';

/** A size that is that of the queries where it is not given. */
const sizeOr = (a: Arguments, name: string): Size => (a.given(name) ? a.size(name) : a.size('embed_dim'));

const multiheadAttention: Handler = (call) => {
  const a = new Arguments(call, 'embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim batch_first');
  for (const name of ['add_bias_kv', 'add_zero_attn']) if (a.boolean(name, false)) a.reject(name, `\`${name}\` is not read`);
  const settings: Heads = {
    dimension: a.size('embed_dim'),
    ...(a.given('kdim') || a.given('vdim') ? { sizes: [sizeOr(a, 'kdim'), sizeOr(a, 'vdim')] as const } : {}),
    heads: a.number('num_heads'),
    p: a.number('dropout', 0),
    batchFirst: a.boolean('batch_first', false),
  };
  const cells = attentionCells(settings, a.boolean('bias', true), call.range);
  const places = placesOf(a, { p: 'dropout', dimension: 'embed_dim', heads: 'num_heads' });
  return composedLayer('torch.nn.MultiheadAttention', a, cells, places, (layer, applied) => {
    const m = applied.machine;
    const given = new Arguments(
      applied,
      'query key value key_padding_mask need_weights attn_mask average_attn_weights is_causal',
    );
    given.rejectOthers();
    const inputs: TraceNode[] = [];
    for (const name of ['query', 'key', 'value']) {
      const value = given.value(name) ?? none;
      const node = lifted(m, value, given.range(name));
      if (!node) return value.kind === 'unknown' ? value : unreadable(`The ${name} could not be read`, applied.range);
      inputs.push(node);
    }
    const masks = masksOf(m, given, 'attn_mask', 'key_padding_mask');
    if (isValue(masks)) return masks;
    if (given.problems[0]) return { kind: 'unknown', reason: given.problems[0] };
    const out = attend({ layer, settings, prefix: '', call: applied }, inputs, masks);
    const weights = given.boolean('need_weights', true)
      ? tensorValue(
          m.trace.opaque('attention weights', inputs, applied.range, {
            text: 'The weights that an attention returns are not read',
            range: applied.range,
          }),
        )
      : none;
    return listValue([tensorValue(out), weights], 'tuple');
  });
};

/** F.scaled_dot_product_attention. */
const scaledDotProduct: Handler = (call) => {
  const m = call.machine;
  const a = new Arguments(call, 'query key value attn_mask dropout_p is_causal scale enable_gqa');
  a.rejectOthers();
  if (a.boolean('enable_gqa', false)) a.reject('enable_gqa', 'Groups of queries (`enable_gqa`) are not read');
  const p = a.number('dropout_p', 0);
  const args = { causal: a.boolean('is_causal', false), scale: a.optionalNumber('scale'), p, call: 0 };
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const nodes: TraceNode[] = [];
  for (const name of ['query', 'key', 'value', ...(a.given('attn_mask') ? ['attn_mask'] : [])]) {
    const value = a.value(name) ?? none;
    const node = lifted(m, value, a.range(name));
    if (!node) return value.kind === 'unknown' ? value : unreadable(`\`${name}\` could not be read`, call.range);
    nodes.push(node);
  }
  return tensorValue(
    m.trace.add('attention', { ...args, mask: a.given('attn_mask'), keyPadding: false }, nodes, call.range, {
      places: placesOf(a, { p: 'dropout_p' }),
    }),
  );
};

/** Attention alone. */
export const attentionTable: FunctionTable = {
  'torch.nn.MultiheadAttention': multiheadAttention,
  'torch.nn.functional.scaled_dot_product_attention': scaledDotProduct,
};
