import type { Layers } from '../../../records/model/layers';
import { Arguments, type Call, type Handler } from '../../interpret/call';
import { lifted } from '../../interpret/tensors';
import type { Layer, ParameterCell, TraceNode } from '../../values/trace';
import { none, tensorValue, unreadable, type Value } from '../../values/value';
import { isValue, masksOf, placesOf, roled } from './attentionParts';
import { composedLayer, type Cells } from './composedLayer';
import type { FunctionTable } from '../functionTable';
import { copiedCell } from './moduleCopies';
import { activationOf, block, blockCells, type BlockSettings } from './transformerBlocks';

type Part = BlockSettings['part'];

/** Layers one above the other. */
interface Stack {
  readonly settings: BlockSettings;
  /** What stands before the names of each layer's parameters. */
  readonly prefixes: readonly string[];
  /** The norm behind all layers, and what stands before its names. */
  readonly last: { readonly arguments: Layers['layerNorm']; readonly prefix: string } | null;
}

/** The settings of single layers, by the layer that was made of them: a stack makes copies. */
const settingsOf = new WeakMap<Layer, BlockSettings>();

/** What goes through a stack, and its masks, by their names in a call. */
interface Names {
  readonly x: string;
  readonly mask: string;
  readonly padding: string;
}

const targetNames: Names = { x: 'tgt', mask: 'tgt_mask', padding: 'tgt_key_padding_mask' };
const sourceNames = (mask: string): Names => ({ x: 'src', mask, padding: 'src_key_padding_mask' });

/** Everything that settings are made of but the part. */
function sharedSettings(a: Arguments): Omit<BlockSettings, 'part'> {
  return {
    dimension: a.size('d_model', 512),
    heads: a.number('nhead', 8),
    wide: a.size('dim_feedforward', 2048),
    p: a.number('dropout', 0.1),
    activation: activationOf(a),
    epsilon: a.number('layer_norm_eps', 1e-5),
    batchFirst: a.boolean('batch_first', false),
    normFirst: a.boolean('norm_first', false),
  };
}

const settingPlaces = { p: 'dropout', dimension: 'd_model', heads: 'nhead', wide: 'dim_feedforward' };

/** nn.TransformerEncoderLayer and nn.TransformerDecoderLayer. */
const single =
  (part: Part, path: string): Handler =>
  (call) => {
    const a = new Arguments(call, 'd_model nhead dim_feedforward dropout activation layer_norm_eps batch_first norm_first bias');
    for (const name of ['d_model', 'nhead']) if (!a.given(name)) a.reject(name, `\`${name}\` is not given`);
    const settings: BlockSettings = { part, ...sharedSettings(a) };
    const stack: Stack = { settings, prefixes: [''], last: null };
    const cells = blockCells(settings, a.boolean('bias', true), call.range);
    const made = composedLayer(path, a, cells, placesOf(a, settingPlaces), (layer, applied) =>
      run(layer, stack, applied, sourceNames('src_mask')),
    );
    if (made.kind === 'layer') settingsOf.set(made, settings);
    return made;
  };

/** nn.TransformerEncoder and nn.TransformerDecoder: copies of a layer, which all start with the same numbers. */
const stacked =
  (part: Part, path: string): Handler =>
  (call) => {
    const a = new Arguments(call, `${part}_layer num_layers norm enable_nested_tensor mask_check`);
    const given = a.value(`${part}_layer`);
    const settings = given?.kind === 'layer' ? settingsOf.get(given) : undefined;
    if (given?.kind !== 'layer' || settings?.part !== part) {
      const why = given?.kind === 'unknown' ? given.reason : null;
      return why ? { kind: 'unknown', reason: why } : unreadable(`The layers of this ${part} could not be read`, call.range);
    }
    const prefixes = prefixesOf(a, 'num_layers', a.number('num_layers'));
    const cells = prefixes.reduce<Cells>((all, prefix) => ({ ...all, ...copied(call, given.parameters, prefix) }), {});
    const norm = a.value('norm');
    const isNorm = norm?.kind === 'layer' && norm.step?.kind === 'layerNorm';
    if (norm && norm.kind !== 'none' && !isNorm) a.reject('norm', 'This last norm is not read');
    const last = isNorm && norm.step ? { arguments: norm.step.arguments as Layers['layerNorm'], prefix: 'norm.' } : null;
    if (isNorm) for (const [role, cell] of Object.entries(norm.parameters)) cells[`norm.${role}`] = cell;
    return composedLayer(path, a, cells, given.places, (layer, applied) =>
      run(layer, { settings, prefixes, last }, applied, sourceNames('mask')),
    );
  };

function prefixesOf(a: Arguments, name: string, count: number): readonly string[] {
  if (!(count >= 1 && count <= 64)) a.reject(name, 'The number of layers could not be read');
  return Array.from({ length: Math.min(64, Math.max(1, count || 1)) }, (_, i) => `layers.${i}.`);
}

/** Copies of a layer's parameters. */
function copied(call: Call, parameters: Cells, prefix: string): Cells {
  const copies = new Map<ParameterCell, ParameterCell>();
  return Object.fromEntries(
    Object.entries(parameters).map(([role, cell]) => {
      const copy = copiedCell(call.machine, cell, (other) => copies.get(other) ?? other);
      copies.set(cell, copy);
      return [`${prefix}${role}`, copy];
    }),
  );
}

/** A call of a stack: what goes through it, and for a decoder the memory behind it. */
function run(layer: Layer, stack: Stack, call: Call, source: Names): Value {
  const encodes = stack.settings.part === 'encoder';
  const a = new Arguments(
    call,
    encodes
      ? `${source.x} ${source.mask} ${source.padding} is_causal`
      : `tgt memory tgt_mask memory_mask tgt_key_padding_mask memory_key_padding_mask tgt_is_causal memory_is_causal`,
  );
  a.rejectOthers();
  if (encodes) return passed(layer, stack, a, source, null);
  const memory = nodeOf(a, 'memory');
  return memory ? passed(layer, stack, a, targetNames, memory) : unread(a, 'memory');
}

const nodeOf = (a: Arguments, name: string): TraceNode | null => lifted(a.call.machine, a.value(name) ?? none, a.range(name));

function unread(a: Arguments, name: string): Value {
  const value = a.value(name);
  return value?.kind === 'unknown' ? value : unreadable('What goes into this call could not be read', a.call.range);
}

/** What a stack makes of its input. */
function passed(layer: Layer, { settings, prefixes, last }: Stack, a: Arguments, names: Names, memory: TraceNode | null): Value {
  const { machine: m, range } = a.call;
  const x = nodeOf(a, names.x);
  if (!x) return unread(a, names.x);
  const masks = masksOf(m, a, names.mask, names.padding);
  const memoryMasks = memory ? masksOf(m, a, 'memory_mask', 'memory_key_padding_mask') : masks;
  if (isValue(masks)) return masks;
  if (isValue(memoryMasks)) return memoryMasks;
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const behind = memory && { node: memory, masks: memoryMasks };
  const made = prefixes.reduce((y, prefix) => block({ layer, settings, prefix, call: a.call }, y, masks, behind), x);
  if (!last) return tensorValue(made);
  const parameters = roled(layer, last.prefix, ['weight', 'bias']);
  return tensorValue(m.trace.add('layerNorm', last.arguments, [made], layer.range, { parameters, call: range }));
}

/** nn.Transformer: an encoder and a decoder of its own, whose matrices all start by Glorot's bounds. */
const transformer: Handler = (call) => {
  const a = new Arguments(
    call,
    'd_model nhead num_encoder_layers num_decoder_layers dim_feedforward dropout activation custom_encoder custom_decoder layer_norm_eps batch_first norm_first bias',
  );
  for (const name of ['custom_encoder', 'custom_decoder']) if (a.given(name)) a.reject(name, `\`${name}\` is not read`);
  const bias = a.boolean('bias', true);
  const shared = sharedSettings(a);
  const make = (part: Part): { readonly stack: Stack; readonly cells: Cells } => {
    const settings: BlockSettings = { part, ...shared };
    const name = `num_${part}_layers`;
    const inner = prefixesOf(a, name, a.number(name, 6)).map((prefix) => `${part}.${prefix}`);
    const one = blockCells(settings, bias, call.range);
    const norm = { weight: one['norm1.weight'], bias: one['norm1.bias'] };
    const cells = inner.reduce<Cells>((all, prefix) => ({ ...all, ...copied(call, one, prefix) }), {});
    for (const [role, cell] of Object.entries(norm)) if (cell) cells[`${part}.norm.${role}`] = { ...cell };
    for (const cell of Object.values(cells)) if (cell.shape.length > 1) restarted(cell);
    const last = { arguments: { shape: [settings.dimension], epsilon: settings.epsilon }, prefix: `${part}.norm.` };
    return { stack: { settings, prefixes: inner, last }, cells };
  };
  const [encoder, decoder] = [make('encoder'), make('decoder')];
  const cells = { ...encoder.cells, ...decoder.cells };
  return composedLayer('torch.nn.Transformer', a, cells, placesOf(a, settingPlaces), (layer, applied) => {
    const given = new Arguments(
      applied,
      'src tgt src_mask tgt_mask memory_mask src_key_padding_mask tgt_key_padding_mask memory_key_padding_mask src_is_causal tgt_is_causal memory_is_causal',
    );
    given.rejectOthers();
    const memory = passed(layer, encoder.stack, given, sourceNames('src_mask'), null);
    return memory.kind === 'tensor' ? passed(layer, decoder.stack, given, targetNames, memory.node) : memory;
  });
};

/** The first numbers of nn.Transformer's own. */
function restarted(cell: ParameterCell): void {
  cell.initializer = { kind: 'xavierUniform', gain: 1 };
  Reflect.deleteProperty(cell, 'stream');
}

/** The transformers of torch.nn. */
export const transformerTable: FunctionTable = {
  'torch.nn.TransformerEncoderLayer': single('encoder', 'torch.nn.TransformerEncoderLayer'),
  'torch.nn.TransformerDecoderLayer': single('decoder', 'torch.nn.TransformerDecoderLayer'),
  'torch.nn.TransformerEncoder': stacked('encoder', 'torch.nn.TransformerEncoder'),
  'torch.nn.TransformerDecoder': stacked('decoder', 'torch.nn.TransformerDecoder'),
  'torch.nn.Transformer': transformer,
};
