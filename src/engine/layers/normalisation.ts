import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import type { LayerKind } from '../../records/model/layers';
import { alongChannels, floatInput, LoweringError, parameterOf, type LowerTable, type Site } from './lowering';

type NormalisationKind = 'batchNorm' | 'layerNorm' | 'groupNorm' | 'rmsNorm' | 'localResponseNorm';

/** The spacing of float32 at 1: what torch.nn.RMSNorm adds when no epsilon is given. */
const float32Spacing = 2 ** -23;

/** Batch, layer and group normalisation; all use the biased variance, as PyTorch does. */
export const normalisation: LowerTable<NormalisationKind> = {
  batchNorm,
  layerNorm: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const shape = site.node.arguments.shape.map(site.context.bind);
    const trailing = x.shape.slice(x.shape.length - shape.length);
    if (trailing.join() !== shape.join())
      throw new LoweringError(
        `LayerNorm '${site.node.name}' expects [${shape.join(', ')}], the input ends in [${trailing.join(', ')}].`,
      );
    const axes = shape.map((_, axis) => x.shape.length - shape.length + axis);
    const normal = standardised(graph, x, moments(graph, x, axes), site.node.arguments.epsilon);
    return scaledAndShifted(site, normal, (vector) => vector);
  },
  rmsNorm: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const shape = site.node.arguments.shape.map(site.context.bind);
    const axes = shape.map((_, axis) => x.shape.length - shape.length + axis);
    const square = graph.mean(graph.square(x), axes, true);
    const scale = graph.reciprocal(graph.sqrt(graph.add(square, site.node.arguments.epsilon ?? float32Spacing)));
    return scaledAndShifted(site, graph.mul(x, scale), (vector) => vector);
  },
  localResponseNorm: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const { size, alpha, beta, k } = site.node.arguments;
    const before = x.shape.map((_, axis) => (axis === 1 ? Math.floor(size / 2) : 0));
    const after = x.shape.map((_, axis) => (axis === 1 ? Math.floor((size - 1) / 2) : 0));
    const squares = graph.pad(graph.square(x), before, after);
    const shifted = Array.from({ length: size }, (_, offset) =>
      graph.slice(
        squares,
        x.shape.map((_, axis) => (axis === 1 ? offset : 0)),
        x.shape,
      ),
    );
    const total = shifted.reduce((sum, part) => graph.add(sum, part));
    return graph.div(x, graph.power(graph.add(graph.mul(total, alpha / size), k), beta));
  },
  groupNorm: (site) => {
    const { graph } = site.context;
    const x = floatInput(site);
    const { groups, epsilon } = site.node.arguments;
    const [rows = 1, channels = 1] = x.shape;
    if (channels % groups !== 0)
      throw new LoweringError(`GroupNorm '${site.node.name}' cannot part ${channels} channels into ${groups} groups.`);
    const grouped = graph.reshape(x, [rows, groups, sizeOf(x.shape) / (rows * groups)]);
    const normal = graph.reshape(standardised(graph, grouped, moments(graph, grouped, [2]), epsilon), x.shape);
    return scaledAndShifted(site, normal, (vector) => alongChannels(graph, vector, x.shape.length));
  },
};

interface Moments {
  /** With the reduced axes kept at size 1. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

function moments(graph: Graph, x: Tensor, axes: readonly number[]): Moments {
  const mean = graph.mean(x, axes, true);
  return { mean, variance: graph.mean(graph.square(graph.sub(x, mean)), axes, true) };
}

function standardised(graph: Graph, x: Tensor, { mean, variance }: Moments, epsilon: number): Tensor {
  return graph.mul(graph.sub(x, mean), graph.reciprocal(graph.sqrt(graph.add(variance, epsilon))));
}

/** Times `weight` plus `bias`, where the layer has them. */
function scaledAndShifted(site: Site<LayerKind>, x: Tensor, shaped: (vector: Tensor) => Tensor): Tensor {
  const { graph } = site.context;
  const weight = parameterOf(site, 'weight');
  const bias = parameterOf(site, 'bias');
  const scaled = weight === null ? x : graph.mul(x, shaped(weight));
  return bias === null ? scaled : graph.add(scaled, shaped(bias));
}

function batchNorm(site: Site<'batchNorm'>): Tensor {
  const { graph, mode, bind, statistics } = site.context;
  const x = floatInput(site);
  const { epsilon, momentum, trackStatistics, biasedVariance = false } = site.node.arguments;
  const features = bind(site.node.arguments.features);
  if (x.shape.length < 2 || x.shape[1] !== features)
    throw new LoweringError(
      `BatchNorm '${site.node.name}' expects ${features} features on axis 1, the input is [${x.shape.join(', ')}].`,
    );
  const shaped = (vector: Tensor): Tensor => alongChannels(graph, vector, x.shape.length);
  const meanName = `${site.node.name}.running_mean`;
  const varianceName = `${site.node.name}.running_var`;
  if (mode === 'eval' && trackStatistics) {
    const running = { mean: site.context.buffer(meanName, [features]), variance: site.context.buffer(varianceName, [features]) };
    const fixed = { mean: shaped(running.mean), variance: shaped(running.variance) };
    return scaledAndShifted(site, standardised(graph, x, fixed, epsilon), shaped);
  }
  const count = sizeOf(x.shape) / features;
  if (count < 2 && !biasedVariance)
    throw new LoweringError(`BatchNorm '${site.node.name}' gets a batch of a single row: PyTorch stops there with an error.`);
  const batch = moments(
    graph,
    x,
    x.shape.map((_, axis) => axis).filter((axis) => axis !== 1),
  );
  if (trackStatistics) {
    const mean = graph.reshape(batch.mean, [features]);
    const variance = graph.mul(graph.reshape(batch.variance, [features]), biasedVariance ? 1 : count / (count - 1));
    statistics.push({ meanName, varianceName, features, momentum, mean, variance });
  }
  return scaledAndShifted(site, standardised(graph, x, batch, epsilon), shaped);
}
