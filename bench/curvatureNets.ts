import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { never } from '../src/base/cancel';
import { Random } from '../src/base/random';
import { buildTwin } from '../src/engine/build';
import { createRuntime } from '../src/engine/onnx/backend';
import type { Objective, Twin } from '../src/engine/twin';
import type { Tensor } from '../src/records/dataset';
import type { Experiment } from '../src/records/experiment';
import { dataset, experiment, ModelBuilder, optimizer, perceptron } from '../test/engine/experiments';

/** Where the curvature of a net is measured: after some steps on real rows. */
export interface Site {
  readonly experiment: Experiment;
  readonly twin: Twin;
  readonly objective: Objective;
  readonly theta: Float32Array;
  readonly x: Tensor;
  readonly target: Tensor;
  /** Steps that led here. */
  readonly descent: number;
  dispose(): void;
}

/** A fully connected net with its rows; rate and steps of the descent that leads to the site. */
interface Case {
  readonly sizes: readonly number[];
  readonly rows: () => readonly [Tensor, Tensor];
  readonly rate: number;
}

/** The nets: tanh and binary cross-entropy for one output, else ReLU and cross-entropy. */
export const cases = {
  '2-16-16-1': { sizes: [2, 16, 16, 1], rows: () => checkerboard(64), rate: 0.1 },
  '64-128-10': { sizes: [64, 128, 10], rows: () => digits(128), rate: 0.1 },
  '784-512-512-10': { sizes: [784, 512, 512, 10], rows: () => clothes(256), rate: 0.05 },
  /** 101,770 parameters. */
  '784-128-10': { sizes: [784, 128, 10], rows: () => clothes(1000), rate: 0.05 },
  /** 987,210 parameters. */
  '784-1000-200-10': { sizes: [784, 1000, 200, 10], rows: () => clothes(1000), rate: 0.05 },
  /** 2,410 parameters. */
  '64-32-10': { sizes: [64, 32, 10], rows: () => digits(256), rate: 0.1 },
} satisfies Record<string, Case>;

export type SiteName = keyof typeof cases;

/** Rows of each net's batch. */
export const batchOf = (name: SiteName): number => cases[name].rows()[0].shape[0] ?? 0;

const runtime = createRuntime();

/** Builds the net and takes `descent` steps of gradient descent from PyTorch's initialisation. */
export async function openSite(name: SiteName, descent = 50): Promise<Site> {
  const { sizes, rows, rate } = cases[name];
  const [x, target] = rows();
  const model = sizes.at(-1) === 1 ? binaryPerceptron(sizes) : perceptron(sizes, 'relu', 'crossEntropy');
  const unit = experiment({ model, optimizer: optimizer('sgd', rate, 2 * (sizes.length - 1)) });
  const built = await buildTwin(unit, dataset(x, target), runtime);
  if (!built.ok) throw new Error(built.error.text);
  const twin = built.value;
  const run = twin.start(0);
  await run.advance(descent, never);
  const theta = run.theta.slice();
  run.dispose();
  const all = Int32Array.from({ length: twin.trainRows }, (_, i) => i);
  const objective = twin.objective('train', all);
  const dispose = (): void => {
    objective.dispose();
    twin.dispose();
  };
  return { experiment: unit, twin, objective, theta, x, target, descent, dispose };
}

function binaryPerceptron(sizes: readonly number[]) {
  const model = new ModelBuilder();
  let h = model.input();
  sizes.slice(1).forEach((out, layer) => {
    h = model.linear(layer === 0 ? h : model.call('tanh', [h], {}), `net.${2 * layer}`, sizes[layer] ?? 1, out);
  });
  const target = model.beginLoss();
  return model.finish(h, model.call('bceWithLogits', [h, target], { reduction: 'mean', positiveWeight: null }));
}

/** Points of the plane whose class is the sign of the product of their coordinates. */
function checkerboard(count: number): readonly [Tensor, Tensor] {
  const random = new Random(1);
  const values = Float32Array.from({ length: 2 * count }, () => random.uniform(-1.5, 1.5));
  const classes = Float32Array.from({ length: count }, (_, i) => Number((values[2 * i] ?? 0) * (values[2 * i + 1] ?? 0) > 0));
  return [
    { shape: [count, 2], values },
    { shape: [count, 1], values: classes },
  ];
}

/** The first rows of the bundled digits, pixels over 16. */
function digits(count: number): readonly [Tensor, Tensor] {
  const lines = gunzipSync(readFileSync('media/datasets/digits.csv.gz')).toString('utf8').split('\n');
  const table = lines
    .filter((line) => /^\d/.test(line))
    .slice(0, count)
    .map((line) => line.split(',').map(Number));
  return [
    { shape: [count, 64], values: Float32Array.from(table.flatMap((row) => row.slice(0, 64).map((pixel) => pixel / 16))) },
    { shape: [count], values: Int32Array.from(table, (row) => row[64] ?? 0) },
  ];
}

/** The first images of the bundled part of Fashion-MNIST, pixels over 255. */
function clothes(count: number): readonly [Tensor, Tensor] {
  const folder = 'media/datasets/FashionMNIST/raw';
  const images = gunzipSync(readFileSync(`${folder}/train-images-idx3-ubyte.gz`)).subarray(16, 16 + 784 * count);
  const labels = gunzipSync(readFileSync(`${folder}/train-labels-idx1-ubyte.gz`)).subarray(8, 8 + count);
  return [
    { shape: [count, 784], values: Float32Array.from(images, (pixel) => pixel / 255) },
    { shape: [count], values: Int32Array.from(labels) },
  ];
}
