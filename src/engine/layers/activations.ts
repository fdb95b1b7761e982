import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import { normalizeAxis } from '../../graph/shapes';
import { alongChannels, floatInput, LoweringError, requiredParameter, type LowerTable } from './lowering';

type ActivationKind =
  | 'relu'
  | 'relu6'
  | 'leakyRelu'
  | 'prelu'
  | 'elu'
  | 'selu'
  | 'celu'
  | 'gelu'
  | 'silu'
  | 'mish'
  | 'sigmoid'
  | 'logSigmoid'
  | 'hardSigmoid'
  | 'tanh'
  | 'tanhshrink'
  | 'hardTanh'
  | 'hardSwish'
  | 'softplus'
  | 'softsign'
  | 'softshrink'
  | 'hardshrink'
  | 'threshold'
  | 'softmax'
  | 'softmin'
  | 'logSoftmax'
  | 'glu';

/** Constants of SELU (Klambauer et al., 2017), as PyTorch writes them. */
const seluAlpha = 1.6732632423543772848170429916717;
const seluScale = 1.0507009873554804934193349852946;

/**
 * Activations, with PyTorch's one-sided slopes at kinks. A branch that would overflow where it is not
 * taken gets a harmless argument there, since 0 · ∞ would spoil the gradient.
 */
export const activations: LowerTable<ActivationKind> = {
  relu: (site) => site.context.graph.relu(floatInput(site)),
  relu6: (site) => clipped(site.context.graph, floatInput(site), 0, 6),
  leakyRelu: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    return graph.where(graph.greater(x, 0), x, graph.mul(x, site.node.arguments.slope));
  },
  prelu: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    const weight = requiredParameter(site, 'weight');
    const slope = weight.shape[0] === 1 ? weight : alongChannels(graph, weight, x.shape.length);
    return graph.where(graph.greater(x, 0), x, graph.mul(x, slope));
  },
  elu: (site) => exponentialUnit(site.context.graph, floatInput(site), site.node.arguments.alpha, 1),
  selu: (site) => {
    const { graph } = site.context;
    return graph.mul(exponentialUnit(graph, floatInput(site), seluAlpha, 1), seluScale);
  },
  celu: (site) => {
    const { alpha } = site.node.arguments;
    return exponentialUnit(site.context.graph, floatInput(site), alpha, 1 / alpha);
  },
  gelu: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    const cdf =
      site.node.arguments.approximate === 'none'
        ? graph.erf(graph.mul(x, Math.SQRT1_2))
        : graph.tanh(graph.mul(graph.add(x, graph.mul(graph.mul(graph.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI)));
    return graph.mul(graph.mul(x, 0.5), graph.add(cdf, 1));
  },
  silu: (site) => {
    const x = floatInput(site);
    return site.context.graph.mul(x, site.context.graph.sigmoid(x));
  },
  mish: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    return graph.mul(x, graph.tanh(graph.softplus(x)));
  },
  sigmoid: (site) => site.context.graph.sigmoid(floatInput(site)),
  logSigmoid: (site) => {
    const { graph } = site.context;
    return graph.neg(graph.softplus(graph.neg(floatInput(site))));
  },
  hardSigmoid: (site) => {
    const { graph } = site.context;
    return graph.mul(clipped(graph, graph.add(floatInput(site), 3), 0, 6), 1 / 6);
  },
  tanh: (site) => site.context.graph.tanh(floatInput(site)),
  tanhshrink: (site) => {
    const x = floatInput(site);
    return site.context.graph.sub(x, site.context.graph.tanh(x));
  },
  hardTanh: (site) => clipped(site.context.graph, floatInput(site), site.node.arguments.low, site.node.arguments.high),
  hardSwish: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    return graph.mul(x, graph.mul(clipped(graph, graph.add(x, 3), 0, 6), 1 / 6));
  },
  softplus: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    const { beta, threshold } = site.node.arguments;
    const scaled = graph.mul(x, beta);
    return graph.where(graph.greater(scaled, threshold), x, graph.mul(graph.softplus(scaled), 1 / beta));
  },
  softsign: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    return graph.div(x, graph.add(graph.abs(x), 1));
  },
  softshrink: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    const { lambda } = site.node.arguments;
    return graph.where(graph.greater(graph.abs(x), lambda), graph.sub(x, graph.mul(graph.sign(x), lambda)), graph.zerosLike(x));
  },
  hardshrink: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    return graph.where(graph.greater(graph.abs(x), site.node.arguments.lambda), x, graph.zerosLike(x));
  },
  threshold: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    return graph.where(
      graph.greater(x, site.node.arguments.threshold),
      x,
      graph.fill(site.node.arguments.value, x.shape, x.dtype),
    );
  },
  softmax: (site) => site.context.graph.softmax(floatInput(site), site.node.arguments.axis),
  softmin: (site) => site.context.graph.softmax(site.context.graph.neg(floatInput(site)), site.node.arguments.axis),
  logSoftmax: (site) => site.context.graph.logSoftmax(floatInput(site), site.node.arguments.axis),
  glu: (site) => {
    const x = floatInput(site);
    const { graph } = site.context;
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const size = x.shape[axis] ?? 0;
    if (size % 2 !== 0) throw new LoweringError(`'${site.node.name}' halves an axis of ${size}.`);
    const sizes = x.shape.map((whole, at) => (at === axis ? size / 2 : whole));
    const half = (start: number): Tensor =>
      graph.slice(
        x,
        x.shape.map((_, at) => (at === axis ? start : 0)),
        sizes,
      );
    return graph.mul(half(0), graph.sigmoid(half(size / 2)));
  },
};

/** x inside (low, high), the bounds outside, where the slope is 0: at the bounds too (PyTorch's hardtanh). */
function clipped(graph: Graph, x: Tensor, low: number, high: number): Tensor {
  const inside = graph.and(graph.greater(x, low), graph.greater(high, x));
  return graph.where(inside, x, graph.stopGradient(graph.minimum(graph.maximum(x, low), high)));
}

/** x where positive, else alpha · (e^(rate · x) - 1). */
function exponentialUnit(graph: Graph, x: Tensor, alpha: number, rate: number): Tensor {
  const positive = graph.greater(x, 0);
  const argument = graph.mul(graph.where(positive, graph.zerosLike(x), x), rate);
  return graph.where(positive, x, graph.mul(graph.sub(graph.exp(argument), 1), alpha));
}
