import type { Graph } from '../../graph/graph';
import type { ConvGeometry, PoolGeometry, Tensor } from '../../graph/operations';
import type { Extent, Layers } from '../../records/model';
import { alongChannels, floatInput, LoweringError, parameterOf, requiredParameter, type LowerTable, type Site } from './lowering';

type SpatialKind = 'conv1d' | 'conv2d' | 'maxPool1d' | 'maxPool2d' | 'avgPool1d' | 'avgPool2d' | 'adaptiveAvgPool2d';

/** Convolution and pooling. One-dimensional layers are two-dimensional ones over planes of one row. */
export const spatial: LowerTable<SpatialKind> = {
  conv1d: (site) => inOneRow(site, convolution(site, planesOf(site, 3))),
  conv2d: (site) => convolution(site, planesOf(site, 4)),
  maxPool1d: (site) => inOneRow(site, site.context.graph.maxPool(planesOf(site, 3), poolGeometry(site.node.arguments))),
  maxPool2d: (site) => site.context.graph.maxPool(planesOf(site, 4), poolGeometry(site.node.arguments)),
  avgPool1d: (site) => inOneRow(site, averaged(site.context.graph, planesOf(site, 3), poolGeometry(site.node.arguments))),
  avgPool2d: (site) => averaged(site.context.graph, planesOf(site, 4), poolGeometry(site.node.arguments)),
  adaptiveAvgPool2d: (site) => {
    const { graph } = site.context;
    const x = planesOf(site, 4);
    const [rows, columns] = pair(site.node.arguments.output, 1);
    if (rows === 1 && columns === 1) return graph.mean(x, [2, 3], true);
    const overColumns = graph.matmul(x, windowMeans(graph, columns, x.shape[3] ?? 1), { transposeB: true });
    return graph.matmul(windowMeans(graph, rows, x.shape[2] ?? 1), overColumns);
  },
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
  const y = graph.conv(x, kernels, convGeometry(site.node.arguments));
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

function convGeometry({ stride, padding, dilation, groups }: Layers['conv2d']): ConvGeometry {
  return { strides: pair(stride, 1), pads: padsOf(padding), dilations: pair(dilation, 1), groups };
}

function poolGeometry({ kernel, stride, padding }: Layers['maxPool2d']): PoolGeometry {
  return { kernel: pair(kernel, 1), strides: pair(stride, 1), pads: padsOf(padding), dilations: [1, 1], ceil: false };
}

/** Means over windows, zeros of the padding included, as PyTorch counts them by default. */
function averaged(graph: Graph, x: Tensor, { kernel, strides, pads, dilations }: PoolGeometry): Tensor {
  const [batch = 1, channels = 1, rows = 1, columns = 1] = x.shape;
  const [high, wide] = kernel;
  const tiles =
    high === strides[0] && wide === strides[1] && rows % high === 0 && columns % wide === 0 && pads.every((pad) => pad === 0);
  if (tiles) {
    const split = graph.reshape(x, [batch, channels, rows / high, high, columns / wide, wide]);
    return graph.mean(split, [3, 5]);
  }
  // Each channel by itself: the channels count as rows of a batch of single planes.
  const single = graph.reshape(x, [batch * channels, 1, rows, columns]);
  const y = graph.conv(single, graph.fill(1 / (high * wide), [1, 1, high, wide]), { strides, pads, dilations, groups: 1 });
  return graph.reshape(y, [batch, channels, y.shape[2] ?? 1, y.shape[3] ?? 1]);
}

/** The matrix [out, size] whose rows average the windows ⌊i·size/out⌋ … ⌈(i+1)·size/out⌉ (torch's adaptive pooling). */
function windowMeans(graph: Graph, out: number, size: number): Tensor {
  const means = new Float32Array(out * size);
  for (let i = 0; i < out; i++) {
    const from = Math.floor((i * size) / out);
    const to = Math.ceil(((i + 1) * size) / out);
    means.fill(1 / (to - from), i * size + from, i * size + to);
  }
  return graph.constant(means, [out, size]);
}
