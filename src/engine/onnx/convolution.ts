import type { ConvGeometry, Tensor } from '../../graph/operations';
import { pairOf, slidSize } from '../../graph/shapes';
import { emitBlocked, isBlocked } from './blocked';
import type { Emission } from './emission';
import type { Attribute } from './messages';

type Pair = readonly [number, number];
type Planes = readonly [number, number, number, number];

const planesOf = ({ shape }: Tensor): Planes => [shape[0] ?? 1, shape[1] ?? 1, shape[2] ?? 1, shape[3] ?? 1];
const noPads = [0, 0, 0, 0] as const;

function attributes({ strides, pads, dilations, groups }: ConvGeometry, kernel: Pair): Readonly<Record<string, Attribute>> {
  return {
    strides: { ints: strides },
    pads: { ints: pads },
    dilations: { ints: dilations },
    group: { int: groups },
    kernel_shape: { ints: kernel },
  };
}

/** Emits a convolution. ONNX Runtime convolves in float32 only; in float64 it is a product with the columns. */
export function conv(e: Emission, node: Tensor<'conv'>): string {
  const [x, kernels] = pairOf(node.inputs);
  return convolve(e, node.dtype, {
    x: e.name(x),
    planes: planesOf(x),
    kernels: e.name(kernels),
    kernelShape: planesOf(kernels),
    geometry: node.attributes,
  });
}

/** The parts of a convolution by name, with their shapes. */
interface Convolution {
  readonly x: string;
  readonly planes: Planes;
  readonly kernels: string;
  readonly kernelShape: Planes;
  readonly geometry: ConvGeometry;
}

function convolve(e: Emission, dtype: Tensor['dtype'], parts: Convolution): string {
  const { x, planes, kernels, kernelShape, geometry } = parts;
  const [out, perGroup, ...kernel] = kernelShape;
  const [batch, channels, ...size] = planes;
  if (dtype === 'float32') {
    const form = attributes(geometry, kernel);
    return isBlocked(e, channels, kernelShape, geometry)
      ? emitBlocked(e, { x, channels, kernels, kernelShape, groups: geometry.groups, attributes: form })
      : e.op('Conv', [x, kernels], form);
  }
  const { groups } = geometry;
  const [rows, columns] = slidSize(size, kernel, geometry);
  const positions = kernel[0] * kernel[1];
  // [batch, position · channel, rows, columns] to [batch, group, channel · position, place].
  const stacked = sideBySide(e, shiftsOf(e, x, geometry, kernel, [rows, columns]));
  const apart = e.op('Reshape', [stacked, e.ints([batch, positions, groups, channels / groups, rows * columns])]);
  const ordered = e.op('Transpose', [apart], { perm: { ints: [0, 2, 3, 1, 4] } });
  const flat = e.op('Reshape', [ordered, e.ints([batch, groups, perGroup * positions, rows * columns])]);
  const weights = e.op('Reshape', [kernels, e.ints([1, groups, out / groups, perGroup * positions])]);
  return e.op('Reshape', [e.op('MatMul', [weights, flat]), e.ints([batch, out, rows, columns])]);
}

/** The planes shifted by every position of the kernel, each [a, b, rows, columns]. */
function shiftsOf(
  e: Emission,
  x: string,
  { strides, pads, dilations }: ConvGeometry,
  kernel: Pair,
  reached: Pair,
): readonly string[] {
  const padded = pads.some((pad) => pad > 0) ? e.op('Pad', [x, e.ints([0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]])]) : x;
  const shifted: string[] = [];
  for (let row = 0; row < kernel[0]; row++)
    for (let column = 0; column < kernel[1]; column++) {
      const from = [row * dilations[0], column * dilations[1]] as const;
      const to = [from[0] + (reached[0] - 1) * strides[0] + 1, from[1] + (reached[1] - 1) * strides[1] + 1];
      shifted.push(e.op('Slice', [padded, e.ints(from), e.ints(to), e.ints([2, 3]), e.ints(strides)]));
    }
  return shifted;
}

/** Joined on axis 1. */
function sideBySide(e: Emission, parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : e.op('Concat', parts, { axis: { int: 1 } });
}

/** Emits a transposed convolution: small kernels at stride 1 are faster as a convolution with the kernels turned. */
export function convInput(e: Emission, node: Tensor<'convInput'>): string {
  const [y, kernels] = pairOf(node.inputs);
  const geometry = node.attributes;
  const [out, perGroup, ...kernel] = planesOf(kernels);
  const { groups } = geometry;
  const small = kernel[0] * kernel[1] <= 9 || isBlocked(e, out, [perGroup * groups, out / groups, ...kernel], geometry);
  const plain = geometry.strides.every((stride) => stride === 1) && small;
  if (node.dtype !== 'float32' || plain) return turned(e, node);
  const [, , ...reached] = planesOf(y);
  const missing = ([0, 1] as const).map((axis) => {
    const spanned = (reached[axis] - 1) * geometry.strides[axis] + geometry.dilations[axis] * (kernel[axis] - 1) + 1;
    return geometry.size[axis] + geometry.pads[axis] + (axis === 0 ? geometry.pads[2] : geometry.pads[3]) - spanned;
  });
  return e.op('ConvTranspose', [e.name(y), e.name(kernels)], {
    ...attributes(geometry, kernel),
    output_padding: { ints: missing },
  });
}

/** y with zeros between its entries, convolved with the kernels turned by 180° and their channels exchanged. */
function turned(e: Emission, node: Tensor<'convInput'>): string {
  const [y, kernels] = pairOf(node.inputs);
  const { strides, pads, dilations, groups, size } = node.attributes;
  const [batch, out, ...reached] = planesOf(y);
  const [, perGroup, ...kernel] = planesOf(kernels);
  const spread = reached.map((length, axis) => length * (strides[axis] ?? 1)) as unknown as Pair;
  const before = ([0, 1] as const).map((axis) => dilations[axis] * (kernel[axis] - 1) - pads[axis]) as unknown as Pair;
  const after = ([0, 1] as const).map(
    (axis) => size[axis] + dilations[axis] * (kernel[axis] - 1) - before[axis] - spread[axis],
  ) as unknown as Pair;
  const margins = [before[0], before[1], after[0], after[1]] as const;
  const apart = strides.every((stride) => stride === 1) ? e.name(y) : interleaved(e, e.name(y), planesOf(y), strides);
  const inside = margins.every((margin) => margin >= 0);
  const planes: Planes = inside
    ? [batch, out, ...spread]
    : [batch, out, spread[0] + before[0] + after[0], spread[1] + before[1] + after[1]];
  const x = inside ? apart : e.op('Pad', [apart, e.ints([0, 0, before[0], before[1], 0, 0, after[0], after[1]])]);
  return convolve(e, node.dtype, {
    x,
    planes,
    kernels: turnedKernels(e, kernels, groups),
    kernelShape: [perGroup * groups, out / groups, ...kernel],
    geometry: { strides: [1, 1], pads: inside ? margins : noPads, dilations, groups },
  });
}

/** Zeros after every entry, so that strides many lie where one lay. */
function interleaved(e: Emission, y: string, [batch, out, rows, columns]: Planes, strides: Pair): string {
  const single = e.op('Reshape', [y, e.ints([batch, out, rows, 1, columns, 1])]);
  const widened = e.op('Pad', [single, e.ints([0, 0, 0, 0, 0, 0, 0, 0, 0, strides[0] - 1, 0, strides[1] - 1])]);
  return e.op('Reshape', [widened, e.ints([batch, out, rows * strides[0], columns * strides[1]])]);
}

function turnedKernels(e: Emission, kernels: Tensor, groups: number): string {
  const [out, perGroup, rows, columns] = planesOf(kernels);
  const from = e.ints([-1, -1]);
  const turnedName = e.op('Slice', [e.name(kernels), from, e.ints([-rows - 1, -columns - 1]), e.ints([2, 3]), from]);
  if (groups === 1) return e.op('Transpose', [turnedName], { perm: { ints: [1, 0, 2, 3] } });
  const apart = e.op('Reshape', [turnedName, e.ints([groups, out / groups, perGroup, rows, columns])]);
  const exchanged = e.op('Transpose', [apart], { perm: { ints: [0, 2, 1, 3, 4] } });
  return e.op('Reshape', [exchanged, e.ints([groups * perGroup, out / groups, rows, columns])]);
}

/**
 * Emits the gradient by the kernels: y by shifts of x, both with their channels in front. With many channels one
 * product for each position of the kernel spares the copy of all shifts side by side; with few, one product of all is faster.
 */
export function convKernel(e: Emission, node: Tensor<'convKernel'>): string {
  const [x, y] = pairOf(node.inputs);
  const geometry = node.attributes;
  const { groups, size } = geometry;
  const [batch, channels] = planesOf(x);
  const [, out, rows, columns] = planesOf(y);
  const places = batch * rows * columns;
  const shifts = shiftsOf(e, channelsFirst(e, x), geometry, size, [rows, columns]);
  const perGroup = channels / groups;
  const positions = size[0] * size[1];
  if (groups === 1) {
    const results = e.op('Reshape', [channelsFirst(e, y), e.ints([out, places])]);
    if (channels >= 8) return positionByPosition(e, results, shifts, [out, channels, ...size], places);
    const all = e.op('Reshape', [sideBySide(e, shifts), e.ints([channels * positions, places])]);
    return e.op('Reshape', [e.op('Gemm', [results, all], { transB: { int: 1 } }), e.ints(node.shape)]);
  }
  const all = e.op('Reshape', [sideBySide(e, shifts), e.ints([groups, perGroup * positions, places])]);
  const results = e.op('Reshape', [channelsFirst(e, y), e.ints([groups, out / groups, places])]);
  const across = e.op('Transpose', [all], { perm: { ints: [0, 2, 1] } });
  return e.op('Reshape', [e.op('MatMul', [results, across]), e.ints(node.shape)]);
}

function channelsFirst(e: Emission, tensor: Tensor): string {
  return e.op('Transpose', [e.name(tensor)], { perm: { ints: [1, 0, 2, 3] } });
}

function positionByPosition(
  e: Emission,
  results: string,
  shifts: readonly string[],
  [out, channels, ...size]: Planes,
  places: number,
): string {
  const products = shifts.map((shift) => {
    const flat = e.op('Reshape', [shift, e.ints([channels, places])]);
    return e.op('Gemm', [results, flat], { transB: { int: 1 } });
  });
  const apart = e.op('Reshape', [sideBySide(e, products), e.ints([out, ...size, channels])]);
  return e.op('Transpose', [apart], { perm: { ints: [0, 3, 1, 2] } });
}
