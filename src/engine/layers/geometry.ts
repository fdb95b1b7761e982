import type { ConvGeometry, PoolGeometry } from '../../graph/operations';
import type { DepthGeometry } from '../../graph/volumes';
import type { Extent, Layers } from '../../records/model/layers';

/** An extent over (rows, columns); what a one-dimensional layer does not say about its one row is `single`. */
export function pair(extent: Extent, single: number): readonly [number, number] {
  const [first = single, second] = extent;
  return second === undefined ? [single, first] : [first, second];
}

type ConvolutionSettings = Pick<Layers['conv2d'], 'stride' | 'padding' | 'dilation' | 'groups' | 'paddingEnd'>;

/** How the kernels of a convolution over lengths or planes move. */
export function convGeometry({ stride, padding, paddingEnd = padding, dilation, groups }: ConvolutionSettings): ConvGeometry {
  const pads = [...pair(padding, 0), ...pair(paddingEnd, 0)] as const;
  return { strides: pair(stride, 1), pads, dilations: pair(dilation, 1), groups };
}

/** How the window of a pooling over lengths or planes moves. */
export function poolGeometry({ kernel, stride, padding, dilation = [], ceil = false }: Layers['maxPool2d']): PoolGeometry {
  const [rows, columns] = pair(padding, 0);
  return {
    kernel: pair(kernel, 1),
    strides: pair(stride, 1),
    pads: [rows, columns, rows, columns],
    dilations: pair(dilation, 1),
    ceil,
  };
}

interface Moving {
  readonly kernel: Extent;
  readonly stride: Extent;
  readonly padding: Extent;
  readonly paddingEnd?: Extent;
  readonly dilation?: Extent;
}

/** The depth's part of what moves over volumes. */
export function depthGeometry({ kernel, stride, padding, paddingEnd = padding, dilation }: Moving): DepthGeometry {
  const pads = [padding[0] ?? 0, paddingEnd[0] ?? 0] as const;
  return { kernel: kernel[0] ?? 1, stride: stride[0] ?? 1, pads, dilation: dilation?.[0] ?? 1 };
}

/** The settings without the depth's part: those over the planes. */
export function overPlanes<T extends Moving>(settings: T): T {
  const { kernel, stride, padding, paddingEnd, dilation } = settings;
  return {
    ...settings,
    kernel: kernel.slice(1),
    stride: stride.slice(1),
    padding: padding.slice(1),
    ...(paddingEnd === undefined ? {} : { paddingEnd: paddingEnd.slice(1) }),
    ...(dilation === undefined ? {} : { dilation: dilation.slice(1) }),
  };
}
