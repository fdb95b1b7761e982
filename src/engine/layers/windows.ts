import type { Graph } from '../../graph/graph';
import { sizeOf, type ConvGeometry, type Tensor } from '../../graph/operations';
import { slidSize } from '../../graph/shapes';
import type { Extent } from '../../records/model/layers';
import { convGeometry, pair, poolGeometry } from './geometry';
import { floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

type WindowKind = 'unfold' | 'fold' | 'maxPoolPlaces1d' | 'maxPoolPlaces2d' | 'maxUnpool' | 'channelShuffle';

/** Windows as columns, places of largest elements and what is put there, and the dealing of channels. */
export const windows: LowerTable<WindowKind> = {
  unfold: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const [rows = 1, channels = 1] = planesOf(site, x);
    const y = graph.conv(x, onePlaceEach(graph, channels, site.node.arguments.kernel), geometryOf(site, channels));
    return graph.reshape(y, [rows, y.shape[1] ?? 1, (y.shape[2] ?? 1) * (y.shape[3] ?? 1)]);
  },
  fold: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const { kernel, size } = site.node.arguments;
    const [rows = 1, height = 1, count = 1] = x.shape;
    const channels = height / sizeOf(pair(kernel, 1));
    const planes = pair(size, 1);
    const geometry = geometryOf(site, channels);
    const reached = slidSize(planes, pair(kernel, 1), geometry);
    if (x.shape.length !== 3 || !Number.isInteger(channels) || sizeOf(reached) !== count)
      throw new LoweringError(`'${site.node.name}' cannot fold [${x.shape.join(', ')}] into planes of ${planes.join(' x ')}.`);
    const y = graph.reshape(x, [rows, height, ...reached]);
    return graph.convInput(y, onePlaceEach(graph, channels, kernel), geometry, planes);
  },
  maxPoolPlaces1d: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const [rows = 1, channels = 1, length = 1] = x.shape;
    const places = graph.maxPoolIndices(graph.reshape(x, [rows, channels, 1, length]), poolGeometry(site.node.arguments));
    return graph.reshape(places, [rows, channels, places.shape[3] ?? 1]);
  },
  maxPoolPlaces2d: (site) => site.context.graph.maxPoolIndices(floatInput(site), poolGeometry(site.node.arguments)),
  maxUnpool: (site) => {
    const { graph, bind } = site.context;
    const [x, places] = [floatInput(site), inputOf(site, 1)];
    const size = site.node.arguments.size.map(bind);
    const [rows = 1, channels = 1, ...from] = x.shape;
    if (places.shape.join() !== x.shape.join() || from.length !== size.length || places.dtype !== 'int32')
      throw new LoweringError(`'${site.node.name}' cannot put [${x.shape.join(', ')}] at places [${places.shape.join(', ')}].`);
    const flat = (tensor: Tensor): Tensor => graph.reshape(tensor, [rows, channels, sizeOf(from)]);
    return graph.reshape(graph.putAlong(flat(places), flat(x), 2, sizeOf(size)), [rows, channels, ...size]);
  },
  channelShuffle: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const { groups } = site.node.arguments;
    const [rows = 1, channels = 1, ...rest] = x.shape;
    if (channels % groups !== 0)
      throw new LoweringError(`'${site.node.name}' cannot deal ${channels} channels to ${groups} groups.`);
    const apart = graph.reshape(x, [rows, groups, channels / groups, sizeOf(rest)]);
    return graph.reshape(graph.transpose(apart, [0, 2, 1, 3]), x.shape);
  },
};

/** Kernels [channels · size, 1, ...kernel] that each take one place of the window. */
function onePlaceEach(graph: Graph, channels: number, kernel: Extent): Tensor {
  const [high, wide] = pair(kernel, 1);
  const size = high * wide;
  const ones = Float32Array.from({ length: channels * size * size }, (_, i) => ((i % (size * size)) % (size + 1) === 0 ? 1 : 0));
  return graph.constant(ones, [channels * size, 1, high, wide]);
}

function geometryOf(site: Site<'fold' | 'unfold'>, channels: number): ConvGeometry {
  return { ...convGeometry({ ...site.node.arguments, groups: 1 }), groups: channels };
}

function planesOf(site: Site<'unfold'>, { shape }: Tensor): readonly number[] {
  if (shape.length === 4) return shape;
  throw new LoweringError(`'${site.node.name}' expects 4 axes, the input is [${shape.join(', ')}].`);
}
