import type { ConvGeometry } from '../../graph/operations';
import { graphMessage, modelBytes, type Attribute, type StoredData } from './messages';
import { Emission, Names } from './emission';
import type { Library, Session } from './session';

/*
 * onnxruntime's native convolutions on channels in blocks: planes as [batch, channels / b, rows, columns, b], b being
 * the width of the machine's vectors. Its own optimizer goes over to them only where kernels are constants; here they
 * are parameters, and are put in order anew at each call, which is little beside the convolution itself.
 */

/** A convolution that may be done on blocks. */
export interface BlockedConvolution {
  readonly x: string;
  readonly channels: number;
  readonly kernels: string;
  /** [out, in / groups, rows, columns] */
  readonly kernelShape: readonly [number, number, number, number];
  readonly groups: number;
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** How the channels of a convolution lie in blocks: both sides, each alone, or the results only; null where they do not. */
type Blocks = 'both' | 'each' | 'results';

function blocksOf(block: number, channels: number, [out, perGroup]: readonly number[], groups: number): Blocks | null {
  if (out === undefined || out % block !== 0) return null;
  if (groups === 1 && channels % block === 0) return 'both';
  if (groups === 1 && channels < block) return 'results';
  return groups === channels && out === channels && perGroup === 1 ? 'each' : null;
}

/** Whether `emitBlocked` has a form for the convolution that gains: kernels of one position are products already. */
export function isBlocked(
  { names: { block } }: Emission,
  channels: number,
  kernelShape: readonly [number, number, number, number],
  { groups }: Pick<ConvGeometry, 'groups'>,
): boolean {
  const [, , rows, columns] = kernelShape;
  return block !== null && rows * columns > 1 && blocksOf(block, channels, kernelShape, groups) !== null;
}

/** Emits the convolution on blocks; its result lies as ever. */
export function emitBlocked(e: Emission, parts: BlockedConvolution): string {
  const { x, channels, kernels, kernelShape, groups, attributes } = parts;
  const block = e.names.block ?? 1;
  const blocks = blocksOf(block, channels, kernelShape, groups);
  const source = blocks === 'results' ? x : e.blocked('ReorderInput', [x]);
  const ordered = orderedKernels(e, kernels, kernelShape, block, blocks === 'both');
  const y = e.blocked('Conv', [source, ordered], { ...attributes, auto_pad: { text: 'NOTSET' } });
  return e.blocked('ReorderOutput', [y], { channels: { int: kernelShape[0] } });
}

/** [out / b, in / b, rows, columns, b of in, b of out], or [out / b, in, rows, columns, b of out], under the shape they had. */
function orderedKernels(
  e: Emission,
  kernels: string,
  [out, perGroup, rows, columns]: readonly [number, number, number, number],
  block: number,
  both: boolean,
): string {
  const apart = both
    ? [out / block, block, perGroup / block, block, rows, columns]
    : [out / block, block, perGroup, rows, columns];
  const order = both ? [0, 2, 4, 5, 3, 1] : [0, 2, 3, 4, 1];
  const moved = e.op('Transpose', [e.op('Reshape', [kernels, e.ints(apart)])], { perm: { ints: order } });
  return e.op('Reshape', [moved, e.ints([out, perGroup, rows, columns])]);
}

const trialShape = [1, 64, 3, 2] as const;
const trialKernels = [64, 64, 3, 3] as const;

/**
 * The channels in a block of this machine's kernels; null where the library has no such kernels, or where they do not give
 * what its plain convolution gives.
 */
export async function findBlock(library: Library): Promise<number | null> {
  try {
    const order = await trial(library, null, (e) => e.blocked('ReorderInput', ['x']));
    // Behind the first block's channels at the first place come those at the second.
    const block = order.indexOf(1);
    if (block < 2 || 64 % block !== 0) return null;
    const attributes = geometryAttributes;
    const expected = await trial(library, null, (e) => e.op('Conv', ['x', 'kernels'], attributes));
    const found = await trial(library, block, (e) =>
      emitBlocked(e, { x: 'x', channels: 64, kernels: 'kernels', kernelShape: trialKernels, groups: 1, attributes }),
    );
    const scale = Math.max(...expected.map(Math.abs));
    return expected.every((value, i) => Math.abs(value - (found[i] ?? NaN)) <= 1e-4 * scale) ? block : null;
  } catch {
    return null;
  }
}

const geometryAttributes: Readonly<Record<string, Attribute>> = {
  strides: { ints: [1, 1] },
  pads: { ints: [1, 1, 1, 1] },
  dilations: { ints: [1, 1] },
  group: { int: 1 },
  kernel_shape: { ints: [3, 3] },
};

/** What one small model gives for planes that count up from 0. */
async function trial(library: Library, block: number | null, build: (e: Emission) => string): Promise<Float32Array> {
  const emission = new Emission(new Names(block), () => '');
  const result = build(emission);
  const graph = graphMessage('trial', {
    nodes: emission.nodes,
    initializers: emission.initializers,
    inputs: [
      { name: 'x', dtype: 'float32', shape: trialShape },
      { name: 'kernels', dtype: 'float32', shape: trialKernels },
    ],
    outputs: [{ name: result, dtype: 'float32', shape: trialShape }],
  });
  const session: Session = await library.open(modelBytes(graph, true), { threads: 1, exact: false, simplify: false });
  const counting = (shape: readonly number[], value: (i: number) => number): StoredData =>
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => value(i));
  const views = {
    x: { dtype: 'float32' as const, shape: trialShape, data: counting(trialShape, (i) => i) },
    kernels: { dtype: 'float32' as const, shape: trialKernels, data: counting(trialKernels, (i) => Math.sin(i)) },
  };
  const results = await session.run(views, [result]);
  session.release();
  return results[result] as Float32Array;
}
