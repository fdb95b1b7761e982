import type { Size } from '../../graph/size';
import { combineSizes } from '../../graph/size';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { ParameterCell } from '../values/trace';
import type { Value } from '../values/value';

/** A shape of which single sizes may be unknown; null when even the number of axes is. */
export type PartialShape = readonly (Size | null)[] | null;

/** The shape of a kind's result from those of its inputs. */
export type ShapeRule<K extends LayerKind> = (
  args: Layers[K],
  inputs: readonly PartialShape[],
  parameters: Readonly<Record<string, ParameterCell>>,
) => PartialShape;

const scalar = (): PartialShape => [];

/** NumPy's broadcasting; sizes that are not known stay so. */
export function broadcastShapes(a: PartialShape, b: PartialShape): PartialShape {
  if (!a || !b) return null;
  const length = Math.max(a.length, b.length);
  return Array.from({ length }, (_, i) => {
    const left = a[i - length + a.length];
    const right = b[i - length + b.length];
    if (left === undefined) return right ?? null;
    if (right === undefined || right === 1) return left;
    if (left === 1) return right;
    return left ?? right;
  });
}

const broadcast = (_args: unknown, inputs: readonly PartialShape[]): PartialShape =>
  broadcastShapes(inputs[0] ?? null, inputs[1] ?? null);

/** `axis` counted from the front. */
export const fromFront = (axis: number, axes: number): number => (axis < 0 ? axis + axes : axis);

export function productOf(sizes: readonly (Size | null)[]): Size | null {
  let product: Size = 1;
  for (const size of sizes) {
    if (size === null) return null;
    product = product === 1 ? size : size === 1 ? product : combineSizes('*', product, size);
  }
  return product;
}

/** What is left for a -1 in `shape`, when all sizes are known. */
export function resolveReshape(input: PartialShape, shape: readonly Size[]): PartialShape {
  if (!shape.includes(-1)) return shape;
  const rest = productOf(shape.filter((size) => size !== -1));
  const total = input ? productOf(input.filter((size) => !isRows(size))) : null;
  const rowsInside = input?.some(isRows) ?? false;
  if (rowsInside && shape[0] === -1) return [{ symbol: 'rows' }, ...shape.slice(1)];
  const others = shape.some(isRows) ? productOf(shape.filter((size) => size !== -1 && !isRows(size))) : rest;
  const left =
    typeof total === 'number' && typeof others === 'number' && (!rowsInside || shape.some(isRows)) ? total / others : null;
  return shape.map((size) => (size === -1 ? left : size));
}

export const isRows = (size: Size | null | undefined): boolean =>
  typeof size === 'object' && size !== null && 'symbol' in size && size.symbol === 'rows';

/** Whether a size is made of the rows of the batch. */
export const hasRows = (size: Size | null | undefined): boolean =>
  isRows(size) || (typeof size === 'object' && size !== null && 'op' in size && (hasRows(size.left) || hasRows(size.right)));

/** True for the shape of a tensor all of whose sizes are known, or symbols. */
export const isShapeKnown = ({ of, sizes }: Value & { readonly kind: 'shape' }): boolean =>
  sizes.every((size) => size !== null) && !(sizes.length === 0 && of.kind === 'tensor' && of.node.shape === null);

function reduced(
  args: { readonly axes: readonly number[] | null; readonly keep: boolean },
  inputs: readonly PartialShape[],
): PartialShape {
  const input = inputs[0];
  if (args.axes === null) return args.keep && input ? input.map(() => 1) : [];
  if (!input) return null;
  const gone = args.axes.map((axis) => fromFront(axis, input.length));
  return args.keep ? input.map((s, i) => (gone.includes(i) ? 1 : s)) : input.filter((_, i) => !gone.includes(i));
}

function windowed(
  input: PartialShape,
  channels: Size | null,
  args: {
    readonly kernel: readonly number[];
    readonly stride: readonly number[];
    readonly padding: readonly number[];
    readonly dilation?: readonly number[];
    readonly paddingEnd?: readonly number[];
    readonly ceil?: boolean;
  },
): PartialShape {
  if (!input || input.length !== args.kernel.length + 2) return null;
  const spatial = input.slice(2).map((size, i) => {
    if (size === null) return null;
    const reach = (args.dilation?.[i] ?? 1) * ((args.kernel[i] ?? 1) - 1) + 1;
    const before = args.padding[i] ?? 0;
    const stride = args.stride[i] ?? 1;
    if (typeof size !== 'number')
      return args.ceil === true ? null : stepsIn(size, before + (args.paddingEnd?.[i] ?? before) - reach, stride);
    const room = size + before + (args.paddingEnd?.[i] ?? before) - reach;
    const whole = Math.floor(room / stride) + 1;
    // A window that would begin in the padding behind does not count.
    return args.ceil === true && room % stride !== 0 && whole * stride < size + before ? whole + 1 : whole;
  });
  return [input[0] ?? null, channels ?? input[1] ?? null, ...spatial];
}

/** `(size + more) // stride + 1` of a size that the data decide. */
function stepsIn(size: Size, more: number, stride: number): Size {
  const plus = (to: Size, n: number): Size => (n === 0 ? to : combineSizes(n < 0 ? '-' : '+', to, Math.abs(n)));
  return stride === 1 ? plus(size, more + 1) : plus(combineSizes('//', plus(size, more), stride), 1);
}

function matmulShape(a: PartialShape, b: PartialShape): PartialShape {
  if (!a || !b || a.length === 0 || b.length === 0) return null;
  if (b.length === 1) return a.slice(0, -1);
  if (a.length === 1) return [...b.slice(0, -2), b[b.length - 1] ?? null];
  return [...a.slice(0, -1), b[b.length - 1] ?? null];
}

function recurrence(args: Layers['rnn' | 'lstm' | 'gru'], [x]: readonly PartialShape[]): PartialShape {
  if (!x || (x.length !== 2 && x.length !== 3)) return null;
  const projected = 'projected' in args ? args.projected : undefined;
  const width = args.result === 'cell' ? args.hidden : (projected ?? args.hidden);
  if (args.result === 'sequence') return [...x.slice(0, -1), width];
  return x.length === 2 ? [1, width] : [1, x[args.batchFirst ? 0 : 1] ?? null, width];
}

/** Shapes of layers, losses and plain arithmetic, where they differ from their input's. */
export const layerShapes: { readonly [K in LayerKind]?: ShapeRule<K> } = {
  linear: (args, [x]) => (x ? [...x.slice(0, -1), args.out] : null),
  conv1d: (args, [x]) => windowed(x ?? null, args.outChannels, args),
  conv2d: (args, [x]) => windowed(x ?? null, args.outChannels, args),
  conv3d: (args, [x]) => windowed(x ?? null, args.outChannels, args),
  maxPool1d: (args, [x]) => windowed(x ?? null, null, args),
  maxPool2d: (args, [x]) => windowed(x ?? null, null, args),
  maxPool3d: (args, [x]) => windowed(x ?? null, null, args),
  maxPoolPlaces1d: (args, [x]) => windowed(x ?? null, null, args),
  maxPoolPlaces2d: (args, [x]) => windowed(x ?? null, null, args),
  avgPool1d: (args, [x]) => windowed(x ?? null, null, args),
  avgPool2d: (args, [x]) => windowed(x ?? null, null, args),
  avgPool3d: (args, [x]) => windowed(x ?? null, null, args),
  adaptiveAvgPool2d: (args, [x]) => (x ? [...x.slice(0, -2), ...args.output] : null),
  embedding: (args, [x]) => (x ? [...x, args.dimension] : null),
  rnn: recurrence,
  lstm: recurrence,
  gru: recurrence,
  add: broadcast,
  subtract: broadcast,
  multiply: broadcast,
  divide: broadcast,
  matmul: (_args, [a, b]) => matmulShape(a ?? null, b ?? null),
  sum: reduced,
  mean: reduced,
  concatenate: (args, inputs) => {
    const first = inputs[0];
    if (!first || inputs.some((i) => !i)) return null;
    const axis = fromFront(args.axis, first.length);
    const sizes = inputs.map((i) => i?.[axis] ?? null);
    const total = sizes.reduce<Size | null>((sum, s) => (sum === null || s === null ? null : combineSizes('+', sum, s)), 0);
    return first.map((s, i) => (i === axis ? total : s));
  },
  reshape: (args, [x]) => resolveReshape(x ?? null, args.shape),
  flatten: (args, [x]) => {
    if (!x) return null;
    const start = fromFront(args.start, x.length);
    const end = fromFront(args.end, x.length);
    return [...x.slice(0, start), productOf(x.slice(start, end + 1)), ...x.slice(end + 1)];
  },
  squeeze: (args, [x]) => {
    if (!x) return null;
    if (args.axis === null) return x.every((s) => typeof s === 'number' || isRows(s)) ? x.filter((s) => s !== 1) : null;
    const axis = fromFront(args.axis, x.length);
    return x[axis] === 1 ? x.filter((_, i) => i !== axis) : typeof x[axis] === 'number' ? x : null;
  },
  unsqueeze: (args, [x]) => {
    if (!x) return null;
    const axis = fromFront(args.axis, x.length + 1);
    return [...x.slice(0, axis), 1, ...x.slice(axis)];
  },
  permute: (args, [x]) => (x ? args.order.map((axis) => x[fromFront(axis, x.length)] ?? null) : null),
  slice: (args, [x]) => {
    if (!x) return null;
    const axis = fromFront(args.axis, x.length);
    const size = x[axis];
    if (typeof size !== 'number') {
      const known =
        args.end !== null && args.start >= 0 && args.end > args.start ? Math.ceil((args.end - args.start) / args.step) : null;
      return x.map((s, i) => (i === axis ? known : s));
    }
    const start = Math.min(args.start < 0 ? Math.max(0, args.start + size) : args.start, size);
    const end = args.end === null ? size : Math.min(args.end < 0 ? args.end + size : args.end, size);
    return x.map((s, i) => (i === axis ? Math.max(0, Math.ceil((end - start) / args.step)) : s));
  },
  oneHot: (args, [x]) => (x ? [...x, args.classes] : null),
  crossEntropy: (args, inputs) => (args.reduction === 'none' ? (inputs[1] ?? null) : []),
  nll: (args, inputs) => (args.reduction === 'none' ? (inputs[1] ?? null) : []),
  bce: (args, inputs) => (args.reduction === 'none' ? (inputs[0] ?? null) : []),
  bceWithLogits: (args, inputs) => (args.reduction === 'none' ? (inputs[0] ?? null) : []),
  mse: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  l1: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  huber: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  smoothL1: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  klDivergence: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  poissonNll: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  gaussianNll: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  hingeEmbedding: (args, inputs) => (args.reduction === 'none' ? (inputs[0] ?? null) : []),
  marginRanking: (args, inputs) => (args.reduction === 'none' ? broadcast(args, inputs) : []),
  multiMargin: (args, inputs) => (args.reduction === 'none' ? (inputs[1] ?? null) : []),
  multiLabelMargin: (args, inputs) => (args.reduction === 'none' ? (inputs[0]?.slice(0, -1) ?? null) : []),
  softMargin: (args, inputs) => (args.reduction === 'none' ? (inputs[0] ?? null) : []),
  multiLabelSoftMargin: (args, inputs) => (args.reduction === 'none' ? (inputs[0]?.slice(0, -1) ?? null) : []),
  cosineEmbedding: (args, inputs) => (args.reduction === 'none' ? (inputs[2] ?? null) : []),
  ctc: (args, inputs) => (args.reduction === 'none' ? (inputs[0]?.slice(1, -1) ?? null) : []),
  tripletMargin: (args, inputs) => (args.reduction === 'none' ? (inputs[0]?.slice(0, -1) ?? null) : []),
  constant: scalar,
  parameter: (_args, _inputs, parameters) => parameters['value']?.shape ?? null,
};
