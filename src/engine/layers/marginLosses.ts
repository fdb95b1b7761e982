import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import { checkClassTarget, equalInputs, overClasses, reduceLoss, vectorConstant } from './lossParts';
import { dataSource, floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

type MarginKind =
  | 'hingeEmbedding'
  | 'marginRanking'
  | 'multiMargin'
  | 'multiLabelMargin'
  | 'softMargin'
  | 'multiLabelSoftMargin'
  | 'cosineEmbedding'
  | 'tripletMargin';

/** Stands below the root of torch's cosine. */
const smallestSquare = 1e-12;

/** Losses that ask for a distance between scores or points, with PyTorch 2's meaning of every argument. */
export const marginLosses: LowerTable<MarginKind> = {
  hingeEmbedding: (site) => {
    const { graph } = site.context;
    const [x, t] = equalInputs(site);
    const zero = graph.zerosLike(x);
    const near = graph.where(graph.equal(t, -1), zero, x);
    const far = graph.where(graph.equal(t, 1), zero, atLeastZero(graph, graph.sub(site.node.arguments.margin, x)));
    return reduceLoss(graph, graph.add(near, far), site.node.arguments.reduction);
  },
  marginRanking: (site) => {
    const { graph } = site.context;
    const { margin, reduction } = site.node.arguments;
    const order = graph.mul(graph.neg(floatInput(site, 2)), graph.sub(floatInput(site), floatInput(site, 1)));
    return reduceLoss(graph, atLeastZero(graph, graph.add(order, margin)), reduction);
  },
  multiMargin: (site) => {
    const { graph } = site.context;
    const { margin, power, weight, reduction } = site.node.arguments;
    const x = floatInput(site);
    const target = inputOf(site, 1);
    checkClassTarget(site, x, target, x.shape.length - 1, null);
    const axis = x.shape.length - 1;
    const classes = x.shape[axis] ?? 1;
    const places = graph.reshape(target, [...target.shape, 1]);
    const short = atLeastZero(graph, graph.add(graph.sub(x, graph.takeAlong(x, places, axis)), margin));
    const shaped = power === 2 ? graph.square(short) : short;
    const right = graph.equal(graph.broadcast(places, x.shape), graph.broadcast(graph.range(classes), x.shape));
    const others = graph.sum(graph.where(right, graph.zerosLike(x), shaped), [axis]);
    const weighted = weight === null ? others : graph.mul(others, graph.gather(vectorConstant(graph, weight), target, 0));
    return reduceLoss(graph, graph.mul(weighted, 1 / classes), reduction);
  },
  multiLabelMargin: (site) => multiLabelMargin(site),
  softMargin: (site) => {
    const { graph } = site.context;
    const [x, t] = equalInputs(site);
    return reduceLoss(graph, graph.softplus(graph.neg(graph.mul(t, x))), site.node.arguments.reduction);
  },
  multiLabelSoftMargin: (site) => {
    const { graph } = site.context;
    const [x, t] = equalInputs(site);
    const { weight, reduction } = site.node.arguments;
    const missed = graph.mul(t, graph.softplus(graph.neg(x)));
    const entries = graph.add(missed, graph.mul(graph.sub(1, t), graph.softplus(x)));
    const last = x.shape.length - 1;
    const weighted = weight === null ? entries : graph.mul(entries, overClasses(graph, weight, x, last));
    return reduceLoss(graph, graph.mean(weighted, [last]), reduction);
  },
  cosineEmbedding: (site) => {
    const { graph } = site.context;
    const { margin, reduction } = site.node.arguments;
    const [a, b, t] = [floatInput(site), floatInput(site, 1), floatInput(site, 2)];
    const axis = [a.shape.length - 1];
    const square = (x: Tensor): Tensor => graph.add(graph.sum(graph.square(x), axis), smallestSquare);
    const cosine = graph.div(graph.sum(graph.mul(a, b), axis), graph.sqrt(graph.mul(square(a), square(b))));
    const zero = graph.zerosLike(cosine);
    const alike = graph.where(graph.equal(t, 1), graph.sub(1, cosine), zero);
    const apart = graph.where(graph.equal(t, -1), atLeastZero(graph, graph.sub(cosine, margin)), zero);
    return reduceLoss(graph, graph.add(alike, apart), reduction);
  },
  tripletMargin: (site) => {
    const { graph } = site.context;
    const { margin, swap, reduction } = site.node.arguments;
    const [anchor, positive, negative] = [floatInput(site), floatInput(site, 1), floatInput(site, 2)];
    const near = distance(site, anchor, positive);
    const far = distance(site, anchor, negative);
    const closest = swap ? graph.minimum(far, distance(site, positive, negative)) : far;
    return reduceLoss(graph, atLeastZero(graph, graph.add(graph.sub(near, closest), margin)), reduction);
  },
};

/** The distance of points along the last axis; ε joins every difference, as in torch's pairwise_distance. */
function distance(site: Site<'tripletMargin'>, a: Tensor, b: Tensor): Tensor {
  const { graph } = site.context;
  const { power, epsilon } = site.node.arguments;
  const difference = graph.add(graph.sub(a, b), epsilon);
  const axis = [difference.shape.length - 1];
  if (power === 1) return graph.sum(graph.abs(difference), axis);
  return graph.sqrt(graph.sum(graph.square(difference), axis));
}

const atLeastZero = (graph: Graph, x: Tensor): Tensor => graph.relu(x);

/** Σ max(0, 1 - (x_t - x_i)) over the classes t of a row, which end at -1, and its other classes i, over their number. */
function multiLabelMargin(site: Site<'multiLabelMargin'>): Tensor {
  const { graph } = site.context;
  const x = floatInput(site);
  const target = inputOf(site, 1);
  if (target.dtype !== 'int32' || target.shape.join() !== x.shape.join())
    throw new LoweringError(`'${site.node.name}' expects class numbers of shape [${x.shape.join(', ')}] as its target.`);
  const classes = x.shape.at(-1) ?? 1;
  const rows = sizeOf(x.shape) / classes;
  const source = dataSource(target);
  const text = (found: number): string => `The target holds the class number ${found}, the model has ${classes} outputs.`;
  if (source !== null)
    site.context.indexChecks.push({ node: site.node, source, size: classes, ignored: -1, text, range: site.node.range });
  const [scores, numbers] = [graph.reshape(x, [rows, classes]), graph.reshape(target, [rows, classes])];
  const ended = graph.cast(graph.equal(numbers, graph.fill(-1, numbers.shape, 'int32')), 'float32');
  const upTo = Float32Array.from({ length: classes * classes }, (_, k) => (Math.floor(k / classes) <= k % classes ? 1 : 0));
  const valid = graph.greater(0.5, graph.matmul(ended, graph.constant(upTo, [classes, classes])));
  const known = graph.where(valid, numbers, graph.fill(0, numbers.shape, 'int32'));
  const column = (y: Tensor): Tensor => graph.reshape(y, [rows, classes, 1]);
  const hits = graph.and(column(valid), graph.equal(column(known), graph.range(classes)));
  const isTarget = graph.max(graph.cast(hits, 'float32'), [1], true);
  const margins = graph.sub(graph.add(graph.reshape(scores, [rows, 1, classes]), 1), column(graph.takeAlong(scores, known, 1)));
  const counted = graph.mul(graph.cast(column(valid), 'float32'), graph.sub(1, isTarget));
  const perRow = graph.mul(graph.sum(graph.mul(atLeastZero(graph, margins), counted), [1, 2]), 1 / classes);
  return reduceLoss(graph, graph.reshape(perRow, x.shape.slice(0, -1)), site.node.arguments.reduction);
}
