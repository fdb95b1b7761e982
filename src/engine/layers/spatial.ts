import type { ConvGeometry, PoolGeometry, Tensor } from '../../graph/operations';
import type { Extent, Layers } from '../../records/model/layers';
import { adaptiveAveragePool, adaptiveMaxPool, averagePool } from '../../graph/planes';
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

function convolution(site: Site<'conv1d' | 'conv2d'>, x: Tensor): Tensor {
  const { graph } = site.context;
  const { groups } = site.node.arguments;
  const weight = requiredParameter(site, 'weight');
  const [out = 1, perGroup = 1, ...kernel] = weight.shape;
  const channels = x.shape[1] ?? 1;
  if (channels !== perGroup * groups)
    throw new LoweringError(`Convolution '${site.node.name}' expects ${perGroup * groups} channels, the input has ${channels}.`);
  const kernels = graph.reshape(weight, [out, perGroup, ...pair(kernel, 1)]);
  const { paddingMode, padding } = site.node.arguments;
  const geometry = convGeometry(site.node.arguments);
  const { pads } = geometry;
  const wide =
    paddingMode === undefined
      ? x
      : padded(
          graph,
          x,
          { before: pads.slice(0, 2), after: pads.slice(2), mode: paddingMode, value: 0 },
          `${site.node.name}, ${paddingMode} by ${padding.join()}`,
        );
  const y = graph.conv(wide, kernels, paddingMode === undefined ? geometry : { ...geometry, pads: [0, 0, 0, 0] });
  const bias = parameterOf(site, 'bias');
  return bias === null ? y : graph.add(y, alongChannels(graph, bias, 4));
}

/** The gradient of a convolution by its input: planes of (size - 1) stride - 2 padding + dilation (kernel - 1) + outputPadding + 1. */
function transposedConvolution(site: Site<'convTranspose1d' | 'convTranspose2d'>, x: Tensor): Tensor {
  const { graph } = site.context;
  const settings = site.node.arguments;
  const weight = requiredParameter(site, 'weight');
  const [into = 1, perGroup = 1, ...kernel] = weight.shape;
  const [, channels = 1, rows = 1, columns = 1] = x.shape;
  if (channels !== into)
    throw new LoweringError(`Transposed convolution '${site.node.name}' expects ${into} channels, the input has ${channels}.`);
  const geometry = convGeometry(settings);
  const [high, wide] = pair(kernel, 1);
  const more = pair(settings.outputPadding, 0);
  const reached = (size: number, span: number, axis: 0 | 1): number =>
    (size - 1) * geometry.strides[axis] - 2 * geometry.pads[axis] + geometry.dilations[axis] * (span - 1) + more[axis] + 1;
  const size = [reached(rows, high, 0), reached(columns, wide, 1)] as const;
  const y = graph.convInput(x, graph.reshape(weight, [into, perGroup, high, wide]), geometry, size);
  const bias = parameterOf(site, 'bias');
  return bias === null ? y : graph.add(y, alongChannels(graph, bias, 4));
}

/** An extent over (rows, columns); what a one-dimensional layer does not say about its one row is `single`. */
function pair(extent: Extent, single: number): readonly [number, number] {
  const [first = single, second] = extent;
  return second === undefined ? [single, first] : [first, second];
}

function padsOf(padding: Extent): readonly [number, number, number, number] {
  const [rows, columns] = pair(padding, 0);
  return [rows, columns, rows, columns];
}

type ConvolutionSettings = Pick<Layers['conv2d'], 'stride' | 'padding' | 'dilation' | 'groups' | 'paddingEnd'>;

function convGeometry({ stride, padding, paddingEnd = padding, dilation, groups }: ConvolutionSettings): ConvGeometry {
  const pads = [...pair(padding, 0), ...pair(paddingEnd, 0)] as const;
  return { strides: pair(stride, 1), pads, dilations: pair(dilation, 1), groups };
}

function poolGeometry({ kernel, stride, padding, dilation = [1], ceil = false }: Layers['maxPool2d']): PoolGeometry {
  const one =
    kernel.length === 1 ? ([1, dilation[0] ?? 1] as const) : ([dilation[0] ?? 1, dilation[1] ?? dilation[0] ?? 1] as const);
  return { kernel: pair(kernel, 1), strides: pair(stride, 1), pads: padsOf(padding), dilations: one, ceil };
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
