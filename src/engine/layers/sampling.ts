import type { Graph } from '../../graph/graph';
import type { Tensor } from '../../graph/operations';
import type { Layers } from '../../records/model/layers';
import { rounded } from './arithmetic';
import { floatInput, LoweringError, type LowerTable } from './lowering';

type SamplingKind = 'affineGrid' | 'gridSample';

/** Grids of places, and the planes at these places: spatial transformers. */
export const sampling: LowerTable<SamplingKind> = {
  affineGrid: (site) => {
    const { graph, bind } = site.context;
    const theta = floatInput(site);
    const [height = 1, width = 1] = site.node.arguments.size.map(bind);
    const [rows = 1] = theta.shape;
    if (theta.shape.length !== 3 || theta.shape[1] !== 2 || theta.shape[2] !== 3)
      throw new LoweringError(`'${site.node.name}' expects matrices of 2 x 3, the input is [${theta.shape.join(', ')}].`);
    const { alignCorners } = site.node.arguments;
    const base = Float32Array.from({ length: height * width * 3 }, (_, k) => {
      const place = Math.floor(k / 3);
      if (k % 3 === 2) return 1;
      const [at, size] = k % 3 === 0 ? [place % width, width] : [Math.floor(place / width), height];
      return alignCorners ? (size > 1 ? (2 * at) / (size - 1) - 1 : 0) : (2 * at + 1) / size - 1;
    });
    const grid = graph.matmul(graph.constant(base, [1, height * width, 3]), theta, { transposeB: true });
    return graph.reshape(grid, [rows, height, width, 2]);
  },
  gridSample: (site) => {
    const { graph } = site.context;
    const [x, grid] = [floatInput(site), floatInput(site, 1)];
    const [rows = 1, channels = 1, height = 1, width = 1] = x.shape;
    const [, high = 1, wide = 1] = grid.shape;
    if (x.shape.length !== 4 || grid.shape.length !== 4 || grid.shape[0] !== rows || grid.shape[3] !== 2)
      throw new LoweringError(`'${site.node.name}' cannot sample [${x.shape.join(', ')}] at places [${grid.shape.join(', ')}].`);
    const count = high * wide;
    const along = (at: number, size: number): Neighbours => {
      const part = graph.reshape(graph.slice(grid, [0, 0, 0, at], [rows, high, wide, 1]), [rows, 1, count]);
      return neighbours(graph, part, size, site.node.arguments);
    };
    const [columns, lines] = [along(0, width), along(1, height)];
    const flat = graph.reshape(x, [rows, channels, height * width]);
    const terms = lines.flatMap((line) =>
      columns.map((column) => {
        const place = graph.cast(graph.add(graph.mul(line.place, width), column.place), 'int32');
        const taken = graph.takeAlong(flat, graph.broadcast(place, [rows, channels, count]), 2);
        return graph.mul(taken, graph.mul(line.weight, column.weight));
      }),
    );
    return graph.reshape(
      terms.reduce((sum, term) => graph.add(sum, term)),
      [rows, channels, high, wide],
    );
  },
};

/** Elements of one axis that make up a place on it, and their shares. */
type Neighbours = readonly { readonly place: Tensor; readonly weight: Tensor }[];

function neighbours(graph: Graph, at: Tensor, size: number, { mode, padding, alignCorners }: Layers['gridSample']): Neighbours {
  const exact = alignCorners
    ? graph.mul(graph.add(at, 1), (size - 1) / 2)
    : graph.mul(graph.sub(graph.mul(graph.add(at, 1), size), 1), 0.5);
  const held = padding === 'border' ? between(graph, exact, size) : exact;
  const first = graph.stopGradient(mode === 'nearest' ? rounded(graph, held) : graph.floor(held));
  const share = graph.sub(held, first);
  const shares = mode === 'nearest' ? [graph.onesLike(held)] : [graph.sub(1, share), share];
  return shares.map((weight, offset) => {
    const place = graph.add(first, offset);
    const inside = graph.and(graph.greater(place, -0.5), graph.greater(size - 0.5, place));
    return { place: between(graph, place, size), weight: graph.where(inside, weight, 0) };
  });
}

/** The place itself, or the end of the axis that it lies beyond, where the slope is 0. */
function between(graph: Graph, place: Tensor, size: number): Tensor {
  const inside = graph.and(graph.greater(place, 0), graph.greater(size - 1, place));
  return graph.where(inside, place, graph.stopGradient(graph.minimum(graph.maximum(place, 0), size - 1)));
}
