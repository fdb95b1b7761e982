import type { Size } from '../../graph/size';
import { combineSizes } from '../../graph/size';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { ParameterCell, TraceNode } from '../values/trace';
import { broadcastShapes, fromFront, layerShapes, productOf, type PartialShape, type ShapeRule } from './shapes';

interface Reduced {
  readonly axes: readonly number[] | null;
  readonly keep: boolean;
}

function reduced({ axes, keep }: Reduced, [x]: readonly PartialShape[]): PartialShape {
  if (axes === null && !keep) return [];
  if (!x) return null;
  const gone = axes?.map((axis) => fromFront(axis, x.length)) ?? x.map((_, i) => i);
  return keep ? x.map((s, i) => (gone.includes(i) ? 1 : s)) : x.filter((_, i) => !gone.includes(i));
}

const along = (
  { axis, keep }: { readonly axis: number | null; readonly keep: boolean },
  inputs: readonly PartialShape[],
): PartialShape => reduced({ axes: axis === null ? null : [axis], keep }, inputs);

const all = (_args: unknown, inputs: readonly PartialShape[]): PartialShape =>
  inputs.reduce((a, b) => broadcastShapes(a, b), inputs[0] ?? null);

/** Each size after the rows and channels, made anew. */
function spatial(
  x: PartialShape | undefined,
  make: (size: number, place: number) => number | null,
  channels?: Size,
): PartialShape {
  if (!x) return null;
  const sizes = x.slice(2).map((size, i) => (typeof size === 'number' ? make(size, i) : null));
  return [x[0] ?? null, channels ?? x[1] ?? null, ...sizes];
}

function transposed(args: Layers['convTranspose2d'], [x]: readonly PartialShape[]): PartialShape {
  return spatial(
    x,
    (size, i) =>
      (size - 1) * (args.stride[i] ?? 1) -
      2 * (args.padding[i] ?? 0) +
      (args.dilation[i] ?? 1) * ((args.kernel[i] ?? 1) - 1) +
      (args.outputPadding[i] ?? 0) +
      1,
    args.outChannels,
  );
}

const adaptive = (args: Layers['adaptiveMaxPool2d'], [x]: readonly PartialShape[]): PartialShape =>
  x ? [...x.slice(0, -args.output.length), ...args.output] : null;

const times = (size: Size | null, factor: number): Size | null =>
  size === null ? null : factor >= 1 ? combineSizes('*', size, factor) : combineSizes('//', size, 1 / factor);

const changed = (x: PartialShape | undefined, axis: number, make: (size: Size | null) => Size | null): PartialShape =>
  x ? x.map((size, i) => (i === fromFront(axis, x.length) ? make(size) : size)) : null;

function shuffled([x]: readonly PartialShape[], factor: number): PartialShape {
  if (x?.length !== 4) return null;
  const [rows, channels, height, width] = x;
  return [
    rows ?? null,
    times(channels ?? null, 1 / (factor * factor)),
    times(height ?? null, factor),
    times(width ?? null, factor),
  ];
}

/** [rows, channels · kernel's size, windows]. */
function unfolded({ kernel, stride, padding, dilation }: Layers['unfold'], [x]: readonly PartialShape[]): PartialShape {
  if (x?.length !== 4) return null;
  const counts = x.slice(2).map((size, i) => {
    if (typeof size !== 'number') return null;
    const room = size + 2 * (padding[i] ?? 0) - (dilation[i] ?? 1) * ((kernel[i] ?? 1) - 1) - 1;
    return Math.floor(room / (stride[i] ?? 1)) + 1;
  });
  return [x[0] ?? null, times(x[1] ?? null, productOf(kernel) as number), productOf(counts)];
}

/** Shapes of operations on tensors, and of layers that are not in the first table. */
const tensorShapeRules: { readonly [K in LayerKind]?: ShapeRule<K> } = {
  convTranspose1d: transposed,
  convTranspose2d: transposed,
  convTranspose3d: transposed,
  adaptiveAvgPool1d: adaptive,
  adaptiveMaxPool1d: adaptive,
  adaptiveMaxPool2d: adaptive,
  adaptiveAvgPool3d: adaptive,
  adaptiveMaxPool3d: adaptive,
  maxUnpool: ({ size }, [x]) => (x ? [x[0] ?? null, x[1] ?? null, ...size] : null),
  unfold: unfolded,
  affineGrid: ({ size }, [theta]) => (theta ? [theta[0] ?? null, ...size, 2] : null),
  gridSample: (_args, [x, grid]) => (x && grid ? [x[0] ?? null, x[1] ?? null, grid[1] ?? null, grid[2] ?? null] : null),
  fold: ({ size, kernel }, [x]) => (x ? [x[0] ?? null, times(x[1] ?? null, 1 / (productOf(kernel) as number)), ...size] : null),
  interpolate: ({ size, scale }, [x]) => spatial(x, (old, i) => size?.[i] ?? (scale ? Math.floor(old * (scale[i] ?? 1)) : null)),
  pixelShuffle: ({ factor }, inputs) => shuffled(inputs, factor),
  pixelUnshuffle: ({ factor }, inputs) => shuffled(inputs, 1 / factor),
  bilinear: ({ out }, [x]) => (x ? [...x.slice(0, -1), out] : null),
  noise: ({ shape }, [x]) => (shape === null ? (x ?? null) : shape),
  attention: (_args, [q, , v]) => (q && v ? [...q.slice(0, -1), v[v.length - 1] ?? null] : null),
  glu: ({ axis }, [x]) => changed(x, axis, (size) => times(size, 0.5)),
  powerOf: all,
  maximum: all,
  minimum: all,
  compare: all,
  logical: all,
  where: all,
  einsum: ({ equation }, inputs) => {
    const [left = '', right = ''] = equation.split('->');
    const sizes = new Map<string, Size | null>();
    left
      .split(',')
      .forEach((term, k) => [...term].forEach((letter, i) => sizes.set(letter, inputs[k]?.[i] ?? sizes.get(letter) ?? null)));
    return [...right].map((letter) => sizes.get(letter) ?? null);
  },
  max: reduced,
  min: reduced,
  maxAlong: along,
  minAlong: along,
  argMax: along,
  argMin: along,
  largest: ({ axis, count }, [x]) => changed(x, axis, () => count),
  variance: reduced,
  deviation: reduced,
  norm: reduced,
  logSumExp: reduced,
  expand: ({ shape }, [x]) => shape.map((size, i) => (size === -1 ? (x?.[i - shape.length + x.length] ?? null) : size)),
  repeat: ({ counts }, [x]) =>
    x
      ? counts.map((count, i) => {
          const size = x[i - counts.length + x.length];
          return size === undefined
            ? count
            : size === null
              ? null
              : size === 1
                ? count
                : count === 1
                  ? size
                  : combineSizes('*', size, count);
        })
      : null,
  pad: ({ before, after }, [x]) =>
    x
      ? x.map((size, i) => {
          const more = (before[i - x.length + before.length] ?? 0) + (after[i - x.length + after.length] ?? 0);
          return size === null || more === 0 ? size : combineSizes('+', size, more);
        })
      : null,
  unflatten: ({ axis, shape }, [x]) => {
    if (!x) return null;
    const at = fromFront(axis, x.length);
    const known = productOf(shape.filter((size) => size !== -1));
    const size = x[at] ?? null;
    const left = size !== null && known !== null ? combineSizes('//', size, known) : null;
    return [...x.slice(0, at), ...shape.map((s) => (s === -1 ? left : s)), ...x.slice(at + 1)];
  },
  gather: (_args, [, places]) => places ?? null,
  scatterAdd: (_args, [x]) => x ?? null,
  indexAdd: (_args, [x]) => x ?? null,
  take: ({ axis }, [x, places]) => {
    if (!x || !places) return null;
    const at = fromFront(axis, x.length);
    return [...x.slice(0, at), ...places, ...x.slice(at + 1)];
  },
  values: ({ shape }) => shape,
  filled: ({ shape }) => shape,
  size: () => [],
  derivative: (_args, [, x]) => x ?? null,
};

/** The shape that an operation gives, as far as the script tells. Kinds that are in no table keep their first input's. */
export function nodeShape<K extends LayerKind>(
  kind: K,
  args: Layers[K],
  inputs: readonly TraceNode[],
  parameters: Readonly<Record<string, ParameterCell>>,
): PartialShape {
  const rule: ShapeRule<K> | undefined = tensorShapeRules[kind] ?? layerShapes[kind];
  const shapes = inputs.map((input) => input.shape);
  return rule ? rule(args, shapes, parameters) : (shapes[0] ?? null);
}
