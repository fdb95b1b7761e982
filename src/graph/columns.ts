import type { Graph } from './graph';
import { isOp, sizeOf, type Tensor } from './operations';
import { pairOf } from './shapes';

/** Columns of more elements are not kept: made anew at each use they take less memory. */
const mostElements = 2 ** 21;

/** One axis of a plane: how `positions` windows of `reached` elements lie on `length` elements with zeros around them. */
interface Windows {
  readonly length: number;
  /** Zeros before the first element. */
  readonly before: number;
  readonly stride: number;
  readonly reached: number;
  /** Where each position's window begins, counted from the first zero. */
  readonly begins: readonly number[];
}

/**
 * A convolution's gradient by its kernels, of which one factor does not vary, as one product of matrices with the fixed factor
 * shifted to all positions of the kernel: that is a residual, made once for many products. Null where it is no such gradient, or
 * where the shifts would take too much memory.
 */
export function withFixedColumns(g: Graph, node: Tensor, inputs: readonly Tensor[], isFixed: readonly boolean[]): Tensor | null {
  if (!isOp(node, 'convKernel') || node.attributes.groups !== 1) return null;
  const [x, y] = pairOf(inputs);
  const { size, strides, dilations, pads } = node.attributes;
  const [batch = 1, channels = 1, ...plane] = x.shape;
  const [, out = 1, ...reached] = y.shape;
  const positions = sizeOf(size);
  const axes = [0, 1] as const;
  const at = (values: readonly number[], axis: number): number => values[axis] ?? 1;
  if (isFixed[0] === true && positions * channels * batch * sizeOf(reached) <= mostElements) {
    const windows = axes.map((axis) => ({
      length: at(plane, axis),
      before: pads[axis],
      stride: strides[axis],
      reached: at(reached, axis),
      begins: Array.from({ length: size[axis] }, (_, position) => position * dilations[axis]),
    }));
    const product = g.matmul(channelsFirst(g, y), columnsOf(g, x, windows), { transposeB: true });
    return g.transpose(g.reshape(product, [out, ...size, channels]), [0, 3, 1, 2]);
  }
  const isDense = strides.every((stride) => stride === 1);
  if (isFixed[1] !== true || !isDense || positions * out * batch * sizeOf(plane) > mostElements) return null;
  const windows = axes.map((axis) => {
    const last = (size[axis] - 1) * dilations[axis];
    const before = Math.max(0, last - pads[axis]);
    const begins = Array.from({ length: size[axis] }, (_, position) => before + pads[axis] - position * dilations[axis]);
    return { length: at(reached, axis), before, stride: 1, reached: at(plane, axis), begins };
  });
  const product = g.matmul(columnsOf(g, y, windows), channelsFirst(g, x), { transposeB: true });
  return g.transpose(g.reshape(product, [...size, out, channels]), [2, 3, 0, 1]);
}

/** [batch, channels, rows, columns] as [channels, all places]. */
function channelsFirst(g: Graph, planes: Tensor): Tensor {
  const [, channels = 1] = planes.shape;
  return g.reshape(g.transpose(planes, [1, 0, 2, 3]), [channels, sizeOf(planes.shape) / channels]);
}

/** The planes seen through the windows of all positions, one after another: [position · channel, all places]. */
function columnsOf(g: Graph, planes: Tensor, [down, along]: readonly Windows[]): Tensor {
  if (down === undefined || along === undefined) throw new RangeError('planes have two axes');
  const [batch = 1, channels = 1] = planes.shape;
  const lengths = [down, along].map(paddedLength);
  const [height = 1, width = 1] = lengths;
  const after = [down, along].map(({ length, before }, axis) => (lengths[axis] ?? 0) - before - length);
  const padded = g.pad(g.transpose(planes, [1, 0, 2, 3]), [0, 0, down.before, along.before], [0, 0, ...after]);
  const [a, b] = [down.stride, along.stride];
  const stepped = g.reshape(padded, [channels, batch, height / a, a, width / b, b]);
  const shifts = down.begins.flatMap((row) =>
    along.begins.map((column) => {
      const starts = [0, 0, Math.floor(row / a), row % a, Math.floor(column / b), column % b];
      const seen = g.slice(stepped, starts, [channels, batch, down.reached, 1, along.reached, 1]);
      return g.reshape(seen, [channels, batch * down.reached * along.reached]);
    }),
  );
  return g.concat(shifts, 0);
}

/** Elements with the zeros around them, a multiple of the stride that reaches the end of every window. */
function paddedLength({ length, before, stride, reached, begins }: Windows): number {
  const windowEnds = begins.map((begin) => stride * (Math.floor(begin / stride) + reached));
  return stride * Math.ceil(Math.max(before + length, ...windowEnds) / stride);
}
