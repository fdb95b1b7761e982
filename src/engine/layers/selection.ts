import type { Graph } from '../../graph/graph';
import { sizeOf, type Tensor } from '../../graph/operations';
import { commonShape, normalizeAxis } from '../../graph/shapes';
import type { LayerKind } from '../../records/model/layers';
import { asFloat, floatInput, inputOf, LoweringError, type LowerTable, type Site } from './lowering';

type SelectionKind =
  | 'compare'
  | 'logical'
  | 'where'
  | 'maximum'
  | 'minimum'
  | 'max'
  | 'min'
  | 'maxAlong'
  | 'minAlong'
  | 'argMax'
  | 'argMin'
  | 'largest'
  | 'gather'
  | 'scatterAdd'
  | 'indexAdd'
  | 'take';

/** Comparisons, and what chooses elements. */
export const selection: LowerTable<SelectionKind> = {
  compare: (site) => compared(site.context.graph, site.node.arguments.function, ...sameType(site, 0, 1)),
  logical: (site) => {
    const { graph } = site.context;
    const a = asMask(graph, inputOf(site));
    if (site.node.arguments.function === 'not') return graph.not(a);
    const b = asMask(graph, inputOf(site, 1));
    return site.node.arguments.function === 'and' ? graph.and(a, b) : graph.or(a, b);
  },
  where: (site) => {
    const { graph } = site.context;
    const mask = asMask(graph, inputOf(site));
    const [a, b] = sameType(site, 1, 2);
    const shape = commonShape(mask.shape, commonShape(a.shape, b.shape));
    return graph.where(graph.broadcast(mask, shape), graph.broadcast(a, shape), graph.broadcast(b, shape));
  },
  maximum: (site) => site.context.graph.maximum(floatInput(site), floatInput(site, 1)),
  minimum: (site) => site.context.graph.minimum(floatInput(site), floatInput(site, 1)),
  max: (site) => extreme(site, false),
  min: (site) => extreme(site, true),
  maxAlong: (site) => extremeAlong(site, false),
  minAlong: (site) => extremeAlong(site, true),
  argMax: (site) => extremePlace(site, false),
  argMin: (site) => extremePlace(site, true),
  largest,
  gather: (site) => {
    const x = inputOf(site);
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const places = indexInput(site, 1);
    // Places may be fewer than x has along the other axes.
    const sizes = x.shape.map((size, place) => (place === axis ? size : (places.shape[place] ?? size)));
    const { graph } = site.context;
    return graph.takeAlong(firstOf(graph, x, sizes), places, axis);
  },
  scatterAdd: (site) => {
    const [x, places, source] = [inputOf(site), indexInput(site, 1), inputOf(site, 2)];
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const { graph } = site.context;
    // As many as there are places are added, and they may be fewer than x has along the other axes.
    const added = graph.putAlong(places, firstOf(graph, asFloat(graph, source), places.shape), axis, x.shape[axis] ?? 1);
    const missing = x.shape.map((size, place) => size - (added.shape[place] ?? size));
    const whole = missing.some((count) => count > 0)
      ? graph.pad(
          added,
          missing.map(() => 0),
          missing,
        )
      : added;
    return graph.add(asFloat(graph, x), whole);
  },
  indexAdd: (site) => {
    const [x, places, source] = [inputOf(site), indexInput(site, 1), inputOf(site, 2)];
    const { graph } = site.context;
    const { factor } = site.node.arguments;
    const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
    const added = graph.scatterAdd(places, asFloat(graph, source), axis, x.shape[axis] ?? 1);
    return graph.add(asFloat(graph, x), factor === 1 ? added : graph.mul(added, factor));
  },
  take: (site) => site.context.graph.gather(inputOf(site), indexInput(site, 1), site.node.arguments.axis),
};

/** The first `sizes` entries of x along its axes. */
const firstOf = (graph: Graph, x: Tensor, sizes: readonly number[]): Tensor =>
  graph.slice(
    x,
    sizes.map(() => 0),
    sizes,
  );

function indexInput(site: Site<LayerKind>, index: number): Tensor {
  const places = inputOf(site, index);
  if (places.dtype === 'int32') return places;
  throw new LoweringError(`'${site.node.name}' chooses by whole numbers; it gets floating-point numbers.`);
}

/** Two inputs, both as numbers: integers where both are integers. */
function sameType(site: Site<LayerKind>, first: number, second: number): [Tensor, Tensor] {
  const { graph } = site.context;
  const [a, b] = [inputOf(site, first), inputOf(site, second)];
  return a.dtype === b.dtype && a.dtype !== 'bool' ? [a, b] : [asFloat(graph, a), asFloat(graph, b)];
}

/** Numbers count as true where they are not 0. */
function asMask(graph: Graph, x: Tensor): Tensor {
  return x.dtype === 'bool' ? x : graph.not(graph.equal(x, graph.zerosLike(x)));
}

function compared(graph: Graph, name: string, a: Tensor, b: Tensor): Tensor {
  switch (name) {
    case '>':
      return graph.greater(a, b);
    case '>=':
      return graph.greaterOrEqual(a, b);
    case '<':
      return graph.greater(b, a);
    case '<=':
      return graph.greaterOrEqual(b, a);
    case '==':
      return graph.equal(a, b);
    default:
      return graph.not(graph.equal(a, b));
  }
}

/** Its sign turned if `negative`, so that the largest is the smallest. */
const turned = (graph: Graph, x: Tensor, negative: boolean): Tensor => (negative ? graph.neg(x) : x);

function extreme(site: Site<'max' | 'min'>, smallest: boolean): Tensor {
  const { graph } = site.context;
  const { axes, keep } = site.node.arguments;
  return turned(graph, graph.max(turned(graph, floatInput(site), smallest), axes ?? undefined, keep), smallest);
}

function extremeAlong(site: Site<'maxAlong' | 'minAlong'>, smallest: boolean): Tensor {
  const { graph } = site.context;
  const x = floatInput(site);
  const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
  const chosen = graph.takeAlong(x, firstPlace(graph, x, axis, smallest), axis);
  return site.node.arguments.keep
    ? chosen
    : graph.reshape(
        chosen,
        x.shape.filter((_, place) => place !== axis),
      );
}

/** Where the first largest (or smallest) element along an axis stands; the axis stays with size 1. */
export function firstPlace(graph: Graph, x: Tensor, axis: number, smallest: boolean): Tensor {
  const place = graph.argMax(graph.stopGradient(turned(graph, x, smallest)), axis);
  return graph.reshape(
    place,
    x.shape.map((size, at) => (at === axis ? 1 : size)),
  );
}

function extremePlace(site: Site<'argMax' | 'argMin'>, smallest: boolean): Tensor {
  const { graph } = site.context;
  const { axis, keep } = site.node.arguments;
  const x = floatInput(site);
  const flat = axis === null ? graph.reshape(x, [sizeOf(x.shape)]) : x;
  const along = axis === null ? 0 : normalizeAxis(axis, x.shape.length);
  const place = firstPlace(graph, flat, along, smallest);
  if (axis !== null && keep) return place;
  const shape = axis === null ? (keep ? x.shape.map(() => 1) : []) : x.shape.filter((_, at) => at !== along);
  return graph.reshape(place, shape);
}

/** The largest again and again, with those that were taken put out of the way. */
function largest(site: Site<'largest'>): Tensor {
  const { graph } = site.context;
  const { count, smallest, part } = site.node.arguments;
  const x = floatInput(site);
  const axis = normalizeAxis(site.node.arguments.axis, x.shape.length);
  const size = x.shape[axis] ?? 0;
  if (count > size) throw new LoweringError(`'${site.node.name}' takes ${count} of ${size} elements.`);
  const order = graph.reshape(
    graph.range(size),
    x.shape.map((_, at) => (at === axis ? size : 1)),
  );
  let left = turned(graph, graph.stopGradient(x), smallest);
  const places: Tensor[] = [];
  for (let taken = 0; taken < count; taken++) {
    const place = firstPlace(graph, left, axis, false);
    places.push(place);
    left = graph.where(graph.equal(order, place), graph.fill(-Infinity, x.shape, x.dtype), left);
  }
  const all = graph.concat(places, axis);
  return part === 'places' ? all : graph.takeAlong(x, all, axis);
}
