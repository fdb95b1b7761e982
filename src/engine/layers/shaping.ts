import { sizeOf, type Tensor } from '../../graph/operations';
import { normalizeAxis } from '../../graph/shapes';
import type { Size } from '../../graph/size';
import { asFloat, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

type ShapingKind = 'concatenate' | 'reshape' | 'flatten' | 'squeeze' | 'unsqueeze' | 'permute' | 'slice';

/** Calls that move elements and change none. */
export const shaping: LowerTable<ShapingKind> = {
  concatenate: (site) => {
    const { graph } = site.context;
    const parts = site.inputs.every((x) => x.dtype === 'int32') ? site.inputs : site.inputs.map((x) => asFloat(graph, x));
    return graph.concat(parts, site.node.arguments.axis);
  },
  reshape: (site) => {
    const x = inputOf(site);
    return site.context.graph.reshape(x, reshaped(site, x));
  },
  flatten: (site) => {
    const x = inputOf(site);
    const rank = x.shape.length;
    if (rank === 0) return site.context.graph.reshape(x, [1]);
    const start = normalizeAxis(site.node.arguments.start, rank);
    const end = normalizeAxis(site.node.arguments.end, rank);
    const joined = sizeOf(x.shape.slice(start, end + 1));
    return site.context.graph.reshape(x, [...x.shape.slice(0, start), joined, ...x.shape.slice(end + 1)]);
  },
  squeeze: (site) => {
    const x = inputOf(site);
    const { axis } = site.node.arguments;
    const only = axis === null ? null : normalizeAxis(axis, x.shape.length);
    const shape = x.shape.filter((size, place) => size !== 1 || (only !== null && place !== only));
    return site.context.graph.reshape(x, shape);
  },
  unsqueeze: (site) => {
    const x = inputOf(site);
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length + 1);
    return site.context.graph.reshape(x, [...x.shape.slice(0, axis), 1, ...x.shape.slice(axis)]);
  },
  permute: (site) => {
    const x = inputOf(site);
    const order = site.node.arguments.order.map((axis) => normalizeAxis(axis, x.shape.length));
    return site.context.graph.transpose(x, order);
  },
  slice: (site) => {
    const x = inputOf(site);
    const { graph } = site.context;
    const { step } = site.node.arguments;
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const size = x.shape[axis] ?? 0;
    const start = bounded(site.node.arguments.start, size);
    const end = site.node.arguments.end === null ? size : bounded(site.node.arguments.end, size);
    const count = Math.max(0, Math.ceil((end - start) / step));
    if (count === 0) throw new LoweringError(`'${site.node.name}' takes no element of an axis of ${size}.`);
    if (step !== 1) {
      const places = Int32Array.from({ length: count }, (_, i) => start + i * step);
      return graph.gather(x, graph.constant(places, [count]), axis);
    }
    return graph.slice(
      x,
      x.shape.map((_, place) => (place === axis ? start : 0)),
      x.shape.map((whole, place) => (place === axis ? count : whole)),
    );
  },
};

/** A slice bound as Python reads it: negative from the end, cut to the axis. */
function bounded(at: number, size: number): number {
  return Math.min(size, Math.max(0, at < 0 ? at + size : at));
}

/** The new shape, with the number of rows and the size left over filled in. */
function reshaped(site: Site<'reshape'>, x: Tensor): readonly number[] {
  const { shape } = site.node.arguments;
  const sizes = shape.map((size, axis) => (axis === 0 && isRows(size, shape) ? (x.shape[0] ?? 1) : site.context.bind(size)));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const left = sizeOf(x.shape) / known;
  const filled = sizes.map((size) => (size === -1 ? left : size));
  if (!Number.isInteger(left) || sizeOf(filled) !== sizeOf(x.shape))
    throw new LoweringError(
      `'${site.node.name}' cannot give a tensor of shape [${x.shape.join(', ')}] the shape [${sizes.join(', ')}].`,
    );
  return filled;
}

/** True for a first size that stands for the rows: -1 beside another -1. */
function isRows(size: Size, shape: readonly Size[]): boolean {
  return size === -1 && shape.filter((other) => other === -1).length > 1;
}
