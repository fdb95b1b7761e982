import type { LayerKind, Layers } from '../../../records/model/layers';
import { sizeOf, type Arguments } from '../../interpret/call';
import { graphOperation, lifted } from '../../interpret/tensors';
import type { LayerStep, ParameterCell } from '../../values/trace';
import { none, parameterOf, tensorValue, unknown, unreadable, type Value } from '../../values/value';
import {
  adaptiveStep,
  convolutionPadding,
  interpolation,
  pooled,
  poolingNames,
  type AdaptiveKind,
  type PoolingKind,
} from './spatialLayers';
import type { TensorOperation } from '../tensors/tensorOperation';
import { foldStep, shuffleStep, unfoldNames } from './windowLayers';

const problemOf = (a: Arguments): Value | null => (a.problems[0] ? { kind: 'unknown', reason: a.problems[0] } : null);

/** A layer without parameters as a function. */
const stepping = (names: string, make: (a: Arguments, x: Value) => LayerStep): TensorOperation => ({
  names,
  run: (x, a) => {
    const { kind, arguments: args } = make(a, x);
    a.rejectOthers('input inplace');
    return problemOf(a) ?? graphOperation(a.call.machine, kind, args, [x], a.call.range);
  },
});

const pool = (kind: PoolingKind): TensorOperation => ({
  names: kind.startsWith('max') ? 'kernel_size stride padding dilation ceil_mode return_indices' : poolingNames(kind),
  run: (x, a) => {
    a.rejectOthers('input inplace');
    return pooled(kind, a, x);
  },
});

const adaptivePool = (kind: AdaptiveKind): TensorOperation =>
  stepping('output_size return_indices', (a) => adaptiveStep(kind, a));

const rankOf = (x: Value): number | null =>
  (x.kind === 'tensor' ? x.node.shape : x.kind === 'array' ? x.shape : null)?.length ?? null;

/** Roles of a function's arguments that are parameters of the script; null when one is something else. */
export function rolesOf(a: Arguments, names: readonly string[]): Record<string, ParameterCell> | null {
  const roles: Record<string, ParameterCell> = {};
  for (const name of names) {
    if (!a.given(name)) continue;
    const cell = parameterOf(a.value(name) ?? none);
    if (!cell) return null;
    roles[name] = cell;
  }
  return roles;
}

/** A layer whose parameters the script passes itself. */
const parametric = <K extends LayerKind>(
  kind: K,
  names: string,
  roles: readonly string[],
  make: (a: Arguments, cells: Record<string, ParameterCell>) => Layers[K],
): TensorOperation => ({
  names,
  run: (x, a) => {
    const m = a.call.machine;
    const cells = rolesOf(a, roles);
    if (!cells) return unreadable('This weight is no parameter by itself', a.call.range);
    const args = make(a, cells);
    a.rejectOthers('input');
    const node = lifted(m, x, a.call.range);
    if (problemOf(a) || !node) return problemOf(a) ?? unknown;
    return tensorValue(m.trace.add(kind, args, [node], a.call.range, { parameters: cells }));
  },
});

const filled = (axes: number, value: number): readonly number[] => new Array<number>(axes).fill(value);

/** The sizes of a kernel as they stand in its weight. */
function kernelOf(a: Arguments, weight: ParameterCell | undefined, axes: number): readonly number[] {
  const sizes = (weight?.shape ?? []).slice(2).map((size) => (typeof size === 'number' ? size : Number.NaN));
  if (sizes.length !== axes || sizes.some(Number.isNaN)) a.reject('weight', 'The shape of this weight is not known');
  return sizes;
}

const convolution = (axes: 1 | 2 | 3): TensorOperation =>
  parametric(`conv${axes}d`, 'weight bias stride padding dilation groups', ['weight', 'bias'], (a, { weight }) => {
    const [out = null, perGroup = null] = weight?.shape ?? [];
    const groups = a.number('groups', 1);
    const kernel = kernelOf(a, weight, axes);
    if (out === null || typeof perGroup !== 'number') a.reject('weight', 'The shape of this weight is not known');
    const stride = a.extent('stride', axes, filled(axes, 1));
    const dilation = a.extent('dilation', axes, filled(axes, 1));
    return {
      inChannels: typeof perGroup === 'number' ? perGroup * groups : 0,
      outChannels: out ?? 0,
      kernel,
      stride,
      ...convolutionPadding(a, kernel, dilation, stride),
      dilation,
      groups,
    };
  });

const transposedConvolution = (axes: 1 | 2 | 3): TensorOperation =>
  parametric(
    `convTranspose${axes}d`,
    'weight bias stride padding output_padding groups dilation',
    ['weight', 'bias'],
    (a, { weight }) => {
      const [into = null, perGroup = null] = weight?.shape ?? [];
      const groups = a.number('groups', 1);
      if (into === null || typeof perGroup !== 'number') a.reject('weight', 'The shape of this weight is not known');
      return {
        inChannels: into ?? 0,
        outChannels: typeof perGroup === 'number' ? perGroup * groups : 0,
        kernel: kernelOf(a, weight, axes),
        stride: a.extent('stride', axes, filled(axes, 1)),
        padding: a.extent('padding', axes, filled(axes, 0)),
        outputPadding: a.extent('output_padding', axes, filled(axes, 0)),
        dilation: a.extent('dilation', axes, filled(axes, 1)),
        groups,
      };
    },
  );

/** Layers as functions, by their names in torch.nn.functional. */
export const functionalLayers: Readonly<Record<string, TensorOperation>> = {
  max_pool1d: pool('maxPool1d'),
  max_pool2d: pool('maxPool2d'),
  avg_pool1d: pool('avgPool1d'),
  avg_pool2d: pool('avgPool2d'),
  max_pool3d: pool('maxPool3d'),
  avg_pool3d: pool('avgPool3d'),
  adaptive_avg_pool1d: adaptivePool('adaptiveAvgPool1d'),
  adaptive_avg_pool2d: adaptivePool('adaptiveAvgPool2d'),
  adaptive_max_pool1d: adaptivePool('adaptiveMaxPool1d'),
  adaptive_max_pool2d: adaptivePool('adaptiveMaxPool2d'),
  adaptive_avg_pool3d: adaptivePool('adaptiveAvgPool3d'),
  adaptive_max_pool3d: adaptivePool('adaptiveMaxPool3d'),
  interpolate: stepping('size scale_factor mode align_corners recompute_scale_factor antialias', (a, x) => {
    const rank = rankOf(x);
    return interpolation(a, rank === null ? null : rank - 2);
  }),
  upsample: stepping('size scale_factor mode align_corners', (a, x) => {
    const rank = rankOf(x);
    return interpolation(a, rank === null ? null : rank - 2);
  }),
  pixel_shuffle: stepping('upscale_factor', (a) => ({ kind: 'pixelShuffle', arguments: { factor: a.number('upscale_factor') } })),
  pixel_unshuffle: stepping('downscale_factor', (a) => ({
    kind: 'pixelUnshuffle',
    arguments: { factor: a.number('downscale_factor') },
  })),
  local_response_norm: stepping('size alpha beta k', (a) => ({
    kind: 'localResponseNorm',
    arguments: { size: a.number('size'), alpha: a.number('alpha', 1e-4), beta: a.number('beta', 0.75), k: a.number('k', 1) },
  })),
  layer_norm: parametric('layerNorm', 'normalized_shape weight bias eps', ['weight', 'bias'], (a) => {
    const value = a.value('normalized_shape');
    const items = value?.kind === 'list' ? value.items : value?.kind === 'shape' ? [] : value ? [value] : [];
    const shape = items.map(sizeOf);
    if (shape.length === 0 || !shape.every((s) => s !== null)) a.reject('normalized_shape', 'This shape could not be read');
    return { shape: shape.flatMap((s) => (s === null ? [] : [s])), epsilon: a.number('eps', 1e-5) };
  }),
  group_norm: parametric('groupNorm', 'num_groups weight bias eps', ['weight', 'bias'], (a) => ({
    groups: a.number('num_groups'),
    channels: 0,
    epsilon: a.number('eps', 1e-5),
  })),
  embedding: parametric('embedding', 'weight padding_idx', ['weight'], (a, { weight }) => {
    const [count = null, dimension = null] = weight?.shape ?? [];
    if (count === null || dimension === null) a.reject('weight', 'The shape of this weight is not known');
    if (a.given('padding_idx')) a.reject('padding_idx', 'A padding row is not read here');
    return { count: count ?? 0, dimension: dimension ?? 0 };
  }),
  conv1d: convolution(1),
  conv2d: convolution(2),
  conv3d: convolution(3),
  conv_transpose1d: transposedConvolution(1),
  conv_transpose2d: transposedConvolution(2),
  conv_transpose3d: transposedConvolution(3),
  prelu: parametric('prelu', 'weight', ['weight'], () => ({})),
  channel_shuffle: stepping('groups', shuffleStep),
  fold: stepping(`output_size ${unfoldNames}`, foldStep),
};
