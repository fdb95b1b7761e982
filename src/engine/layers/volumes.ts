import type { Tensor } from '../../graph/operations';
import {
  adaptiveAverageVolume,
  adaptiveMaxVolume,
  averagePoolVolume,
  convolveVolume,
  maxPoolVolume,
  spreadVolume,
} from '../../graph/volumes';
import type { Extent } from '../../records/model/layers';
import { convGeometry, depthGeometry, overPlanes, poolGeometry } from './geometry';
import { floatInput, LoweringError, requiredParameter, type LowerTable, type Site } from './lowering';
import { checkChannels, paddedByMode, shiftedChannels } from './spatial';

type VolumeKind = 'conv3d' | 'convTranspose3d' | 'maxPool3d' | 'avgPool3d' | 'adaptiveAvgPool3d' | 'adaptiveMaxPool3d';

/** Convolution and pooling over [rows, channels, depth, height, width]. */
export const volumes: LowerTable<VolumeKind> = {
  conv3d: (site) => {
    const x = volumesOf(site);
    const weight = requiredParameter(site, 'weight');
    checkChannels(site, x, (weight.shape[1] ?? 1) * site.node.arguments.groups);
    const wide = paddedByMode(site, x);
    const settings = site.node.arguments;
    const still = wide === null ? settings : { ...settings, padding: [0, 0, 0], paddingEnd: [0, 0, 0] };
    const plane = convGeometry(overPlanes(still));
    return shiftedChannels(site, convolveVolume(site.context.graph, wide ?? x, weight, plane, depthGeometry(still)));
  },
  convTranspose3d: (site) => {
    const x = volumesOf(site);
    const settings = site.node.arguments;
    const weight = requiredParameter(site, 'weight');
    checkChannels(site, x, weight.shape[0] ?? 1);
    const size = x.shape.slice(2).map((length, i) => {
      const [stride, pad, dilation] = [settings.stride[i] ?? 1, settings.padding[i] ?? 0, settings.dilation[i] ?? 1];
      return (length - 1) * stride - 2 * pad + dilation * ((weight.shape[2 + i] ?? 1) - 1) + (settings.outputPadding[i] ?? 0) + 1;
    });
    const plane = convGeometry(overPlanes(settings));
    return shiftedChannels(site, spreadVolume(site.context.graph, x, weight, plane, depthGeometry(settings), triple(size)));
  },
  maxPool3d: (site) => {
    const settings = site.node.arguments;
    const plane = poolGeometry(overPlanes(settings));
    return maxPoolVolume(site.context.graph, volumesOf(site), plane, depthGeometry(settings));
  },
  avgPool3d: (site) => {
    const { graph } = site.context;
    const settings = site.node.arguments;
    const { countPadding = true, divisor = null, kernel, ceil = false } = settings;
    if (divisor !== null && ceil) throw new LoweringError(`'${site.node.name}' rounds up with a divisor of its own: not read.`);
    const plane = poolGeometry(overPlanes(settings));
    const mean = averagePoolVolume(graph, volumesOf(site), plane, depthGeometry(settings), divisor !== null || countPadding);
    return divisor === null ? mean : graph.mul(mean, kernel.reduce((product, size) => product * size, 1) / divisor);
  },
  adaptiveAvgPool3d: (site) => adaptiveAverageVolume(site.context.graph, volumesOf(site), triple(site.node.arguments.output)),
  adaptiveMaxPool3d: (site) => adaptiveMaxVolume(site.context.graph, volumesOf(site), triple(site.node.arguments.output)),
};

/** The input, which must be volumes. */
function volumesOf(site: Site<VolumeKind>): Tensor {
  const x = floatInput(site);
  if (x.shape.length === 5) return x;
  throw new LoweringError(`'${site.node.name}' (${site.node.kind}) expects 5 axes, the input is [${x.shape.join(', ')}].`);
}

function triple([depth = 1, height = 1, width = 1]: Extent): readonly [number, number, number] {
  return [depth, height, width];
}
