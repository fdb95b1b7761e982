import type { Size } from '../../../graph/size';
import type { LayerKind, Layers } from '../../../records/model/layers';
import type { SourceRange } from '../../../records/source';
import { Arguments, type Call } from '../../interpret/call';
import type { Layer, LayerStep, ParameterCell, TraceNode } from '../../values/trace';
import { activations } from './activations';
import { attend, attentionCells, roled, type Heads, type Masks } from './attentionParts';
import type { Cells } from './composedLayer';
import { ones, rectified, zeros } from './layerEntry';
import { newCell } from './layers';

/** What a layer of a transformer was made with. */
export interface BlockSettings extends Heads {
  /** A decoder's layer attends to the memory too. */
  readonly part: 'encoder' | 'decoder';
  readonly epsilon: number;
  readonly normFirst: boolean;
  readonly wide: Size;
  readonly activation: LayerStep;
}

/** The parameters of a layer, by their names in it, in PyTorch's order. */
export function blockCells(settings: BlockSettings, bias: boolean, range: SourceRange): Cells {
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
  const attention = (name: string): Cells =>
    Object.fromEntries(Object.entries(attentionCells(settings, bias, range)).map(([role, cell]) => [`${name}.${role}`, cell]));
  const decodes = settings.part === 'decoder';
  return {
    ...attention('self_attn'),
    ...(decodes ? attention('multihead_attn') : {}),
    ...linear('linear1', wide, dimension),
    ...linear('linear2', dimension, wide),
    ...norm('norm1'),
    ...norm('norm2'),
    ...(decodes ? norm('norm3') : {}),
  };
}

/** The activation of a feed-forward part: its name, its function or its module. */
export function activationOf(a: Arguments): LayerStep {
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

/** A layer of a transformer that is being called; `prefix` stands before the names of its parameters. */
export interface Running {
  readonly layer: Layer;
  readonly settings: BlockSettings;
  readonly prefix: string;
  readonly call: Call;
}

/** What a decoder attends to: the encoder's result and its masks. */
export interface Memory {
  readonly node: TraceNode;
  readonly masks: Masks;
}

/** Self-attention, attention to the memory where there is one, and two linear layers, each with its norm and the way around it. */
export function block(at: Running, x: TraceNode, masks: Masks, memory: Memory | null): TraceNode {
  const { settings, call } = at;
  const { trace } = call.machine;
  const parts: ((y: TraceNode) => TraceNode)[] = [
    (y) => attend({ ...at, prefix: `${at.prefix}self_attn.` }, [y, y, y], masks),
    ...(memory === null
      ? []
      : [
          (y: TraceNode) => attend({ ...at, prefix: `${at.prefix}multihead_attn.` }, [y, memory.node, memory.node], memory.masks),
        ]),
    (y) => fed(at, y),
  ];
  const added = (y: TraceNode, more: TraceNode): TraceNode =>
    trace.add('add', {}, [y, dropped(at, more)], at.layer.range, { call: call.range });
  return parts.reduce((y, part, i) => {
    const norm = (z: TraceNode): TraceNode => normalised(at, `norm${i + 1}.`, settings, z);
    return settings.normFirst ? added(y, part(norm(y))) : norm(added(y, part(y)));
  }, x);
}

function fed(at: Running, x: TraceNode): TraceNode {
  const { layer, settings, prefix, call } = at;
  const add = <K extends LayerKind>(kind: K, args: Layers[K], input: TraceNode, name?: string): TraceNode =>
    call.machine.trace.add(kind, args, [input], layer.range, {
      call: call.range,
      ...(name === undefined ? {} : { parameters: roled(layer, `${prefix}${name}.`, ['weight', 'bias']) }),
    });
  const { dimension, wide, activation } = settings;
  const inner = add('linear', { in: dimension, out: wide }, x, 'linear1');
  const active = dropped(at, add(activation.kind, activation.arguments, inner));
  return add('linear', { in: wide, out: dimension }, active, 'linear2');
}

function dropped({ layer, settings: { p }, call }: Running, x: TraceNode): TraceNode {
  if (p === 0) return x;
  return call.machine.trace.add('dropout', { p, call: 0 }, [x], layer.range, { call: call.range, places: layer.places });
}

/** The norm `name` of a layer. */
export function normalised(
  { layer, prefix, call }: Omit<Running, 'settings'>,
  name: string,
  { dimension, epsilon }: Pick<BlockSettings, 'dimension' | 'epsilon'>,
  x: TraceNode,
): TraceNode {
  return call.machine.trace.add('layerNorm', { shape: [dimension], epsilon }, [x], layer.range, {
    parameters: roled(layer, `${prefix}${name}`, ['weight', 'bias']),
    call: call.range,
  });
}
