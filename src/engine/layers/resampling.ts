import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import type { Layers } from '../../records/model/layers';
import { floatInput, inputOf, LoweringError, parameterOf, requiredParameter, type LowerTable, type Site } from './lowering';

type ResamplingKind = 'interpolate' | 'pixelShuffle' | 'pixelUnshuffle' | 'bilinear';

/** Layers that change the resolution of planes, and the bilinear form. */
export const resampling: LowerTable<ResamplingKind> = {
  interpolate,
  pixelShuffle: (site) => {
    const { graph } = site.context;
    const { factor } = site.node.arguments;
    const x = inputOf(site);
    const [rows = 1, channels = 1, height = 1, width = 1] = x.shape;
    const fewer = channels / (factor * factor);
    if (x.shape.length !== 4 || !Number.isInteger(fewer))
      throw new LoweringError(`'${site.node.name}' cannot part ${channels} channels into ${factor} x ${factor}.`);
    const apart = graph.reshape(x, [rows, fewer, factor, factor, height, width]);
    return graph.reshape(graph.transpose(apart, [0, 1, 4, 2, 5, 3]), [rows, fewer, height * factor, width * factor]);
  },
  pixelUnshuffle: (site) => {
    const { graph } = site.context;
    const { factor } = site.node.arguments;
    const x = inputOf(site);
    const [rows = 1, channels = 1, height = 1, width = 1] = x.shape;
    const [low, narrow] = [height / factor, width / factor];
    if (x.shape.length !== 4 || !Number.isInteger(low) || !Number.isInteger(narrow))
      throw new LoweringError(`'${site.node.name}' cannot part planes of ${height} x ${width} by ${factor}.`);
    const apart = graph.reshape(x, [rows, channels, low, factor, narrow, factor]);
    return graph.reshape(graph.transpose(apart, [0, 1, 3, 5, 2, 4]), [rows, channels * factor * factor, low, narrow]);
  },
  bilinear: (site) => {
    const { graph } = site.context;
    const [a, b] = [floatInput(site), floatInput(site, 1)];
    const weight = requiredParameter(site, 'weight');
    const [out = 1, first = 1, second = 1] = weight.shape;
    if (a.shape.at(-1) !== first || b.shape.at(-1) !== second)
      throw new LoweringError(
        `Bilinear '${site.node.name}' expects ${first} and ${second} columns, it gets ${a.shape.at(-1)} and ${b.shape.at(-1)}.`,
      );
    const rows = sizeOf(a.shape) / first;
    // a W_o for all o at once, then with b.
    const flat = graph.reshape(graph.transpose(weight, [1, 0, 2]), [first, out * second]);
    const half = graph.reshape(graph.matmul(graph.reshape(a, [rows, first]), flat), [rows, out, second]);
    const form = graph.sum(graph.mul(half, graph.reshape(b, [rows, 1, second])), [2]);
    const bias = parameterOf(site, 'bias');
    return graph.reshape(bias === null ? form : graph.add(form, bias), [...a.shape.slice(0, -1), out]);
  },
};

function interpolate(site: Site<'interpolate'>): Tensor {
  const { graph } = site.context;
  const x = floatInput(site);
  const { size, scale, mode, alignCorners } = site.node.arguments;
  const spatial = x.shape.slice(2);
  const axes = size ?? scale;
  if (axes === null || spatial.length === 0 || axes.length !== spatial.length)
    throw new LoweringError(`'${site.node.name}' resizes ${axes?.length ?? 0} axes of [${x.shape.join(', ')}].`);
  return spatial.reduce((resized, length, k) => {
    const factor = scale?.[k] ?? null;
    const reached = size?.[k] ?? Math.floor(length * (factor ?? 1));
    return resample(graph, resized, 2 + k, { length, reached, factor, mode, alignCorners });
  }, x);
}

interface Axis {
  readonly length: number;
  readonly reached: number;
  /** The scale that the script gives; it decides the places then, and not the sizes. */
  readonly factor: number | null;
  readonly mode: Layers['interpolate']['mode'];
  readonly alignCorners: boolean;
}

/** One axis in another resolution: every new element is a weighted sum of old ones. */
function resample(graph: Graph, x: Tensor, axis: number, along: Axis): Tensor {
  const { length, reached, mode } = along;
  if (length === reached && along.factor === null) return x;
  const rank = x.shape.length;
  if (mode === 'nearest') {
    const times = reached / length;
    if (Number.isInteger(times)) return repeated(graph, x, axis, times);
    const ratio = along.factor === null ? length / reached : 1 / along.factor;
    const places = Int32Array.from({ length: reached }, (_, i) => Math.min(length - 1, Math.floor(i * ratio)));
    return graph.gather(x, graph.constant(places, [reached]), axis);
  }
  const order = x.shape.map((_, at) => (at === axis ? rank - 1 : at === rank - 1 ? axis : at));
  const last = graph.transpose(x, order);
  const flat = graph.reshape(last, [sizeOf(x.shape) / length, length]);
  const mixed = graph.matmul(flat, graph.constant(mixture(along), [reached, length]), { transposeB: true });
  return graph.transpose(graph.reshape(mixed, [...last.shape.slice(0, -1), reached]), order);
}

/** Every element `times` times. */
function repeated(graph: Graph, x: Tensor, axis: number, times: number): Tensor {
  const [before, behind] = [x.shape.slice(0, axis + 1), x.shape.slice(axis + 1)];
  const wide = graph.broadcast(graph.reshape(x, [...before, 1, ...behind]), [...before, times, ...behind]);
  return graph.reshape(
    wide,
    x.shape.map((size, at) => (at === axis ? size * times : size)),
  );
}

/** The matrix [reached, length] of linear or cubic interpolation, PyTorch's places. */
function mixture({ length, reached, factor, mode, alignCorners }: Axis): Float32Array {
  const weights = new Float32Array(reached * length);
  const ratio = alignCorners ? (reached > 1 ? (length - 1) / (reached - 1) : 0) : factor === null ? length / reached : 1 / factor;
  for (let i = 0; i < reached; i++) {
    const exact = alignCorners ? i * ratio : (i + 0.5) * ratio - 0.5;
    const place = mode === 'linear' ? Math.max(0, exact) : exact;
    const from = Math.floor(place);
    const kernel = mode === 'linear' ? [1 - (place - from), place - from] : cubic(place - from);
    kernel.forEach((weight, k) => {
      const at = i * length + Math.min(length - 1, Math.max(0, from + k - (mode === 'linear' ? 0 : 1)));
      weights[at] = (weights[at] ?? 0) + weight;
    });
  }
  return weights;
}

/** Weights of the four neighbours at t between the inner two (Keys, 1981, a = -0.75). */
function cubic(t: number): readonly number[] {
  const a = -0.75;
  const near = (d: number): number => ((a + 2) * d - (a + 3)) * d * d + 1;
  const far = (d: number): number => ((a * d - 5 * a) * d + 8 * a) * d - 4 * a;
  return [far(t + 1), near(t), near(1 - t), far(2 - t)];
}
