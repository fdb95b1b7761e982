import { Random } from '../../base/random';
import { sizeOf, type Tensor } from '../../graph/operations';
import { sameShape } from '../../graph/shapes';
import { drawNumbers } from '../drawing';
import { floatInput, inputOf, LoweringError, type DropoutMask, type LowerContext, type LowerTable, type Site } from './lowering';

type RandomKind = 'dropout' | 'featureDropout' | 'alphaDropout' | 'featureAlphaDropout' | 'randomRelu' | 'noise';

/** What SELU tends to for very negative inputs: what alpha dropout puts in place of what it drops. */
const saturation = -1.7580993408473766;

/** Layers that draw numbers in each pass. */
export const random: LowerTable<RandomKind> = {
  dropout: (site) => {
    const x = floatInput(site);
    return dropped(site, x, x.shape);
  },
  featureDropout: (site) => {
    const x = floatInput(site);
    return dropped(site, x, channelsOf(site, x));
  },
  alphaDropout: (site) => alphaDropped(site, floatInput(site), inputOf(site).shape),
  featureAlphaDropout: (site) => {
    const x = floatInput(site);
    return alphaDropped(site, x, channelsOf(site, x));
  },
  randomRelu: (site) => {
    const { graph, dropout } = site.context;
    const { low, high, call } = site.node.arguments;
    const x = floatInput(site);
    const share = { call, draw: 'uniform', p: 0, shape: x.shape } as const;
    const slope = dropout ? graph.add(graph.mul(drawn(site.context, site.node.name, share), high - low), low) : (low + high) / 2;
    return graph.where(graph.greater(x, 0), x, graph.mul(x, slope));
  },
  noise: (site) => {
    const { graph, bind, noise, rows, dropout } = site.context;
    const { shape, distribution, beta, call, inTraining } = site.node.arguments;
    const sizes = shape === null ? inputOf(site).shape : shape.map((size) => (size === -1 ? rows : bind(size)));
    if (inTraining && !dropout) return graph.constant(new Float32Array(sizeOf(sizes)), sizes);
    const draw = { call, draw: distribution, p: 0, shape: sizes, ...(beta === undefined ? {} : { beta }) };
    if (noise) return drawn(site.context, site.node.name, draw);
    const values = new Float32Array(sizeOf(sizes));
    drawNumbers(values, draw, new Random(call).fork('fixed noise'));
    return graph.constant(values, sizes);
  },
};

/** The shape of a mask for whole channels of `x`. */
function channelsOf(site: Site<'featureDropout' | 'featureAlphaDropout'>, { shape }: Tensor): readonly number[] {
  if (shape.length < 2)
    throw new LoweringError(`'${site.node.name}' drops whole channels: the input [${shape.join(', ')}] has none.`);
  return [...shape.slice(0, 2), ...shape.slice(2).map(() => 1)];
}

/** a x m + a s (1 - m) + b with a mask m of 0 and 1 of `shape`, where a and b keep mean 0 and variance 1 of SELU's units. */
function alphaDropped(site: Site<'alphaDropout' | 'featureAlphaDropout'>, x: Tensor, shape: readonly number[]): Tensor {
  const { graph, dropout } = site.context;
  const { p } = site.node.arguments;
  if (!dropout || p === 0) return x;
  const scale = 1 / Math.sqrt((1 - p) * (1 + p * saturation * saturation));
  const kept = graph.mul(maskOf(site, shape), 1 - p);
  const filled = graph.add(graph.mul(x, kept), graph.mul(graph.sub(1, kept), saturation));
  return graph.add(graph.mul(filled, scale), -scale * p * saturation);
}

type DroppingKind = 'dropout' | 'featureDropout' | 'alphaDropout' | 'featureAlphaDropout' | 'attention' | 'multiheadAttention';

/** `x` with elements dropped by a mask of `shape`, which broadcasts, in training; else `x` itself. */
export function dropped(site: Site<DroppingKind>, x: Tensor, shape: readonly number[]): Tensor {
  if (!site.context.dropout || site.node.arguments.p === 0) return x;
  return site.context.graph.mul(x, maskOf(site, shape));
}

function maskOf(site: Site<DroppingKind>, shape: readonly number[]): Tensor {
  const { p, call } = site.node.arguments;
  return drawn(site.context, site.node.name, { call, draw: 'mask', p, shape });
}

type Draw = Omit<DropoutMask, 'mask'> & { readonly shape: readonly number[] };

/** The input of the graph that takes the numbers of a random call. */
function drawn({ graph, dropouts }: LowerContext, name: string, { shape, ...draw }: Draw): Tensor {
  const known = dropouts.find((other) => other.call === draw.call);
  if (known !== undefined && !sameShape(known.mask.shape, shape))
    throw new LoweringError(`Two random calls of '${name}' share the number ${draw.call}.`);
  const mask = known?.mask ?? graph.input(`dropout/${draw.call}`, shape);
  if (known === undefined) dropouts.push({ ...draw, mask });
  return mask;
}
