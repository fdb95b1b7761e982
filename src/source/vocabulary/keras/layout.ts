import type { Layers } from '../../../records/model/layers';
import type { SourceRange } from '../../../records/source';
import type { Arguments } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { TraceNode } from '../../values/trace';

/** Keras keeps channels last, the graph's spatial layers want them second. */
const firstOrder = (axes: number): number[] => [0, axes - 1, ...Array.from({ length: axes - 2 }, (_, i) => i + 1)];
const lastOrder = (axes: number): number[] => [0, ...Array.from({ length: axes - 2 }, (_, i) => i + 2), 1];

/** What was permuted to channels last; null for other nodes. */
function beforePermutation(x: TraceNode): TraceNode | null {
  if (x.kind !== 'permute') return null;
  const { order } = x.arguments as Layers['permute'];
  return order.join() === lastOrder(order.length).join() ? (x.inputs[0] ?? null) : null;
}

/** [rows, ...space, channels] as [rows, channels, ...space]; `axes` counts all of them. */
export function channelsFirst(m: Machine, x: TraceNode, axes: number, range: SourceRange): TraceNode {
  return beforePermutation(x) ?? m.trace.add('permute', { order: firstOrder(axes) }, [x], range);
}

/** [rows, channels, ...space] as [rows, ...space, channels]. */
export const channelsLast = (m: Machine, x: TraceNode, axes: number, range: SourceRange): TraceNode =>
  m.trace.add('permute', { order: lastOrder(axes) }, [x], range);

/** An operation on single numbers, made before a permutation so that two of them in a row fall away. */
export function pointwise(m: Machine, x: TraceNode, range: SourceRange, make: (x: TraceNode) => TraceNode): TraceNode {
  const inner = beforePermutation(x);
  return inner?.shape ? channelsLast(m, make(inner), inner.shape.length, range) : make(x);
}

/** The same for several tensors of one layout: `make` is told the axis of the channels. */
export function together(
  m: Machine,
  nodes: readonly TraceNode[],
  range: SourceRange,
  make: (nodes: readonly TraceNode[], channels: number) => TraceNode,
): TraceNode {
  const inner = nodes.flatMap((node) => beforePermutation(node) ?? []);
  const axes = inner[0]?.shape?.length;
  const same = inner.length === nodes.length && inner.every((node) => node.shape?.length === axes);
  return same && axes !== undefined ? channelsLast(m, make(inner, 1), axes, range) : make(nodes, -1);
}

/** How a spatial layer takes its pictures and hands them on. */
export interface Layout {
  readonly enter: typeof channelsFirst;
  readonly leave: typeof channelsLast;
}

const last: Layout = { enter: channelsFirst, leave: channelsLast };
const first: Layout = { enter: (_m, x) => x, leave: (_m, x) => x };
const firstByDefault = new WeakSet<Machine>();

/** `set_image_data_format` for the layers that are made after it. */
export function setChannelsFirst(m: Machine, isFirst: boolean): void {
  if (isFirst) firstByDefault.add(m);
  else firstByDefault.delete(m);
}

/** The format in which layers take pictures when they do not say another one. */
export const imageFormat = (m: Machine): string => (firstByDefault.has(m) ? 'channels_first' : 'channels_last');

/** Where a layer has its channels, by its `data_format` or by the format that is set for all. */
export function layoutOf(a: Arguments): Layout {
  const format = a.string('data_format', imageFormat(a.call.machine));
  if (format !== 'channels_first' && format !== 'channels_last') a.reject('data_format', 'This order of axes is not read');
  return format === 'channels_first' ? first : last;
}
