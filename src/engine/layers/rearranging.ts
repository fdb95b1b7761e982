import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import { normalizeAxis } from '../../graph/shapes';
import type { Layers } from '../../records/model/layers';
import { asFloat, floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

type RearrangingKind =
  'expand' | 'repeat' | 'pad' | 'flip' | 'roll' | 'unflatten' | 'triangle' | 'values' | 'filled' | 'stopGradient' | 'size';

/** Calls that repeat, move, pad or cut elements, and tensors that need no data. */
export const rearranging: LowerTable<RearrangingKind> = {
  expand: (site) => {
    const { graph, bind } = site.context;
    const x = inputOf(site);
    const sizes = site.node.arguments.shape.map(bind);
    const lead = sizes.length - x.shape.length;
    const shape = sizes.map((size, axis) => (size === -1 ? (x.shape[axis - lead] ?? 1) : size));
    return graph.broadcast(x, shape);
  },
  repeat: (site) => {
    const { graph, bind } = site.context;
    const x = inputOf(site);
    const counts = site.node.arguments.counts.map(bind);
    const lead = counts.length - x.shape.length;
    if (lead < 0) throw new LoweringError(`'${site.node.name}' repeats ${counts.length} axes of [${x.shape.join(', ')}].`);
    const sizes = [...counts.slice(0, lead).map(() => 1), ...x.shape];
    const apart = graph.reshape(
      x,
      sizes.flatMap((size) => [1, size]),
    );
    const spread = graph.broadcast(
      apart,
      sizes.flatMap((size, axis) => [counts[axis] ?? 1, size]),
    );
    return graph.reshape(
      spread,
      sizes.map((size, axis) => size * (counts[axis] ?? 1)),
    );
  },
  pad: (site) => padded(site.context.graph, inputOf(site), site.node.arguments, site.node.name),
  flip: (site) => {
    const x = inputOf(site);
    const { graph } = site.context;
    return site.node.arguments.axes.reduce((flipped, axis) => {
      const size = x.shape[normalizeAxis(axis, x.shape.length)] ?? 1;
      return picked(
        graph,
        flipped,
        axis,
        Array.from({ length: size }, (_, i) => size - 1 - i),
      );
    }, x);
  },
  roll: (site) => {
    const x = inputOf(site);
    const { graph } = site.context;
    const { shifts, axes } = site.node.arguments;
    if (axes.length === 0) {
      const flat = graph.reshape(x, [sizeOf(x.shape)]);
      return graph.reshape(rolled(graph, flat, 0, shifts[0] ?? 0), x.shape);
    }
    return axes.reduce((moved, axis, k) => rolled(graph, moved, normalizeAxis(axis, x.shape.length), shifts[k] ?? 0), x);
  },
  unflatten: (site) => {
    const { graph, bind } = site.context;
    const x = inputOf(site);
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const sizes = site.node.arguments.shape.map(bind);
    const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
    const parts = sizes.map((size) => (size === -1 ? (x.shape[axis] ?? 1) / known : size));
    return graph.reshape(x, [...x.shape.slice(0, axis), ...parts, ...x.shape.slice(axis + 1)]);
  },
  triangle: (site) => {
    const { graph } = site.context;
    const x = inputOf(site);
    const { diagonal, part } = site.node.arguments;
    const [rows = 1, columns = 1] = x.shape.slice(-2);
    const keeps = Uint8Array.from({ length: rows * columns }, (_, k) => {
      const above = (k % columns) - Math.floor(k / columns);
      return Number(part === 'lower' ? above <= diagonal : above >= diagonal);
    });
    const mask = graph.constant(keeps, [rows, columns]);
    if (x.dtype === 'bool') return graph.and(x, graph.broadcast(mask, x.shape));
    return graph.where(graph.broadcast(mask, x.shape), x, graph.zerosLike(x));
  },
  values: (site) => {
    const { shape, values, type } = site.node.arguments;
    const made =
      type === 'mask' ? Uint8Array.from(values) : type === 'integer' ? Int32Array.from(values) : Float32Array.from(values);
    return site.context.graph.constant(made, shape);
  },
  filled: (site) => site.context.graph.fill(site.node.arguments.value, site.node.arguments.shape.map(site.context.bind)),
  size: (site) => site.context.graph.fill(site.context.bind(site.node.arguments.size), []),
  stopGradient: (site) => site.context.graph.stopGradient(floatOrWhole(site)),
};

function floatOrWhole(site: Site<'stopGradient'>): Tensor {
  const x = inputOf(site);
  return x.dtype === 'bool' ? floatInput(site) : x;
}

/** Entries of `x` along an axis, by places that are known. */
function picked(graph: Graph, x: Tensor, axis: number, places: readonly number[]): Tensor {
  return graph.gather(x, graph.constant(Int32Array.from(places), [places.length]), axis);
}

/** Along one axis, what leaves at the end comes in at the front. */
function rolled(graph: Graph, x: Tensor, axis: number, shift: number): Tensor {
  const size = x.shape[axis] ?? 1;
  const by = ((shift % size) + size) % size;
  if (by === 0) return x;
  const part = (start: number, count: number): Tensor =>
    graph.slice(
      x,
      x.shape.map((_, at) => (at === axis ? start : 0)),
      x.shape.map((whole, at) => (at === axis ? count : whole)),
    );
  return graph.concat([part(size - by, by), part(0, size - by)], axis);
}

/** torch's padding of any kind; `before` and `after` are aligned at the last axis, negative ones cut. */
export function padded(graph: Graph, x: Tensor, { before, after, mode, value }: Layers['pad'], name: string): Tensor {
  const rank = x.shape.length;
  const along = (given: readonly number[]): number[] => x.shape.map((_, axis) => given[axis - rank + given.length] ?? 0);
  const [front, behind] = [along(before), along(after)];
  if (mode !== 'constant')
    return front.reduce((wide, count, axis) => extended(graph, wide, axis, [count, behind[axis] ?? 0], mode, name), x);
  const cut = graph.slice(
    x,
    front.map((count) => Math.max(0, -count)),
    x.shape.map((size, axis) => size + Math.min(0, front[axis] ?? 0) + Math.min(0, behind[axis] ?? 0)),
  );
  const more = [front, behind].map((counts) => counts.map((count) => Math.max(0, count))) as [number[], number[]];
  if (value === 0) return graph.pad(cut, ...more);
  const inside = graph.pad(graph.fill(1, cut.shape), ...more);
  const wide = graph.pad(asFloat(graph, cut), ...more);
  return graph.where(graph.greater(inside, 0.5), wide, graph.fill(value, wide.shape));
}

/** One axis made longer by its own elements. */
function extended(
  graph: Graph,
  x: Tensor,
  axis: number,
  [front, behind]: readonly [number, number],
  mode: 'reflect' | 'replicate' | 'circular',
  name: string,
): Tensor {
  if (front === 0 && behind === 0) return x;
  const size = x.shape[axis] ?? 1;
  const most = mode === 'reflect' ? size - 1 : mode === 'circular' ? size : Infinity;
  if (Math.max(front, behind) > most) throw new LoweringError(`'${name}' pads an axis of ${size} by ${Math.max(front, behind)}.`);
  const places = Array.from({ length: front + size + behind }, (_, i) => {
    const at = i - front;
    if (mode === 'circular') return (at + size) % size;
    if (mode === 'replicate') return Math.min(size - 1, Math.max(0, at));
    return at < 0 ? -at : at >= size ? 2 * (size - 1) - at : at;
  });
  return picked(graph, x, axis, places);
}
