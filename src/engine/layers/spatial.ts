import type { Tensor } from '../../graph/operations';
import type { LayerKind } from '../../records/model/layers';
import { adaptiveAveragePool, adaptiveMaxPool, averagePool } from '../../graph/planes';
import { convGeometry, pair, poolGeometry } from './geometry';
import { alongChannels, floatInput, LoweringError, parameterOf, requiredParameter, type LowerTable, type Site } from './lowering';
import { padded } from './rearranging';

type SpatialKind =
  | 'conv1d'
  | 'conv2d'
  | 'convTranspose1d'
  | 'convTranspose2d'
  | 'maxPool1d'
  | 'maxPool2d'
  | 'avgPool1d'
  | 'avgPool2d'
  | 'adaptiveAvgPool1d'
  | 'adaptiveAvgPool2d'
  | 'adaptiveMaxPool1d'
  | 'adaptiveMaxPool2d';

/** Convolution and pooling. One-dimensional layers are two-dimensional ones over planes of one row. */
export const spatial: LowerTable<SpatialKind> = {
  conv1d: (site) => inOneRow(site, convolution(site, planesOf(site, 3))),
  conv2d: (site) => convolution(site, planesOf(site, 4)),
  maxPool1d: (site) => inOneRow(site, site.context.graph.maxPool(planesOf(site, 3), poolGeometry(site.node.arguments))),
  maxPool2d: (site) => site.context.graph.maxPool(planesOf(site, 4), poolGeometry(site.node.arguments)),
  avgPool1d: (site) => inOneRow(site, averaged(site, planesOf(site, 3))),
  avgPool2d: (site) => averaged(site, planesOf(site, 4)),
  convTranspose1d: (site) => inOneRow(site, transposedConvolution(site, planesOf(site, 3))),
  convTranspose2d: (site) => transposedConvolution(site, planesOf(site, 4)),
  adaptiveAvgPool1d: (site) =>
    inOneRow(site, adaptiveAveragePool(site.context.graph, planesOf(site, 3), pair(site.node.arguments.output, 1))),
  adaptiveAvgPool2d: (site) => adaptiveAveragePool(site.context.graph, planesOf(site, 4), pair(site.node.arguments.output, 1)),
  adaptiveMaxPool1d: (site) =>
    inOneRow(site, adaptiveMaxPool(site.context.graph, planesOf(site, 3), pair(site.node.arguments.output, 1))),
  adaptiveMaxPool2d: (site) => adaptiveMaxPool(site.context.graph, planesOf(site, 4), pair(site.node.arguments.output, 1)),
};

type SpatialSite = Site<SpatialKind>;

/** The input as planes [batch, channels, rows, columns]; it must have `rank` axes. */
function planesOf(site: SpatialSite, rank: 3 | 4): Tensor {
  const { graph } = site.context;
  const x = floatInput(site);
  const { shape } = x;
  if (shape.length !== rank)
    throw new LoweringError(`'${site.node.name}' (${site.node.kind}) expects ${rank} axes, the input is [${shape.join(', ')}].`);
  return rank === 4 ? x : graph.reshape(x, [shape[0] ?? 1, shape[1] ?? 1, 1, shape[2] ?? 1]);
}

/** Planes of one row as [batch, channels, length]. */
function inOneRow(site: SpatialSite, y: Tensor): Tensor {
  return site.context.graph.reshape(y, [y.shape[0] ?? 1, y.shape[1] ?? 1, y.shape[3] ?? 1]);
}

/** The channels of `x`, which a convolution must expect. */
export function checkChannels(site: Site<LayerKind>, x: Tensor, expected: number): void {
  const channels = x.shape[1] ?? 1;
  const name = site.node.kind.startsWith('convTranspose') ? 'Transposed convolution' : 'Convolution';
  if (channels !== expected)
    throw new LoweringError(`${name} '${site.node.name}' expects ${expected} channels, the input has ${channels}.`);
}

/** With the layer's bias added to the channels, where it has one. */
export function shiftedChannels(site: Site<LayerKind>, y: Tensor): Tensor {
  const bias = parameterOf(site, 'bias');
  return bias === null ? y : site.context.graph.add(y, alongChannels(site.context.graph, bias, y.shape.length));
}

/** The input with a convolution's own padding; null where that is zeros, which the kernels move over by themselves. */
export function paddedByMode(site: Site<'conv1d' | 'conv2d' | 'conv3d'>, x: Tensor): Tensor | null {
  const { paddingMode, padding, paddingEnd = padding } = site.node.arguments;
  if (paddingMode === undefined) return null;
  const name = `${site.node.name}, ${paddingMode} by ${padding.join()}`;
  return padded(site.context.graph, x, { before: padding, after: paddingEnd, mode: paddingMode, value: 0 }, name);
}

function convolution(site: Site<'conv1d' | 'conv2d'>, x: Tensor): Tensor {
  const { graph } = site.context;
  const weight = requiredParameter(site, 'weight');
  const [out = 1, perGroup = 1, ...kernel] = weight.shape;
  checkChannels(site, x, perGroup * site.node.arguments.groups);
  const kernels = graph.reshape(weight, [out, perGroup, ...pair(kernel, 1)]);
  const geometry = convGeometry(site.node.arguments);
  const wide = paddedByMode(site, x);
  const y = graph.conv(wide ?? x, kernels, wide === null ? geometry : { ...geometry, pads: [0, 0, 0, 0] });
  return shiftedChannels(site, y);
}

/** The gradient of a convolution by its input: planes of (size - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1. */
function transposedConvolution(site: Site<'convTranspose1d' | 'convTranspose2d'>, x: Tensor): Tensor {
  const { graph } = site.context;
  const settings = site.node.arguments;
  const weight = requiredParameter(site, 'weight');
  const [into = 1, perGroup = 1, ...kernel] = weight.shape;
  const [, , rows = 1, columns = 1] = x.shape;
  checkChannels(site, x, into);
  const geometry = convGeometry(settings);
  const [high, wide] = pair(kernel, 1);
  const more = pair(settings.outputPadding, 0);
  const reached = (size: number, span: number, axis: 0 | 1): number =>
    (size - 1) * geometry.strides[axis] - 2 * geometry.pads[axis] + geometry.dilations[axis] * (span - 1) + more[axis] + 1;
  const size = [reached(rows, high, 0), reached(columns, wide, 1)] as const;
  return shiftedChannels(site, graph.convInput(x, graph.reshape(weight, [into, perGroup, high, wide]), geometry, size));
}

/** Means over windows; with `divisor` their sums over it. */
function averaged(site: Site<'avgPool1d' | 'avgPool2d'>, x: Tensor): Tensor {
  const { graph } = site.context;
  const { countPadding = true, divisor = null } = site.node.arguments;
  const geometry = poolGeometry(site.node.arguments);
  if (divisor === null) return averagePool(graph, x, geometry, countPadding);
  if (geometry.ceil) throw new LoweringError(`'${site.node.name}' rounds up with a divisor of its own: not read.`);
  return graph.mul(averagePool(graph, x, geometry, true), (geometry.kernel[0] * geometry.kernel[1]) / divisor);
}
