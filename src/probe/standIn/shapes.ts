import { bindSize, type Size } from '../../graph/size';
import type { ModelGraph, ModelNode } from '../../records/model/graph';

/** The shape of one row that a model might take, and the number of classes when it takes whole numbers. */
export interface RowShape {
  readonly shape: readonly number[];
  /** Values are 0 … classes-1; null for numbers on a scale. */
  readonly classes: number | null;
  /** Whether they are class numbers, and not numbers on a scale that happen to be whole. */
  readonly integer: boolean;
  /** A one for the class and zeros for the others, in place of its number. */
  readonly oneHot?: boolean;
}

/** Sides of pictures and of volumes and lengths of sequences that people train on, the most usual first. */
const sides = [28, 32, 64, 224, 96, 128, 48, 16, 8];
const depths = [16, 32, 8, 64];
const lengths = [16, 32, 64, 128, 256, 100, 10, 8];

/** Shapes that the `index`-th input may have, by the first layer that takes it; none when no layer says it. */
export function inputShapes(model: ModelGraph, index: number, symbols: Readonly<Record<string, number>>): RowShape[] {
  const at = model.nodes.findIndex((node) => node.kind === 'input' && node.arguments.index === index);
  const layer = at < 0 ? null : firstWithSize(model, at);
  if (!layer) return [];
  const bound = (size: Size): number[] => {
    const value = bindSize(size, symbols);
    return value === null ? [] : [value];
  };
  const plain = (shape: readonly number[]): RowShape => ({ shape, classes: null, integer: false });
  switch (layer.kind) {
    case 'linear':
      return bound(layer.arguments.in).map((columns) => plain([columns]));
    case 'conv1d':
      return bound(layer.arguments.inChannels).flatMap((channels) => lengths.map((length) => plain([channels, length])));
    case 'conv2d':
      return bound(layer.arguments.inChannels).flatMap((channels) => sides.map((side) => plain([channels, side, side])));
    case 'conv3d':
      return bound(layer.arguments.inChannels).flatMap((channels) => depths.map((side) => plain([channels, side, side, side])));
    case 'batchNorm':
      return bound(layer.arguments.features).map((columns) => plain([columns]));
    case 'embedding':
      return bound(layer.arguments.count).flatMap((classes) =>
        [[8], [16], []].map((shape) => ({ shape, classes, integer: true })),
      );
    case 'rnn':
    case 'lstm':
    case 'gru':
      return layer.arguments.batchFirst ? bound(layer.arguments.in).map((columns) => plain([8, columns])) : [];
    case 'parameter': {
      const parameter = model.parameters[layer.parameters['value'] ?? -1];
      const rows = parameter?.shape[0];
      return rows === undefined ? [] : bound(rows).map((columns) => plain([columns]));
    }
    default:
      return [];
  }
}

/** Shapes that the `index`-th target may have, by the loss that takes it and the layer before it. */
export function targetShapes(model: ModelGraph, index: number, symbols: Readonly<Record<string, number>>): RowShape[] {
  const at = model.nodes.findIndex((node) => node.kind === 'target' && node.arguments.index === index);
  const reader = (place: number): ModelNode | undefined => model.nodes.find((node) => node.inputs.includes(place));
  const taken = reader(at);
  const cast = taken?.kind === 'cast' ? taken : null;
  const loss = cast ? reader(model.nodes.indexOf(cast)) : taken;
  if (at < 0 || !loss) return [];
  const width = outputWidth(model, loss.inputs[0] ?? 0, symbols) ?? 1;
  if (loss.kind === 'crossEntropy' && cast?.arguments.to === 'float')
    return [{ shape: [width], classes: width, integer: false, oneHot: true }];
  if (loss.kind === 'crossEntropy' || loss.kind === 'nll') return [{ shape: [], classes: width, integer: true }];
  const classes = loss.kind === 'bce' || loss.kind === 'bceWithLogits' ? 2 : null;
  return [[width], [], [1]].map((shape) => ({ shape, classes, integer: false }));
}

/** Targets for every place of the pictures that go in: a class or some numbers each, channels last or first. */
export function ofPictures(target: RowShape, input: RowShape | undefined): RowShape[] {
  const [a, b, c] = input?.shape ?? [];
  if (a === undefined || b === undefined || c === undefined || input?.shape.length !== 3) return [];
  const shapes = [
    [a, b, ...target.shape],
    [...target.shape, b, c],
  ];
  return shapes.map((shape) => ({ ...target, shape }));
}

const sized: ReadonlySet<ModelNode['kind']> = new Set<ModelNode['kind']>([
  'linear',
  'conv1d',
  'conv2d',
  'conv3d',
  'batchNorm',
  'embedding',
  'rnn',
  'lstm',
  'gru',
]);

/** The first layer below an input that says how wide it is, or a raw parameter that it is multiplied with. */
function firstWithSize(model: ModelGraph, start: number): ModelNode | null {
  const reached = new Set([start]);
  for (let at = start + 1; at < model.lossStart; at++) {
    const node = model.nodes[at];
    if (!node?.inputs.some((input) => reached.has(input))) continue;
    if (sized.has(node.kind)) return node;
    const raw = node.inputs.map((input) => model.nodes[input]).find((input) => input?.kind === 'parameter');
    if (node.kind === 'matmul' && raw) return raw;
    reached.add(at);
  }
  return null;
}

/** Width of the last layer on the way to a node. */
function outputWidth(model: ModelGraph, node: number, symbols: Readonly<Record<string, number>>): number | null {
  for (let at = node; at >= 0; at--) {
    const layer = model.nodes[at];
    if (layer?.kind === 'linear') return bindSize(layer.arguments.out, symbols);
    if (layer?.kind === 'conv1d' || layer?.kind === 'conv2d' || layer?.kind === 'conv3d')
      return bindSize(layer.arguments.outChannels, symbols);
  }
  return null;
}
