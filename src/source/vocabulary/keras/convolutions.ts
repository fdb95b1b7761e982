import { Arguments, type Handler } from '../../interpret/call';
import type { KerasLayer } from '../../values/estimators';
import type { ParameterCell, TraceNode } from '../../values/trace';
import { unreadable } from '../../values/value';
import type { FunctionTable } from '../functionTable';
import { activated, activationOf } from './activations';
import { withFansExchanged } from './initializers';
import { layoutOf } from './layout';
import { marginsOf } from './spatial';
import { expectAxes, layerValue, single, unreadInitializer, weightCell } from './weights';

const shared = 'strides padding data_format';

/** Arguments that only the form that is read leaves at its default. */
function plainForm(a: Arguments): string {
  for (const name of ['depth_multiplier', 'dilation_rate'])
    if (a.given(name) && !(a.value(name)?.kind === 'number' && a.number(name) === 1))
      a.reject(name, `\`${name}\` is not followed`);
  for (const name of ['depthwise_regularizer', 'pointwise_regularizer'])
    if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  const padding = a.string('padding', 'valid').toLowerCase();
  if (padding !== 'valid' && padding !== 'same') a.reject('padding', 'This padding is not read');
  return padding;
}

/** The kernel of single channels: what Keras counts as its way in is the graph's way out. Null where it could not be read. */
function depthwiseKernel(layer: KerasLayer, a: Arguments, shape: readonly number[]): ParameterCell | null {
  const known = layer.cells.depthwise_kernel;
  if (known) return known;
  const cell = weightCell(layer, a, 'depthwise_kernel', shape, 'depthwise_initializer', 'glorot_uniform');
  if (!cell || cell.initializer.kind === 'orthogonal') return null;
  cell.initializer = withFansExchanged(cell.initializer);
  return cell;
}

/** DepthwiseConv2D, and SeparableConv2D, which mixes the channels after it. */
const depthwise =
  (separable: boolean): Handler =>
  (call) => {
    const a = new Arguments(
      call,
      separable
        ? `filters kernel_size ${shared} dilation_rate depth_multiplier activation use_bias depthwise_initializer pointwise_initializer`
        : `kernel_size ${shared.replace(' data_format', ' depth_multiplier data_format')} dilation_rate activation use_bias depthwise_initializer`,
    );
    const padding = plainForm(a);
    const { enter, leave } = layoutOf(a);
    if (a.given('bias_initializer')) a.reject('bias_initializer', '`bias_initializer` is not followed');
    const filters = separable ? a.size('filters') : null;
    const kernel = a.extent('kernel_size', 2);
    const stride = a.extent('strides', 2, [1, 1]);
    const activation = activationOf(a.value('activation'));
    if (activation === undefined) a.reject('activation', 'This activation is not known');
    const biased = a.boolean('use_bias', true);
    const apply = single((m, layer, input) => {
      const bad = expectAxes(layer, input, 4);
      if (bad) return bad;
      const x = enter(m, input, 4, layer.range);
      const channels = x.shape?.[1];
      const margins = marginsOf(padding, x.shape?.slice(2) ?? [], kernel, stride);
      if (typeof channels !== 'number' || !margins)
        return unreadable('The size of what comes into this layer is not known', layer.range);
      const own = depthwiseKernel(layer, a, [channels, 1, ...kernel]);
      const bias = biased ? weightCell(layer, a, 'bias', [filters ?? channels], 'bias_initializer', 'zeros') : null;
      if (!own || (biased && !bias)) return unreadInitializer(layer);
      const uneven = margins.before.some((before, i) => before !== margins.after[i]);
      const ends = uneven ? { paddingEnd: margins.after } : {};
      const form = { inChannels: channels, outChannels: channels, kernel, stride, dilation: [1, 1], groups: channels };
      const last: Record<string, typeof own> = bias ? { bias } : {};
      let node: TraceNode = m.trace.add('conv2d', { ...form, padding: margins.before, ...ends }, [x], layer.range, {
        parameters: { weight: own, ...(separable ? {} : last) },
      });
      if (filters !== null) {
        const mixing = weightCell(
          layer,
          a,
          'pointwise_kernel',
          [filters, channels, 1, 1],
          'pointwise_initializer',
          'glorot_uniform',
        );
        if (!mixing) return unreadInitializer(layer);
        const one = { inChannels: channels, outChannels: filters, kernel: [1, 1], stride: [1, 1], dilation: [1, 1], groups: 1 };
        node = m.trace.add('conv2d', { ...one, padding: [0, 0] }, [node], layer.range, {
          parameters: { weight: mixing, ...last },
        });
      }
      return activated(m, leave(m, node, 4, layer.range), activation ?? null, a.range('activation'));
    });
    return layerValue(call, a, separable ? 'separable_conv2d' : 'depthwise_conv2d', apply);
  };

/** Conv2DTranspose: TensorFlow's `same` gives stride times the size, the odd element of the margin cut off behind. */
const transposed: Handler = (call) => {
  const a = new Arguments(
    call,
    `filters kernel_size ${shared} dilation_rate activation use_bias kernel_initializer bias_initializer`,
  );
  const padding = plainForm(a);
  const { enter, leave } = layoutOf(a);
  for (const name of ['output_padding', 'kernel_regularizer', 'bias_regularizer'])
    if (a.given(name)) a.reject(name, `\`${name}\` is not followed`);
  if (a.given('kernel_initializer') && a.string('kernel_initializer', 'glorot_uniform') !== 'glorot_uniform')
    a.reject('kernel_initializer', 'Another first value of this kernel than the default is not followed');
  const filters = a.size('filters');
  const kernel = a.extent('kernel_size', 2);
  const stride = a.extent('strides', 2, [1, 1]);
  const activation = activationOf(a.value('activation'));
  if (activation === undefined) a.reject('activation', 'This activation is not known');
  const surplus = kernel.map((size, i) => size - (stride[i] ?? 1));
  if (surplus.some((size) => size < 0)) a.reject('strides', 'A stride above the size of the kernel is not read here');
  const apply = single((m, layer, input) => {
    const bad = expectAxes(layer, input, 4);
    if (bad) return bad;
    const x = enter(m, input, 4, layer.range);
    const channels = x.shape?.[1];
    if (typeof channels !== 'number') return unreadable('The size of what comes into this layer is not known', layer.range);
    const weight = weightCell(layer, a, 'weight', [channels, filters, ...kernel], 'kernel_initializer', 'glorot_uniform');
    const bias = a.boolean('use_bias', true) ? weightCell(layer, a, 'bias', [filters], 'bias_initializer', 'zeros') : null;
    if (!weight) return unreadInitializer(layer);
    const cut = surplus.map((size) => (padding === 'same' ? size : 0));
    const before = cut.map((size) => Math.floor(size / 2));
    const node = m.trace.add(
      'convTranspose2d',
      {
        inChannels: channels,
        outChannels: filters,
        kernel,
        stride,
        dilation: [1, 1],
        groups: 1,
        padding: before,
        outputPadding: [0, 0],
      },
      [x],
      layer.range,
      { parameters: bias ? { weight, bias } : { weight } },
    );
    const odd = cut.map((size) => size % 2);
    const framed = odd.some((size) => size > 0)
      ? m.trace.add('pad', { before: [0, 0], after: odd.map((size) => -size), mode: 'constant', value: 0 }, [node], layer.range)
      : node;
    return activated(m, leave(m, framed, 4, layer.range), activation ?? null, a.range('activation'));
  });
  return layerValue(call, a, 'conv2d_transpose', apply);
};

/** Repeats each place of a sequence. */
const upSampling1d: Handler = (call) => {
  const a = new Arguments(call, 'size');
  const size = a.number('size', 2);
  const { enter, leave } = layoutOf(a);
  const apply = single((m, layer, input) => {
    const bad = expectAxes(layer, input, 3);
    if (bad) return bad;
    const x = enter(m, input, 3, layer.range);
    const args = { size: null, scale: [size], mode: 'nearest', alignCorners: false } as const;
    return leave(m, m.trace.add('interpolate', args, [x], layer.range), 3, layer.range);
  });
  return layerValue(call, a, 'up_sampling1d', apply);
};

/** Convolutions of single channels, those that enlarge, and enlarging of sequences. */
export const kerasConvolutionTable: FunctionTable = {
  'keras.layers.SeparableConv2D': depthwise(true),
  'keras.layers.SeparableConvolution2D': depthwise(true),
  'keras.layers.DepthwiseConv2D': depthwise(false),
  'keras.layers.Conv2DTranspose': transposed,
  'keras.layers.Convolution2DTranspose': transposed,
  'keras.layers.UpSampling1D': upSampling1d,
};
