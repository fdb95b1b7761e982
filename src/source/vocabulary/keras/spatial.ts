import type { Extent } from '../../../records/model/layers';
import { Arguments, type Handler } from '../../interpret/call';
import type { Machine } from '../../interpret/machine';
import type { KerasLayer } from '../../values/estimators';
import type { TraceNode } from '../../values/trace';
import { unreadable, type Value } from '../../values/value';
import { combineSizes } from '../../../graph/size';
import type { FunctionTable } from '../functionTable';
import { activated, activationOf } from './activations';
import { layoutOf } from './layout';
import { maskOf, meanOfCounted } from './masks';
import { expectAxes, kernelAndBias, kernelPenalties, layerValue, single, unreadInitializer } from './weights';

type Axes = 1 | 2;
const ones = (axes: number): number[] => new Array<number>(axes).fill(1);
const zeros = (axes: number): number[] => new Array<number>(axes).fill(0);

interface Margins {
  readonly before: Extent;
  readonly after: Extent;
}

/**
 * TensorFlow's padding of a window: none for `valid`; for `same` as much as makes ⌈size / stride⌉ outputs, the odd one
 * behind. Null when a size that decides it is not known.
 */
export function marginsOf(padding: string, sizes: readonly unknown[], reach: Extent, stride: Extent): Margins | null {
  // No output sees what comes after it: all of the margin lies before.
  if (padding === 'causal') return { before: reach.map((window) => window - 1), after: zeros(reach.length) };
  if (padding === 'valid') return { before: zeros(reach.length), after: zeros(reach.length) };
  const totals = reach.map((window, i) => {
    const step = stride[i] ?? 1;
    if (step === 1) return window - 1;
    const size = sizes[i];
    return typeof size === 'number' ? Math.max((Math.ceil(size / step) - 1) * step + window - size, 0) : null;
  });
  if (totals.some((total) => total === null)) return null;
  const known = totals.map((total) => total ?? 0);
  return { before: known.map((t) => Math.floor(t / 2)), after: known.map((t) => Math.ceil(t / 2)) };
}

/** Keras's padding argument; only the two that are read, and `causal` where it may be. */
function paddingOf(a: Arguments, causal = false): string {
  const padding = a.string('padding', 'valid').toLowerCase();
  if (padding !== 'valid' && padding !== 'same' && !(causal && padding === 'causal'))
    a.reject('padding', 'This padding is not read');
  return padding;
}

const convolution =
  (axes: Axes): Handler =>
  (call) => {
    const a = new Arguments(
      call,
      'filters kernel_size strides padding data_format dilation_rate groups activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer',
    );
    const { enter, leave } = layoutOf(a);
    const filters = a.size('filters');
    const kernel = a.extent('kernel_size', axes);
    const stride = a.extent('strides', axes, ones(axes));
    const dilation = a.extent('dilation_rate', axes, ones(axes));
    const groups = a.number('groups', 1);
    const padding = paddingOf(a, axes === 1);
    const activation = activationOf(a.value('activation'));
    if (activation === undefined) a.reject('activation', 'This activation is not known');
    const reach = kernel.map((k, i) => (dilation[i] ?? 1) * (k - 1) + 1);
    const apply = single((m, layer, input) => {
      const bad = expectAxes(layer, input, axes + 2);
      if (bad) return bad;
      const x = enter(m, input, axes + 2, layer.range);
      const channels = x.shape?.[1] ?? null;
      const margins = marginsOf(padding, x.shape?.slice(2) ?? [], reach, stride);
      if (channels === null || !margins) return unreadable('The size of what comes into this layer is not known', layer.range);
      const perGroup = groups === 1 ? channels : combineSizes('//', channels, groups);
      if (!kernelAndBias(layer, a, [filters, perGroup, ...kernel], filters)) return unreadInitializer(layer);
      const uneven = margins.before.some((b, i) => b !== margins.after[i]);
      const node = m.trace.add(
        axes === 1 ? 'conv1d' : 'conv2d',
        {
          inChannels: channels,
          outChannels: filters,
          kernel,
          stride,
          dilation,
          groups,
          padding: margins.before,
          ...(uneven ? { paddingEnd: margins.after } : {}),
        },
        [x],
        layer.range,
        { parameters: { ...layer.cells }, places: a.argument('filters') ? { outChannels: a.place('filters') } : {} },
      );
      return activated(m, leave(m, node, axes + 2, layer.range), activation ?? null, a.range('activation'));
    });
    return layerValue(call, a, `conv${axes}d`, apply, kernelPenalties(a));
  };

const pooling =
  (kind: 'max' | 'average', axes: Axes): Handler =>
  (call) => {
    const a = new Arguments(call, 'pool_size strides padding data_format');
    const { enter, leave } = layoutOf(a);
    const kernel = a.extent('pool_size', axes, new Array<number>(axes).fill(2));
    const stride = a.extent('strides', axes, kernel);
    const padding = paddingOf(a);
    const apply = single((m, layer, input) => {
      const bad = expectAxes(layer, input, axes + 2);
      if (bad) return bad;
      const x = enter(m, input, axes + 2, layer.range);
      const margins = marginsOf(padding, x.shape?.slice(2) ?? [], kernel, stride);
      if (!margins) return unreadable('The size of what comes into this layer is not known', layer.range);
      const bare = [...margins.before, ...margins.after].every((margin) => margin === 0);
      const even = margins.before.every((margin, i) => margin === margins.after[i]);
      if (kind === 'average' && !even)
        return unreadable('Averages over an edge that is wider on one side are not read', layer.range);
      if (kind === 'average' && !bare) {
        // What lies outside of the picture does not count.
        const args = { kernel, stride, padding: margins.before, countPadding: false };
        return leave(m, m.trace.add(`avgPool${axes}d`, args, [x], layer.range), axes + 2, layer.range);
      }
      // What is repeated at the edge stands in the same window as its original: the largest is the same.
      const framed = bare ? x : m.trace.add('pad', { ...margins, mode: 'replicate', value: 0 }, [x], layer.range);
      const name = `${kind === 'max' ? 'max' : 'avg'}Pool${axes}d` as const;
      const node = m.trace.add(name, { kernel, stride, padding: zeros(axes) }, [framed], layer.range);
      return leave(m, node, axes + 2, layer.range);
    });
    return layerValue(call, a, `${kind}_pooling${axes}d`, apply);
  };

const globalPooling =
  (kind: 'max' | 'average', axes: Axes): Handler =>
  (call) => {
    const a = new Arguments(call, 'data_format keepdims');
    const { enter, leave } = layoutOf(a);
    const keep = a.boolean('keepdims', false);
    const over = Array.from({ length: axes }, (_, i) => i + 2);
    const apply = single((m, layer, input) => {
      const bad = expectAxes(layer, input, axes + 2);
      if (bad) return bad;
      const mask = maskOf(input);
      if (mask && axes === 1 && kind === 'average' && !keep) return meanOfCounted(m, input, mask, layer.range);
      const x = enter(m, input, axes + 2, layer.range);
      const node = m.trace.add(kind === 'max' ? 'max' : 'mean', { axes: over, keep }, [x], layer.range);
      return keep ? leave(m, node, axes + 2, layer.range) : node;
    });
    return layerValue(call, a, `global_${kind}_pooling${axes}d`, apply);
  };

function margins(a: Arguments, name: string, axes: Axes): Margins {
  const value = a.value(name);
  const pairs = value?.kind === 'list' ? value.items : [];
  if (axes === 2 && pairs.some((pair) => pair.kind === 'list')) {
    const numbers = pairs.map((pair) =>
      pair.kind === 'list' ? pair.items.map((n) => (n.kind === 'number' ? n.value : Number.NaN)) : [],
    );
    const before = numbers.map((pair) => pair[0] ?? Number.NaN);
    const after = numbers.map((pair) => pair[1] ?? Number.NaN);
    if ([...before, ...after].some(Number.isNaN)) a.reject(name, 'This padding could not be read');
    return { before, after };
  }
  if (axes === 1 && pairs.length === 2) {
    const [before = 0, after = 0] = a.extent(name, 2);
    return { before: [before], after: [after] };
  }
  const both = a.extent(name, axes, ones(axes));
  return { before: both, after: both };
}

/** Zeros around pictures and sequences, or their edges cut off. */
const framing =
  (kind: 'zero_padding' | 'cropping', axes: Axes): Handler =>
  (call) => {
    const name = kind === 'cropping' ? 'cropping' : 'padding';
    const a = new Arguments(call, `${name} data_format`);
    const { enter, leave } = layoutOf(a);
    const wide = margins(a, name, axes);
    const inwards = (sizes: readonly number[]): number[] => sizes.map((size) => (size === 0 ? 0 : -size));
    const frame = kind === 'cropping' ? { before: inwards(wide.before), after: inwards(wide.after) } : wide;
    const apply = single((m, layer, input) => {
      const bad = expectAxes(layer, input, axes + 2);
      if (bad) return bad;
      const x = enter(m, input, axes + 2, layer.range);
      const node = m.trace.add('pad', { ...frame, mode: 'constant', value: 0 }, [x], layer.range);
      return leave(m, node, axes + 2, layer.range);
    });
    return layerValue(call, a, `${kind}${axes}d`, apply);
  };

const upSampling: Handler = (call) => {
  const a = new Arguments(call, 'size data_format interpolation');
  const { enter, leave } = layoutOf(a);
  const scale = a.extent('size', 2, [2, 2]);
  const way = a.string('interpolation', 'nearest');
  if (way !== 'nearest' && way !== 'bilinear') a.reject('interpolation', 'This interpolation is not read');
  const mode = way === 'nearest' ? 'nearest' : 'linear';
  const apply = single((m: Machine, layer: KerasLayer, input: TraceNode): TraceNode | Value => {
    const bad = expectAxes(layer, input, 4);
    if (bad) return bad;
    const x = enter(m, input, 4, layer.range);
    const node = m.trace.add('interpolate', { size: null, scale, mode, alignCorners: false }, [x], layer.range);
    return leave(m, node, 4, layer.range);
  });
  return layerValue(call, a, 'up_sampling2d', apply);
};

const bothNames = (name: string, short: string, make: (axes: Axes) => Handler): [string, Handler][] =>
  ([1, 2] as const).flatMap((axes) => [
    [`keras.layers.${name}${axes}D`, make(axes)],
    [`keras.layers.${short}${axes}D`, make(axes)],
  ]);

/** Layers over pictures and sequences. Pictures are [rows, height, width, channels], as Keras has them. */
export const kerasSpatialTable: FunctionTable = Object.fromEntries([
  ...bothNames('Conv', 'Convolution', convolution),
  ...bothNames('MaxPooling', 'MaxPool', (axes) => pooling('max', axes)),
  ...bothNames('AveragePooling', 'AvgPool', (axes) => pooling('average', axes)),
  ...bothNames('GlobalAveragePooling', 'GlobalAvgPool', (axes) => globalPooling('average', axes)),
  ...bothNames('GlobalMaxPooling', 'GlobalMaxPool', (axes) => globalPooling('max', axes)),
  ...bothNames('ZeroPadding', 'ZeroPadding', (axes) => framing('zero_padding', axes)),
  ...bothNames('Cropping', 'Cropping', (axes) => framing('cropping', axes)),
  ['keras.layers.UpSampling2D', upSampling] as const,
]);
