import type { Size } from '../../graph/size';
import { combineSizes } from '../../graph/size';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { SourceRange } from '../../records/source';
import { Arguments, type Call, type Handler } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import { lifted } from '../interpret/tensors';
import type { Layer, LayerStep, ParameterCell, TraceNode } from '../values/trace';
import { listValue, none, tensorValue, unreadable, type Value } from '../values/value';
import { activations } from './activations';
import { composedLayer, type Cells } from './composedLayer';
import type { FunctionTable } from './functionTable';
import { ones, rectified, zeros } from './layerEntry';
import { newCell } from './layers';
import { copiedCell } from './moduleCopies';

/** What an attention with heads was made with. */
interface Heads {
  readonly dimension: Size;
  readonly heads: number;
  readonly batchFirst: boolean;
  readonly p: number;
}

/** Input projection by Glorot's bounds, output projection as a Linear's weight; biases 0. */
function attentionCells({ dimension }: Heads, bias: boolean, range: SourceRange): Cells {
  const cell = (shape: readonly Size[], initializer: ParameterCell['initializer']): ParameterCell =>
    newCell(shape, initializer, range, true);
  const weights = {
    in_proj_weight: cell([combineSizes('*', 3, dimension), dimension], { kind: 'xavierUniform', gain: 1 }),
    'out_proj.weight': cell([dimension, dimension], rectified),
  };
  if (!bias) return weights;
  return {
    in_proj_weight: weights.in_proj_weight,
    in_proj_bias: cell([combineSizes('*', 3, dimension)], zeros),
    'out_proj.weight': weights['out_proj.weight'],
    'out_proj.bias': cell([dimension], zeros),
  };
}

const placesOf = (a: Arguments, names: Readonly<Record<string, string>>): Record<string, SourceRange> =>
  Object.fromEntries(Object.entries(names).flatMap(([place, name]) => (a.argument(name) ? [[place, a.place(name)]] : [])));

/** The masks of a call, and what they are; a reason when one cannot be followed. */
interface Masks {
  readonly nodes: readonly TraceNode[];
  readonly mask: boolean;
  readonly keyPadding: boolean;
}

function masksOf(m: Machine, a: Arguments, mask: string, padding: string): Masks | Value {
  const nodes: TraceNode[] = [];
  for (const name of [mask, padding]) {
    if (!a.given(name)) continue;
    const node = lifted(m, a.value(name) ?? none, a.range(name));
    if (node === null) return unreadable('This mask could not be read', a.range(name));
    nodes.push(node);
  }
  return { nodes, mask: a.given(mask), keyPadding: a.given(padding) };
}

const isValue = (value: Masks | Value): value is Value => 'kind' in value;

interface Attending {
  readonly layer: Layer;
  readonly settings: Heads;
  /** What stands before the names of the parameters. */
  readonly prefix: string;
  readonly call: Call;
}

function attend({ layer, settings, prefix, call }: Attending, inputs: readonly TraceNode[], masks: Masks): TraceNode {
  const roles = ['in_proj_weight', 'in_proj_bias', 'out_proj.weight', 'out_proj.bias'];
  const { mask, keyPadding } = masks;
  return call.machine.trace.add(
    'multiheadAttention',
    { ...settings, call: 0, mask, keyPadding },
    [...inputs, ...masks.nodes],
    layer.range,
    { parameters: roled(layer, prefix, roles), call: call.range, places: layer.places, layer },
  );
}

/** The parameters of a part of a layer, by their roles there. */
const roled = (layer: Layer, prefix: string, roles: readonly string[]): Cells =>
  Object.fromEntries(
    roles.flatMap((role) => {
      const cell = layer.parameters[`${prefix}${role}`];
      return cell ? [[role, cell]] : [];
    }),
  );

const multiheadAttention: Handler = (call) => {
  const a = new Arguments(call, 'embed_dim num_heads dropout bias add_bias_kv add_zero_attn kdim vdim batch_first');
  for (const name of ['add_bias_kv', 'add_zero_attn']) if (a.boolean(name, false)) a.reject(name, `\`${name}\` is not read`);
  for (const name of ['kdim', 'vdim']) if (a.given(name)) a.reject(name, 'Keys and values of sizes of their own are not read');
  const settings: Heads = {
    dimension: a.size('embed_dim'),
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

/** What a layer of a transformer encoder was made with. */
interface EncoderSettings extends Heads {
  readonly epsilon: number;
  readonly normFirst: boolean;
  readonly wide: Size;
  readonly activation: LayerStep;
  /** The norm behind all layers of an encoder. */
  readonly last: Layers['layerNorm'] | null;
}

function encoderCells(settings: EncoderSettings, bias: boolean, range: SourceRange): Cells {
  const { dimension, wide } = settings;
  const made = (shape: readonly Size[], initializer: ParameterCell['initializer']): ParameterCell =>
    newCell(shape, initializer, range, true);
  const linear = (name: string, out: Size, into: Size): Cells => {
    const weight = made([out, into], rectified);
    return { [`${name}.weight`]: weight, ...(bias ? { [`${name}.bias`]: made([out], { kind: 'biasUniform', weight }) } : {}) };
  };
  const norm = (name: string): Cells => ({
    [`${name}.weight`]: made([dimension], ones),
    ...(bias ? { [`${name}.bias`]: made([dimension], zeros) } : {}),
  });
  const attention = Object.entries(attentionCells(settings, bias, range)).map(([role, cell]) => [`self_attn.${role}`, cell]);
  return {
    ...(Object.fromEntries(attention) as Cells),
    ...linear('linear1', wide, dimension),
    ...linear('linear2', dimension, wide),
    ...norm('norm1'),
    ...norm('norm2'),
  };
}

/** The activation of a feed-forward part: its name, its function or its module. */
function activationOf(a: Arguments): LayerStep {
  const value = a.value('activation');
  const relu: LayerStep = { kind: 'relu', arguments: {} };
  if (!value || value.kind === 'none') return relu;
  if (value.kind === 'layer' && value.step) return value.step;
  const name = value.kind === 'string' ? value.value : value.kind === 'external' ? (value.path.split('.').pop() ?? '') : '';
  const found = activations.find(({ functionName }) => functionName === name);
  if (!found) {
    a.reject('activation', 'This activation is not read');
    return relu;
  }
  return found.step(new Arguments({ ...a.call, positional: [], keywords: new Map() }, found.names));
}

/** The settings of encoder layers, by the layer that was made of them: an encoder makes copies. */
const encoderSettings = new WeakMap<Layer, EncoderSettings>();

const encoderLayer: Handler = (call) => {
  const a = new Arguments(call, 'd_model nhead dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias');
  const settings: EncoderSettings = {
    dimension: a.size('d_model'),
    heads: a.number('nhead'),
    wide: a.size('dim_feedforward', 2048),
    p: a.number('dropout', 0.1),
    activation: activationOf(a),
    epsilon: a.number('layer_norm_eps', 1e-5),
    batchFirst: a.boolean('batch_first', false),
    normFirst: a.boolean('norm_first', false),
    last: null,
  };
  const cells = encoderCells(settings, a.boolean('bias', true), call.range);
  const places = placesOf(a, { p: 'dropout', dimension: 'd_model', heads: 'nhead', wide: 'dim_feedforward' });
  const made = composedLayer('torch.nn.TransformerEncoderLayer', a, cells, places, (layer, applied) =>
    encode(layer, settings, [''], applied, 'src_mask'),
  );
  if (made.kind === 'layer') encoderSettings.set(made, settings);
  return made;
};

/** Layers one after the other; `prefixes` stand before the names of their parameters. */
function encode(layer: Layer, settings: EncoderSettings, prefixes: readonly string[], call: Call, maskName: string): Value {
  const m = call.machine;
  const a = new Arguments(call, `src ${maskName} src_key_padding_mask is_causal`);
  a.rejectOthers();
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const value = a.value('src') ?? none;
  const source = lifted(m, value, a.range('src'));
  if (!source) return value.kind === 'unknown' ? value : unreadable('What goes into this call could not be read', call.range);
  const masks = masksOf(m, a, maskName, 'src_key_padding_mask');
  if (isValue(masks)) return masks;
  const made = prefixes.reduce((x, prefix) => encoderBlock({ layer, settings, prefix, call }, settings, x, masks), source);
  const final = roled(layer, 'norm.', ['weight', 'bias']);
  if (!settings.last) return tensorValue(made);
  return tensorValue(m.trace.add('layerNorm', settings.last, [made], layer.range, { parameters: final, call: call.range }));
}

/** Self-attention and two linear layers, each with its norm and the way around it. */
function encoderBlock(at: Attending, settings: EncoderSettings, x: TraceNode, masks: Masks): TraceNode {
  const { layer, prefix, call } = at;
  const { trace } = call.machine;
  const add = <K extends LayerKind>(kind: K, args: Layers[K], inputs: readonly TraceNode[]): TraceNode =>
    trace.add(kind, args, inputs, layer.range, { call: call.range });
  const dropped = (y: TraceNode): TraceNode =>
    settings.p === 0
      ? y
      : trace.add('dropout', { p: settings.p, call: 0 }, [y], layer.range, { call: call.range, places: layer.places });
  const linear = (name: string, y: TraceNode, into: Size, out: Size): TraceNode =>
    trace.add('linear', { in: into, out }, [y], layer.range, {
      parameters: roled(layer, `${prefix}${name}.`, ['weight', 'bias']),
      call: call.range,
    });
  const norm = (name: string, y: TraceNode): TraceNode => normalised(layer, `${prefix}${name}.`, settings, y, call);
  const attended = (y: TraceNode): TraceNode => dropped(attend({ ...at, prefix: `${prefix}self_attn.` }, [y, y, y], masks));
  const fed = (y: TraceNode): TraceNode => {
    const inner = linear('linear1', y, settings.dimension, settings.wide);
    const active = add(settings.activation.kind, settings.activation.arguments, [inner]);
    return dropped(linear('linear2', dropped(active), settings.wide, settings.dimension));
  };
  if (settings.normFirst) {
    const mixed = add('add', {}, [x, attended(norm('norm1', x))]);
    return add('add', {}, [mixed, fed(norm('norm2', mixed))]);
  }
  const mixed = norm('norm1', add('add', {}, [x, attended(x)]));
  return norm('norm2', add('add', {}, [mixed, fed(mixed)]));
}

function normalised(layer: Layer, prefix: string, settings: EncoderSettings, x: TraceNode, call: Call): TraceNode {
  return call.machine.trace.add('layerNorm', { shape: [settings.dimension], epsilon: settings.epsilon }, [x], layer.range, {
    parameters: roled(layer, prefix, ['weight', 'bias']),
    call: call.range,
  });
}

/** nn.TransformerEncoder: copies of a layer, which all start with the same numbers. */
const encoder: Handler = (call) => {
  const a = new Arguments(call, 'encoder_layer num_layers norm enable_nested_tensor mask_check');
  const count = a.number('num_layers');
  const given = a.value('encoder_layer');
  const settings = given?.kind === 'layer' ? encoderSettings.get(given) : undefined;
  if (given?.kind !== 'layer' || !settings) {
    const why = given?.kind === 'unknown' ? given.reason : null;
    return why ? { kind: 'unknown', reason: why } : unreadable('The layers of this encoder could not be read', call.range);
  }
  if (!(count >= 1 && count <= 64)) a.reject('num_layers', 'The number of layers could not be read');
  const prefixes = Array.from({ length: Math.min(64, Math.max(1, count || 1)) }, (_, i) => `layers.${i}.`);
  const cells: Cells = {};
  for (const prefix of prefixes) {
    const copied = new Map<ParameterCell, ParameterCell>();
    for (const [role, cell] of Object.entries(given.parameters)) {
      const copy = copiedCell(call.machine, cell, (other) => copied.get(other) ?? other);
      copied.set(cell, copy);
      cells[`${prefix}${role}`] = copy;
    }
  }
  const norm = a.value('norm');
  let last: Layers['layerNorm'] | null = null;
  if (norm?.kind === 'layer' && norm.step?.kind === 'layerNorm') {
    last = norm.step.arguments as Layers['layerNorm'];
    for (const [role, cell] of Object.entries(norm.parameters)) cells[`norm.${role}`] = cell;
  } else if (norm && norm.kind !== 'none') a.reject('norm', 'This last norm is not read');
  return composedLayer('torch.nn.TransformerEncoder', a, cells, given.places, (layer, applied) =>
    encode(layer, { ...settings, last }, prefixes, applied, 'mask'),
  );
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

/** Attention and the transformer encoder. */
export const attentionTable: FunctionTable = {
  'torch.nn.MultiheadAttention': multiheadAttention,
  'torch.nn.TransformerEncoderLayer': encoderLayer,
  'torch.nn.TransformerEncoder': encoder,
  'torch.nn.functional.scaled_dot_product_attention': scaledDotProduct,
};
