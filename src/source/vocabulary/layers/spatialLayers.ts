import { combineSizes } from '../../../graph/size';
import type { Layers } from '../../../records/model/layers';
import { firstArgument, numbersOf, type Arguments } from '../../interpret/call';
import { graphOperation } from '../../interpret/tensors';
import type { LayerStep, ParameterCell } from '../../values/trace';
import { listValue, type Value } from '../../values/value';
import { scaleAndShift, withBias, type LayerEntry } from './layerEntry';

type PaddingMode = NonNullable<Layers['conv2d']['paddingMode']>;

const filled = (axes: number, value: number): readonly number[] => new Array<number>(axes).fill(value);

/** What a convolution pads with; undefined for zeros. */
function paddingMode(a: Arguments): PaddingMode | undefined {
  const mode = a.string('padding_mode', 'zeros');
  if (mode === 'reflect' || mode === 'replicate' || mode === 'circular') return mode;
  if (mode !== 'zeros') a.reject('padding_mode', 'This padding is not known');
  return undefined;
}

/** The padding of a convolution; 'same' puts what is odd behind. */
export function convolutionPadding(
  a: Arguments,
  kernel: readonly number[],
  dilation: readonly number[],
  stride: readonly number[],
): Pick<Layers['conv2d'], 'padding' | 'paddingEnd'> {
  const axes = kernel.length;
  const value = a.value('padding');
  if (value?.kind !== 'string') return { padding: a.extent('padding', axes, filled(axes, 0)) };
  if (value.value === 'valid') return { padding: filled(axes, 0) };
  if (value.value !== 'same' || stride.some((s) => s !== 1)) a.reject('padding', 'This padding is not known');
  const total = kernel.map((k, i) => (dilation[i] ?? 1) * (k - 1));
  const padding = total.map((t) => Math.floor(t / 2));
  return total.every((t) => t % 2 === 0) ? { padding } : { padding, paddingEnd: total.map((t) => Math.ceil(t / 2)) };
}

/** How many axes a layer moves over. */
type Axes = 1 | 2 | 3;

/** nn.Conv1d, nn.Conv2d and nn.Conv3d. */
export const convolution = (axes: Axes): LayerEntry => ({
  names: 'in_channels out_channels kernel_size stride padding dilation groups bias padding_mode',
  step: (a) => {
    const kernel = a.extent('kernel_size', axes);
    const dilation = a.extent('dilation', axes, filled(axes, 1));
    const stride = a.extent('stride', axes, filled(axes, 1));
    const mode = paddingMode(a);
    const args: Layers['conv2d'] = {
      inChannels: a.size('in_channels'),
      outChannels: a.size('out_channels'),
      kernel,
      stride,
      ...convolutionPadding(a, kernel, dilation, stride),
      dilation,
      groups: a.number('groups', 1),
      ...(mode === undefined ? {} : { paddingMode: mode }),
    };
    return { kind: `conv${axes}d`, arguments: args };
  },
  parameters: (a, cell) => {
    const groups = a.number('groups', 1);
    const into = a.size('in_channels');
    const perGroup = groups === 1 ? into : combineSizes('//', into, groups);
    return withBias(a, cell, [a.size('out_channels'), perGroup, ...a.extent('kernel_size', axes)], a.size('out_channels'));
  },
  places: { inChannels: 'in_channels', outChannels: 'out_channels', kernel: 'kernel_size' },
});

const transposedConvolution = (axes: Axes): LayerEntry => ({
  names: 'in_channels out_channels kernel_size stride padding output_padding groups bias dilation padding_mode',
  step: (a) => {
    if (a.string('padding_mode', 'zeros') !== 'zeros') a.reject('padding_mode', 'Only padding with zeros is possible here');
    const stride = a.extent('stride', axes, filled(axes, 1));
    const outputPadding = a.extent('output_padding', axes, filled(axes, 0));
    if (outputPadding.some((more, i) => more >= (stride[i] ?? 1)))
      a.reject('output_padding', 'An output padding that is not below the stride is not read');
    const args: Layers['convTranspose2d'] = {
      inChannels: a.size('in_channels'),
      outChannels: a.size('out_channels'),
      kernel: a.extent('kernel_size', axes),
      stride,
      padding: a.extent('padding', axes, filled(axes, 0)),
      outputPadding,
      dilation: a.extent('dilation', axes, filled(axes, 1)),
      groups: a.number('groups', 1),
    };
    return { kind: `convTranspose${axes}d`, arguments: args };
  },
  parameters: (a, cell) => {
    const groups = a.number('groups', 1);
    const out = a.size('out_channels');
    const perGroup = groups === 1 ? out : combineSizes('//', out, groups);
    return withBias(a, cell, [a.size('in_channels'), perGroup, ...a.extent('kernel_size', axes)], out);
  },
  places: { inChannels: 'in_channels', outChannels: 'out_channels', kernel: 'kernel_size' },
});

/** The kinds that take one element of each window, or their mean. */
export type PoolingKind = `${'max' | 'avg'}Pool${Axes}d`;

const axesOf = (kind: string): Axes => (kind.endsWith('1d') ? 1 : kind.endsWith('2d') ? 2 : 3);

/** Arguments of a pooling layer or function in their order; the function's comes after the tensor. */
export const poolingNames = (kind: PoolingKind): string =>
  kind.startsWith('max')
    ? 'kernel_size stride padding dilation return_indices ceil_mode'
    : `kernel_size stride padding ceil_mode count_include_pad${kind === 'avgPool1d' ? '' : ' divisor_override'}`;

/** What a pooling layer or function builds. */
export function poolingStep(kind: PoolingKind, a: Arguments): LayerStep {
  const axes = axesOf(kind);
  const kernel = a.extent('kernel_size', axes);
  const dilation = kind.startsWith('max') ? a.extent('dilation', axes, filled(axes, 1)) : [];
  const divisor = kind === 'avgPool2d' || kind === 'avgPool3d' ? a.optionalNumber('divisor_override') : null;
  const args: Layers['maxPool2d'] = {
    kernel,
    stride: a.extent('stride', axes, kernel),
    padding: a.extent('padding', axes, filled(axes, 0)),
    ...(dilation.some((d) => d !== 1) ? { dilation } : {}),
    ...(a.boolean('ceil_mode', false) ? { ceil: true } : {}),
    ...(kind.startsWith('avg') && !a.boolean('count_include_pad', true) ? { countPadding: false } : {}),
    ...(divisor === null ? {} : { divisor }),
  };
  return { kind, arguments: args };
}

/** The step of a maximum pooling, or with its places where the call asks for them. */
export function pooled(kind: PoolingKind, a: Arguments, x: Value): Value {
  const { machine, range } = a.call;
  const { kind: step, arguments: args } = poolingStep(kind, a);
  const isAsked = a.boolean('return_indices', false);
  if (isAsked && kind !== 'maxPool1d' && kind !== 'maxPool2d')
    a.reject('return_indices', 'Places of the largest elements are not read here');
  if (a.problems[0]) return { kind: 'unknown', reason: a.problems[0] };
  const values = graphOperation(machine, step, args, [x], range);
  if (!isAsked) return values;
  const places = kind === 'maxPool1d' ? 'maxPoolPlaces1d' : 'maxPoolPlaces2d';
  return listValue([values, graphOperation(machine, places, args as Layers['maxPool2d'], [x], range)], 'tuple');
}

const pooling = (kind: PoolingKind): LayerEntry => ({
  names: poolingNames(kind),
  step: (a) => poolingStep(kind, a),
  apply: (a) => (a.boolean('return_indices', false) ? (_layer, call) => pooled(kind, a, firstArgument(call)) : null),
  places: { kernel: 'kernel_size' },
});

/** The kinds whose result has a size that the call says. */
export type AdaptiveKind = `adaptive${'Avg' | 'Max'}Pool${Axes}d`;

/** What an adaptive pooling layer or function builds. */
export function adaptiveStep(kind: AdaptiveKind, a: Arguments): LayerStep {
  const axes = axesOf(kind);
  if (a.boolean('return_indices', false)) a.reject('return_indices', 'Places of the largest elements are not read');
  return { kind, arguments: { output: a.extent('output_size', axes) } };
}

const adaptive = (kind: AdaptiveKind): LayerEntry => ({
  names: kind.startsWith('adaptiveMax') ? 'output_size return_indices' : 'output_size',
  step: (a) => adaptiveStep(kind, a),
});

/** nn.Upsample and F.interpolate: the same arguments. */
export function interpolation(a: Arguments, axes: number | null): LayerStep {
  const mode = a.string('mode', 'nearest');
  const read = { nearest: 'nearest', linear: 'linear', bilinear: 'linear', trilinear: 'linear', bicubic: 'bicubic' } as const;
  const known = Object.hasOwn(read, mode) ? read[mode as keyof typeof read] : null;
  if (known === null) a.reject('mode', `Interpolation by "${mode}" is not read`);
  for (const name of ['recompute_scale_factor', 'antialias']) {
    if (a.boolean(name, false)) a.reject(name, `\`${name}\` is not read`);
  }
  const count = axes ?? (mode === 'linear' ? 1 : mode === 'trilinear' ? 3 : 2);
  const extent = (name: string): readonly number[] | null => {
    const value = a.value(name);
    if (!value || value.kind === 'none') return null;
    if (value.kind === 'list' && numbersOf(value) === null) a.reject(name, `The value of \`${name}\` could not be read`);
    return a.extent(name, count);
  };
  const [size, scale] = [extent('size'), extent('scale_factor')];
  if ((size === null) === (scale === null)) a.reject('size', 'Either a size or a scale is needed');
  return {
    kind: 'interpolate',
    arguments: { size, scale, mode: known ?? 'nearest', alignCorners: a.boolean('align_corners', false) },
  };
}

const upsampling = (fixed: string | null): LayerEntry => ({
  names: fixed === null ? 'size scale_factor mode align_corners recompute_scale_factor' : 'size scale_factor',
  step: (a) => {
    const step = interpolation(a, null);
    if (fixed === null) return step;
    const args = step.arguments as Layers['interpolate'];
    const bilinear = fixed === 'bilinear';
    return { kind: 'interpolate', arguments: { ...args, mode: bilinear ? 'linear' : 'nearest', alignCorners: bilinear } };
  },
});

/** Every channel by itself: as many groups as channels. */
const instanceNorm: LayerEntry = {
  names: 'num_features eps momentum affine track_running_stats',
  step: (a) => {
    if (a.boolean('track_running_stats', false)) a.reject('track_running_stats', 'Running statistics are not read here');
    const channels = a.number('num_features');
    return { kind: 'groupNorm', arguments: { groups: channels, channels, epsilon: a.number('eps', 1e-5) } };
  },
  parameters: (a, cell): Record<string, ParameterCell> =>
    a.boolean('affine', false) ? scaleAndShift(cell, [a.size('num_features')]) : {},
};

/** Convolutions, poolings and the other layers over planes and lengths. */
export const spatialLayers: Readonly<Record<string, LayerEntry>> = {
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  Conv3d: convolution(3),
  ConvTranspose1d: transposedConvolution(1),
  ConvTranspose2d: transposedConvolution(2),
  ConvTranspose3d: transposedConvolution(3),
  MaxPool1d: pooling('maxPool1d'),
  MaxPool2d: pooling('maxPool2d'),
  MaxPool3d: pooling('maxPool3d'),
  AvgPool1d: pooling('avgPool1d'),
  AvgPool2d: pooling('avgPool2d'),
  AvgPool3d: pooling('avgPool3d'),
  AdaptiveAvgPool1d: adaptive('adaptiveAvgPool1d'),
  AdaptiveAvgPool2d: adaptive('adaptiveAvgPool2d'),
  AdaptiveAvgPool3d: adaptive('adaptiveAvgPool3d'),
  AdaptiveMaxPool1d: adaptive('adaptiveMaxPool1d'),
  AdaptiveMaxPool2d: adaptive('adaptiveMaxPool2d'),
  AdaptiveMaxPool3d: adaptive('adaptiveMaxPool3d'),
  Upsample: upsampling(null),
  UpsamplingNearest2d: upsampling('nearest'),
  UpsamplingBilinear2d: upsampling('bilinear'),
  InstanceNorm1d: instanceNorm,
  InstanceNorm2d: instanceNorm,
  InstanceNorm3d: instanceNorm,
  LocalResponseNorm: {
    names: 'size alpha beta k',
    step: (a) => ({
      kind: 'localResponseNorm',
      arguments: { size: a.number('size'), alpha: a.number('alpha', 1e-4), beta: a.number('beta', 0.75), k: a.number('k', 1) },
    }),
  },
  PixelShuffle: {
    names: 'upscale_factor',
    step: (a) => ({ kind: 'pixelShuffle', arguments: { factor: a.number('upscale_factor') } }),
  },
  PixelUnshuffle: {
    names: 'downscale_factor',
    step: (a) => ({ kind: 'pixelUnshuffle', arguments: { factor: a.number('downscale_factor') } }),
  },
};

/** nn.ZeroPad2d, nn.ReflectionPad1d and their relatives: numbers before and after each axis, the last axis first. */
const paddingLayer = (axes: Axes, mode: Layers['pad']['mode'], value: ((a: Arguments) => number) | null): LayerEntry => ({
  names: value === null || mode !== 'constant' ? 'padding' : 'padding value',
  step: (a) => {
    const widths = a.extent('padding', 2 * axes);
    const along = (end: number): number[] => Array.from({ length: axes }, (_, i) => widths[2 * (axes - 1 - i) + end] ?? 0);
    return { kind: 'pad', arguments: { before: along(0), after: along(1), mode, value: value?.(a) ?? 0 } };
  },
});

const constantValue = (a: Arguments): number => a.number('value');

/** Layers that pad. */
export const paddingLayers: Readonly<Record<string, LayerEntry>> = Object.fromEntries(
  ([1, 2, 3] as const).flatMap((axes) => [
    [`ZeroPad${axes}d`, paddingLayer(axes, 'constant', null)],
    [`ConstantPad${axes}d`, paddingLayer(axes, 'constant', constantValue)],
    [`ReflectionPad${axes}d`, paddingLayer(axes, 'reflect', null)],
    [`ReplicationPad${axes}d`, paddingLayer(axes, 'replicate', null)],
    [`CircularPad${axes}d`, paddingLayer(axes, 'circular', null)],
  ]),
);
