import { Graph } from '../src/graph/graph';
import type { ConvGeometry, PoolGeometry, Tensor } from '../src/graph/operations';
import { sizeOf } from '../src/graph/operations';
import type { Net } from './engineNets';

/** Nets beyond the fully connected ones: one SGD step of each is a row. */
export const wideNets = {
  lenet: { title: 'LeNet-5, batch 64', goal: 1, build: lenet },
  block16: { title: 'two 3x3 convolutions with batch norm, 16 channels, 32x32, batch 32', goal: 0.8, build: () => block(16, 32) },
  block64: { title: 'two 3x3 convolutions with batch norm, 64 channels, 16x16, batch 32', goal: 0.8, build: () => block(64, 16) },
  encoder: { title: 'transformer encoder layer, d=128, 4 heads, 64 tokens, batch 32', goal: 1, build: encoder },
} satisfies Record<string, { title: string; goal: number; build: () => Net }>;

export type WideNet = keyof typeof wideNets;

const geometry = (pad: number): ConvGeometry => ({ strides: [1, 1], pads: [pad, pad, pad, pad], dilations: [1, 1], groups: 1 });
const halving: PoolGeometry = { kernel: [2, 2], strides: [2, 2], pads: [0, 0, 0, 0], dilations: [1, 1], ceil: false };

/** The n-th parameter. */
function at(parameters: readonly Tensor[], place: number): Tensor {
  const tensor = parameters[place];
  if (tensor === undefined) throw new RangeError(`no parameter ${place}`);
  return tensor;
}

function netOf(g: Graph, x: Tensor, target: Tensor, shapes: Net['shapes'], loss: Net['loss']): Net {
  return { g, x, target, shapes, dim: shapes.reduce((total, shape) => total + sizeOf(shape), 0), loss };
}

const linear = (g: Graph, x: Tensor, w: Tensor, b: Tensor): Tensor => g.add(g.matmul(x, w, { transposeB: true }), b);
const perChannel = (g: Graph, b: Tensor): Tensor => g.reshape(b, [...b.shape, 1, 1]);

function lenet(): Net {
  const g = new Graph();
  const x = g.input('x', [64, 1, 28, 28]);
  const target = g.input('target', [64], 'int32');
  const shapes = [[6, 1, 5, 5], [6], [16, 6, 5, 5], [16], [120, 400], [120], [84, 120], [84], [10, 84], [10]];
  return netOf(g, x, target, shapes, (p) => {
    const stage = (h: Tensor, place: number, pad: number): Tensor =>
      g.maxPool(g.relu(g.add(g.conv(h, at(p, place), geometry(pad)), perChannel(g, at(p, place + 1)))), halving);
    const flat = g.reshape(stage(stage(x, 0, 2), 2, 0), [64, 400]);
    const hidden = g.relu(linear(g, g.relu(linear(g, flat, at(p, 4), at(p, 5))), at(p, 6), at(p, 7)));
    const logits = linear(g, hidden, at(p, 8), at(p, 9));
    return g.neg(g.mean(g.takeAlong(g.logSoftmax(logits), g.reshape(target, [64, 1]), 1)));
  });
}

function block(channels: number, size: number): Net {
  const g = new Graph();
  const x = g.input('x', [32, channels, size, size]);
  const target = g.input('target', [32, channels, size, size]);
  const one = [[channels, channels, 3, 3], [channels], [channels]];
  return netOf(g, x, target, [...one, ...one], (p) => {
    const stage = (h: Tensor, place: number): Tensor => {
      const z = g.conv(h, at(p, place), geometry(1));
      const centred = g.sub(z, g.mean(z, [0, 2, 3], true));
      const deviation = g.sqrt(g.add(g.mean(g.square(centred), [0, 2, 3], true), 1e-5));
      const scale = g.div(perChannel(g, at(p, place + 1)), g.reshape(deviation, [channels, 1, 1]));
      return g.relu(g.add(g.mul(centred, scale), perChannel(g, at(p, place + 2))));
    };
    return g.mean(g.square(g.sub(stage(stage(x, 0), 3), target)));
  });
}

function encoder(): Net {
  const [batch, tokens, width, heads] = [32, 64, 128, 4];
  const g = new Graph();
  const x = g.input('x', [batch, tokens, width]);
  const target = g.input('target', [batch, tokens, width]);
  const shapes = [
    [3 * width, width],
    [3 * width],
    [width, width],
    [width],
    [512, width],
    [512],
    [width, 512],
    [width],
    [width],
    [width],
    [width],
    [width],
  ];
  return netOf(g, x, target, shapes, (p) => {
    const rows = batch * tokens;
    const flat = g.reshape(x, [rows, width]);
    const qkv = g.reshape(linear(g, flat, at(p, 0), at(p, 1)), [batch, tokens, 3, heads, width / heads]);
    const apart = g.transpose(qkv, [2, 0, 3, 1, 4]);
    const [q, k, v] = [0, 1, 2].map((which) => {
      const part = g.slice(apart, [which, 0, 0, 0, 0], [1, batch, heads, tokens, width / heads]);
      return g.reshape(part, [batch, heads, tokens, width / heads]);
    }) as [Tensor, Tensor, Tensor];
    const weights = g.softmax(g.mul(g.matmul(q, k, { transposeB: true }), 1 / Math.sqrt(width / heads)));
    const mixed = g.reshape(g.transpose(g.matmul(weights, v), [0, 2, 1, 3]), [rows, width]);
    const first = layerNorm(g, g.add(flat, linear(g, mixed, at(p, 2), at(p, 3))), at(p, 8), at(p, 9));
    const wide = g.relu(linear(g, first, at(p, 4), at(p, 5)));
    const second = layerNorm(g, g.add(first, linear(g, wide, at(p, 6), at(p, 7))), at(p, 10), at(p, 11));
    return g.mean(g.square(g.sub(second, g.reshape(target, [rows, width]))));
  });
}

function layerNorm(g: Graph, x: Tensor, scale: Tensor, shift: Tensor): Tensor {
  const centred = g.sub(x, g.mean(x, [1], true));
  const deviation = g.sqrt(g.add(g.mean(g.square(centred), [1], true), 1e-5));
  return g.add(g.mul(g.div(centred, deviation), scale), shift);
}
