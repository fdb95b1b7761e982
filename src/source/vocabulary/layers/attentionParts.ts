import type { Size } from '../../../graph/size';
import { combineSizes } from '../../../graph/size';
import type { SourceRange } from '../../../records/source';
import type { Arguments, Call } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import { lifted } from '../../interpret/tensors';
import type { Layer, ParameterCell, TraceNode } from '../../values/trace';
import { none, unreadable, type Value } from '../../values/value';
import type { Cells } from './composedLayer';
import { rectified, zeros } from './layerEntry';
import { newCell } from './layers';

/** What an attention with heads was made with. */
export interface Heads {
  readonly dimension: Size;
  /** Sizes of keys and values where they differ from it. */
  readonly sizes?: readonly [key: Size, value: Size];
  readonly heads: number;
  readonly batchFirst: boolean;
  readonly p: number;
}

/** Input projections by Glorot's bounds, output projection as a Linear's weight; biases 0. */
export function attentionCells({ dimension, sizes }: Heads, bias: boolean, range: SourceRange): Cells {
  const cell = (shape: readonly Size[], initializer: ParameterCell['initializer']): ParameterCell =>
    newCell(shape, initializer, range, true);
  const projection = (rows: Size, columns: Size): ParameterCell => cell([rows, columns], { kind: 'xavierUniform', gain: 1 });
  const all = combineSizes('*', 3, dimension);
  const into: Cells = sizes
    ? {
        q_proj_weight: projection(dimension, dimension),
        k_proj_weight: projection(dimension, sizes[0]),
        v_proj_weight: projection(dimension, sizes[1]),
      }
    : { in_proj_weight: projection(all, dimension) };
  const out: Cells = { 'out_proj.weight': cell([dimension, dimension], rectified) };
  return bias
    ? { ...into, in_proj_bias: cell([all], zeros), ...out, 'out_proj.bias': cell([dimension], zeros) }
    : { ...into, ...out };
}

/** Where the given ones of some arguments stand, by their names in `Layers`. */
export const placesOf = (a: Arguments, names: Readonly<Record<string, string>>): Record<string, SourceRange> =>
  Object.fromEntries(Object.entries(names).flatMap(([place, name]) => (a.argument(name) ? [[place, a.place(name)]] : [])));

/** The masks of a call, and what they are; a reason when one cannot be followed. */
export interface Masks {
  readonly nodes: readonly TraceNode[];
  readonly mask: boolean;
  readonly keyPadding: boolean;
}

/** The masks that a call gives under two names. */
export function masksOf(m: Machine, a: Arguments, mask: string, padding: string): Masks | Value {
  const nodes: TraceNode[] = [];
  for (const name of [mask, padding]) {
    if (!a.given(name)) continue;
    const node = lifted(m, a.value(name) ?? none, a.range(name));
    if (node === null) return unreadable('This mask could not be read', a.range(name));
    nodes.push(node);
  }
  return { nodes, mask: a.given(mask), keyPadding: a.given(padding) };
}

/** True for what could not be read as masks. */
export const isValue = (value: Masks | Value): value is Value => 'kind' in value;

/** An attention of a layer that is being called. */
export interface Attending {
  readonly layer: Layer;
  readonly settings: Heads;
  /** What stands before the names of the parameters. */
  readonly prefix: string;
  readonly call: Call;
}

/** One attention with heads over query, key and value. */
export function attend({ layer, settings, prefix, call }: Attending, inputs: readonly TraceNode[], masks: Masks): TraceNode {
  const { sizes, ...heads } = settings;
  const projections = sizes ? ['q_proj_weight', 'k_proj_weight', 'v_proj_weight'] : ['in_proj_weight'];
  const roles = [...projections, 'in_proj_bias', 'out_proj.weight', 'out_proj.bias'];
  const { mask, keyPadding } = masks;
  return call.machine.trace.add(
    'multiheadAttention',
    { ...heads, call: 0, mask, keyPadding },
    [...inputs, ...masks.nodes],
    layer.range,
    { parameters: roled(layer, prefix, roles), call: call.range, places: layer.places, layer },
  );
}

/** The parameters of a part of a layer, by their roles there. */
export const roled = (layer: Layer, prefix: string, roles: readonly string[]): Cells =>
  Object.fromEntries(
    roles.flatMap((role) => {
      const cell = layer.parameters[`${prefix}${role}`];
      return cell ? [[role, cell]] : [];
    }),
  );
