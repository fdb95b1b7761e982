import type { Graph } from './graph';
import type { PoolGeometry, Tensor } from './operations';
import { sizeOf } from './operations';
import { slidSize } from './shapes';

/** Planes and their sizes: [batch, channels, rows, columns]. */
function sizesOf({ shape }: Tensor): readonly [number, number, number, number] {
  return [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1, shape[3] ?? 1];
}

/** Values of the element type of `like`. */
function filled(g: Graph, values: readonly number[], shape: readonly number[], like: Tensor): Tensor {
  return g.constant(like.dtype === 'float64' ? Float64Array.from(values) : Float32Array.from(values), shape);
}

/**
 * Mean over each window of the planes. `countPadding`: zeros of the padding count as elements (PyTorch's default).
 * Windows that tile the planes are plain means; others are a convolution of every channel with one kernel.
 */
export function averagePool(g: Graph, x: Tensor, geometry: PoolGeometry, countPadding: boolean): Tensor {
  const [batch, channels, rows, columns] = sizesOf(x);
  const { kernel, strides, pads, ceil } = geometry;
  const tiles = kernel[0] === strides[0] && kernel[1] === strides[1] && rows % kernel[0] === 0 && columns % kernel[1] === 0;
  if (tiles && pads.every((pad) => pad === 0)) {
    const tiled = g.reshape(x, [batch, channels, rows / kernel[0], kernel[0], columns / kernel[1], kernel[1]]);
    return g.mean(tiled, [3, 5]);
  }
  const reached = slidSize([rows, columns], kernel, { ...geometry, dilations: [1, 1] }, ceil);
  // With `ceil`, the last windows reach beyond the padding: more of it, which never counts.
  const [below, right] = ([0, 1] as const).map((axis) => {
    const size = axis === 0 ? rows : columns;
    const behind = (reached[axis] - 1) * strides[axis] + kernel[axis] - size - pads[axis];
    return Math.max(behind, axis === 0 ? pads[2] : pads[3]);
  }) as [number, number];
  const wide = { strides, pads: [pads[0], pads[1], below, right] as const, dilations: [1, 1] as const, groups: 1 };
  const ones = filled(g, new Array<number>(sizeOf(kernel)).fill(1), [1, 1, ...kernel], x);
  const single = g.reshape(x, [batch * channels, 1, rows, columns]);
  const sums = g.reshape(g.conv(single, ones, wide), [batch, channels, ...reached]);
  return g.div(sums, filled(g, windowCounts([rows, columns], reached, geometry, countPadding), reached, x));
}

/** How many elements each window counts. */
function windowCounts(
  size: readonly [number, number],
  reached: readonly [number, number],
  { kernel, strides, pads }: PoolGeometry,
  countPadding: boolean,
): readonly number[] {
  const along = (axis: 0 | 1): readonly number[] => {
    const behind = axis === 0 ? pads[2] : pads[3];
    const [first, last] = countPadding ? [-pads[axis], size[axis] + behind] : [0, size[axis]];
    return Array.from({ length: reached[axis] }, (_, place) => {
      const start = place * strides[axis] - pads[axis];
      return Math.min(start + kernel[axis], last) - Math.max(start, first);
    });
  };
  return along(0).flatMap((rows) => along(1).map((columns) => rows * columns));
}

/** Mean over `size` windows that cover the planes as evenly as PyTorch's adaptive pooling: ⌊i·n/size⌋ … ⌈(i+1)·n/size⌉. */
export function adaptiveAveragePool(g: Graph, x: Tensor, size: readonly [number, number]): Tensor {
  const [batch, channels, rows, columns] = sizesOf(x);
  if (size[0] === 1 && size[1] === 1) return g.mean(x, [2, 3], true);
  const flat = g.reshape(x, [batch * channels * rows, columns]);
  const narrow = size[1] === columns ? flat : g.matmul(flat, averaging(g, columns, size[1], x), { transposeB: true });
  const upright = g.reshape(narrow, [batch * channels, rows, size[1]]);
  if (size[0] === rows) return g.reshape(upright, [batch, channels, ...size]);
  const means = averaging(g, rows, size[0], x);
  const short = g.matmul(g.reshape(means, [1, ...means.shape]), upright);
  return g.reshape(short, [batch, channels, ...size]);
}

/** Where window `place` of `reached` along an axis of `length` begins and ends. */
export function windowAt(place: number, length: number, reached: number): readonly [number, number] {
  return [Math.floor((place * length) / reached), Math.ceil(((place + 1) * length) / reached)];
}

/** Largest element of `size` windows as those of `adaptiveAveragePool`; the first one of several takes the gradient. */
export function adaptiveMaxPool(g: Graph, x: Tensor, size: readonly [number, number]): Tensor {
  const [batch, channels, rows, columns] = sizesOf(x);
  if (rows % size[0] === 0 && columns % size[1] === 0) {
    const kernel = [rows / size[0], columns / size[1]] as const;
    return g.maxPool(x, { kernel, strides: kernel, pads: [0, 0, 0, 0], dilations: [1, 1], ceil: false });
  }
  const windows = Array.from({ length: size[0] * size[1] }, (_, k) => {
    const [top, bottom] = windowAt(Math.floor(k / size[1]), rows, size[0]);
    const [left, right] = windowAt(k % size[1], columns, size[1]);
    const window = g.slice(x, [0, 0, top, left], [batch, channels, bottom - top, right - left]);
    const flat = g.reshape(window, [batch, channels, (bottom - top) * (right - left)]);
    return g.takeAlong(flat, g.reshape(g.argMax(g.stopGradient(flat), 2), [batch, channels, 1]), 2);
  });
  return g.reshape(g.concat(windows, 2), [batch, channels, ...size]);
}

/** The matrix [reached, length] of the means along one axis. */
function averaging(g: Graph, length: number, reached: number, like: Tensor): Tensor {
  const rows = Array.from({ length: reached }, (_, place) => {
    const [from, to] = windowAt(place, length, reached);
    return Array.from({ length }, (_, i) => (i >= from && i < to ? 1 / (to - from) : 0));
  });
  return filled(g, rows.flat(), [reached, length], like);
}
