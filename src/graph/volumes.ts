import type { Graph } from './graph';
import type { ConvGeometry, PoolGeometry, Tensor } from './operations';
import { adaptiveAveragePool, adaptiveMaxPool, averagePool, windowAt } from './planes';

/** How a window moves along the depth of volumes [batch, channels, depth, rows, columns]. */
export interface DepthGeometry {
  readonly kernel: number;
  readonly stride: number;
  /** Before the first plane and behind the last one. */
  readonly pads: readonly [number, number];
  readonly dilation: number;
}

type Sizes = readonly [number, number, number, number, number];

function sizesOf({ shape }: Tensor): Sizes {
  return [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1, shape[3] ?? 1, shape[4] ?? 1];
}

/** Volumes as planes, by `f` over the planes of all depths; the channels may change in number. */
function overPlanes(g: Graph, x: Tensor, f: (planes: Tensor) => Tensor): Tensor {
  const [batch, channels, depth, rows, columns] = sizesOf(x);
  const planes = g.reshape(g.transpose(x, [0, 2, 1, 3, 4]), [batch * depth, channels, rows, columns]);
  const y = f(planes);
  const [, made = 1, high = 1, wide = 1] = y.shape;
  return g.transpose(g.reshape(y, [batch, depth, made, high, wide]), [0, 2, 1, 3, 4]);
}

/** Volumes as planes of (depth, rows · columns), by `f`, which keeps the second size. */
function overDepth(g: Graph, x: Tensor, f: (planes: Tensor) => Tensor): Tensor {
  const [batch, channels, depth, rows, columns] = sizesOf(x);
  const made = f(g.reshape(x, [batch, channels, depth, rows * columns]));
  return g.reshape(made, [batch, channels, made.shape[2] ?? 1, rows, columns]);
}

/**
 * Cross-correlation of volumes with kernels [out, in / groups, depth, rows, columns]: the planes under a kernel become channels of
 * one plane.
 */
export function convolveVolume(g: Graph, x: Tensor, kernels: Tensor, plane: ConvGeometry, along: DepthGeometry): Tensor {
  const [out = 1, perGroup = 1, deep = 1, high = 1, wide = 1] = kernels.shape;
  const [before, behind] = along.pads;
  const padded = g.pad(x, [0, 0, before, 0, 0], [0, 0, behind, 0, 0]);
  const [batch, channels, depth, rows, columns] = sizesOf(padded);
  const reached = Math.floor((depth - along.dilation * (deep - 1) - 1) / along.stride) + 1;
  const places = Int32Array.from(
    { length: reached * deep },
    (_, i) => Math.floor(i / deep) * along.stride + (i % deep) * along.dilation,
  );
  const windows = g.gather(padded, g.constant(places, [reached, deep]), 2);
  const planes = g.reshape(g.transpose(windows, [0, 2, 1, 3, 4, 5]), [batch * reached, channels * deep, rows, columns]);
  const y = g.conv(planes, g.reshape(kernels, [out, perGroup * deep, high, wide]), plane);
  const [, , bottom = 1, right = 1] = y.shape;
  return g.transpose(g.reshape(y, [batch, reached, out, bottom, right]), [0, 2, 1, 3, 4]);
}

/** The adjoint of `convolveVolume` by its volumes, to `size`; kernels are [in, out / groups, depth, rows, columns]. */
export function spreadVolume(
  g: Graph,
  x: Tensor,
  kernels: Tensor,
  plane: ConvGeometry,
  along: DepthGeometry,
  size: readonly [number, number, number],
): Tensor {
  const [into = 1, perGroup = 1, deep = 1, high = 1, wide = 1] = kernels.shape;
  const [batch, , depth] = sizesOf(x);
  const flat = g.reshape(kernels, [into, perGroup * deep, high, wide]);
  const spread = overPlanes(g, x, (planes) => g.convInput(planes, flat, plane, [size[1], size[2]]));
  const channels = perGroup * plane.groups;
  const apart = g.transpose(g.reshape(spread, [batch, channels, deep, depth, size[1], size[2]]), [0, 1, 3, 2, 4, 5]);
  const places = Int32Array.from(
    { length: depth * deep },
    (_, i) => Math.floor(i / deep) * along.stride + (i % deep) * along.dilation,
  );
  const whole = size[0] + along.pads[0] + along.pads[1];
  const summed = g.scatterAdd(g.constant(places, [depth, deep]), apart, 2, whole);
  return g.slice(summed, [0, 0, along.pads[0], 0, 0], [batch, channels, ...size]);
}

/** The pooling of the depth alone, as of planes. */
function depthPool({ kernel, stride, pads, dilation }: DepthGeometry, ceil: boolean): PoolGeometry {
  return { kernel: [kernel, 1], strides: [stride, 1], pads: [pads[0], 0, pads[1], 0], dilations: [dilation, 1], ceil };
}

/** Largest element of each window; the first one of several takes the gradient. */
export function maxPoolVolume(g: Graph, x: Tensor, plane: PoolGeometry, along: DepthGeometry): Tensor {
  const flat = overPlanes(g, x, (planes) => g.maxPool(planes, plane));
  return overDepth(g, flat, (planes) => g.maxPool(planes, depthPool(along, plane.ceil)));
}

/** Mean over each window. `countPadding`: zeros of the padding count as elements. */
export function averagePoolVolume(g: Graph, x: Tensor, plane: PoolGeometry, along: DepthGeometry, countPadding: boolean): Tensor {
  const flat = overPlanes(g, x, (planes) => averagePool(g, planes, plane, countPadding));
  return overDepth(g, flat, (planes) => averagePool(g, planes, depthPool(along, plane.ceil), countPadding));
}

/** Mean over `size` windows that cover the volumes as evenly as they can, as PyTorch's adaptive pooling has them. */
export function adaptiveAverageVolume(g: Graph, x: Tensor, size: readonly [number, number, number]): Tensor {
  const flat = overPlanes(g, x, (planes) => adaptiveAveragePool(g, planes, [size[1], size[2]]));
  return overDepth(g, flat, (planes) => adaptiveAveragePool(g, planes, [size[0], planes.shape[3] ?? 1]));
}

/** Largest element of `size` windows as those of `adaptiveAverageVolume`. */
export function adaptiveMaxVolume(g: Graph, x: Tensor, size: readonly [number, number, number]): Tensor {
  const flat = overPlanes(g, x, (planes) => adaptiveMaxPool(g, planes, [size[1], size[2]]));
  return overDepth(g, flat, (planes) => {
    const [batch = 1, channels = 1, depth = 1, width = 1] = planes.shape;
    const windows = Array.from({ length: size[0] }, (_, place) => {
      const [from, to] = windowAt(place, depth, size[0]);
      const window = g.slice(planes, [0, 0, from, 0], [batch, channels, to - from, width]);
      const first = g.reshape(g.argMax(g.stopGradient(window), 2), [batch, channels, 1, width]);
      return g.takeAlong(window, first, 2);
    });
    return g.concat(windows, 2);
  });
}
