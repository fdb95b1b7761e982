import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import type { Twin } from '../../src/engine/twin';
import type { Experiment } from '../../src/records/experiment';
import {
  dataset,
  experiment,
  here,
  loop,
  minibatches,
  ModelBuilder,
  optimizer,
  perceptron,
  plainCrossEntropy,
  schedule,
  sourced,
} from './experiments';
import { hasTorch, runReference } from './python';
import { normalTensor, separableClasses, twinOf } from './twins';

const x = normalTensor([90, 6], 1);
const classes = dataset(x, separableClasses(x), 20);
const numbers = dataset(x, normalTensor([90, 2], 4));

/** Batch norm and dropout between linear layers. No bias before batch norm: its gradient is rounding alone, which Adam blows up. */
function normalised(): Experiment {
  const model = new ModelBuilder();
  const first = model.batchNorm(model.linear(model.input(), 'body.0', 6, 16, false), 'body.1', 16);
  const dropped = model.call('dropout', [model.call('relu', [first], {})], { p: 0.25, call: 0 });
  const second = model.call('gelu', [model.linear(dropped, 'body.4', 16, 8)], { approximate: 'none' });
  const out = model.linear(model.call('dropout', [second], { p: 0.5, call: 1 }), 'head', 8, 3);
  const loss = model.call('crossEntropy', [out, model.beginLoss()], { ...plainCrossEntropy, labelSmoothing: 0.1 });
  return experiment({
    model: model.finish(out, loss),
    optimizer: optimizer('adam', 0.01, 7),
    batches: minibatches(32),
    schedules: [schedule({ kind: 'cosine', period: 40, minimum: 1e-4 }, 'batch')],
  });
}

/** A small convolutional net over images of 8 by 8. */
function convolutional(): Experiment {
  const model = new ModelBuilder();
  const convolution = (input: number, name: string, channels: number, out: number): number => {
    const initializer = { kind: 'kaimingUniform', slope: Math.sqrt(5), mode: 'fanIn', nonlinearity: 'leaky_relu' } as const;
    const weight = model.parameter(`${name}.weight`, [out, channels, 3, 3], initializer);
    const bias = model.parameter(`${name}.bias`, [out], { kind: 'biasUniform', weight });
    const extents = { kernel: [3, 3], stride: [1, 1], padding: [1, 1], dilation: [1, 1] };
    const settings = { inChannels: channels, outChannels: out, groups: 1, ...extents };
    return model.call('conv2d', [input], settings, { name, parameters: { weight, bias } });
  };
  const pool = (input: number): number => model.call('maxPool2d', [input], { kernel: [2, 2], stride: [2, 2], padding: [0, 0] });
  const first = pool(model.call('relu', [convolution(model.input(), '0', 1, 4)], {}));
  const second = pool(model.call('relu', [convolution(first, '3', 4, 6)], {}));
  const out = model.linear(model.call('flatten', [second], { start: 1, end: -1 }), '7', 24, 3);
  const loss = model.call('crossEntropy', [out, model.beginLoss()], plainCrossEntropy);
  const built = model.finish(out, loss);
  return experiment({ model: built, optimizer: optimizer('sgd', 0.1, 6, { momentum: 0.9 }), batches: minibatches(16) });
}

const images = normalTensor([40, 64], 8);
const pictures = dataset({ ...images, shape: [40, 1, 8, 8] }, separableClasses(images));

const cases: readonly (readonly [string, Experiment, typeof classes])[] = [
  ['batch norm, dropout, Adam and a schedule', normalised(), classes],
  [
    'momentum, clipping and accumulation',
    experiment({
      model: perceptron([6, 12, 12, 2], 'tanh', 'mse'),
      optimizer: optimizer('sgd', 0.05, 6, { momentum: 0.9, nesterov: true, weightDecay: 1e-3 }),
      batches: minibatches(16),
      loop: loop({ accumulation: 2, clipping: { kind: 'norm', limit: sourced(0.5), normType: 2, range: here } }),
    }),
    numbers,
  ],
  [
    'RMSprop on all rows',
    experiment({
      model: perceptron([6, 10, 3], 'sigmoid', 'crossEntropy'),
      optimizer: optimizer('rmsprop', 0.01, 4, { momentum: 0.5 }),
    }),
    classes,
  ],
  ['convolution and pooling', convolutional(), pictures],
];

const folder = mkdtempSync(join(tmpdir(), 'trace-'));
afterAll(() => rmSync(folder, { recursive: true }));

const traceOf = (twin: Twin, steps: number): Promise<Uint8Array> => twin.trace({ steps, seed: 5, cancel: never });

describe('a trace', () => {
  test('holds what a replay needs, under the names of the state_dict', async () => {
    const twin = await twinOf(normalised(), classes);
    const files = unzipSync(await traceOf(twin, 4));
    const names = Object.keys(files).map((name) => name.replace(/\.npy$/, ''));
    expect(names).toEqual(
      expect.arrayContaining(['init/body.0.weight', 'final/body.1.running_var', 'x', 'y', 'rows/validation']),
    );
    expect(names).toEqual(
      expect.arrayContaining([
        'batch/indices',
        'batch/offsets',
        'loss',
        'lr',
        'grad_norm/head.bias',
        'update_norm/head.bias',
        'meta',
      ]),
    );
    expect(names).toEqual(expect.arrayContaining(['dropout/0/0', 'dropout/1/3']));
    const rates = files['lr.npy'] as Uint8Array;
    const header = strFromU8(rates.subarray(10, 70));
    expect(header).toContain("'descr': '<f8', 'fortran_order': False, 'shape': (4, 1)");
    expect((rates.length - 4 * 8) % 64).toBe(0);
  });

  test('is the same, bit for bit, for the same seed', async () => {
    const first = await traceOf(await twinOf(normalised(), classes), 3);
    expect(await traceOf(await twinOf(normalised(), classes), 3)).toEqual(first);
  });

  test.skipIf(!hasTorch)('replayed in PyTorch ends at the same tensors after 50 steps', async () => {
    const paths: string[] = [];
    for (const [k, [, unit, data]] of cases.entries()) {
      paths.push(join(folder, `${k}.npz`));
      writeFileSync(paths[k] as string, await traceOf(await twinOf(unit, data), 50));
    }
    const results = runReference('replay.py', paths) as {
      readonly tensors: Readonly<Record<string, { readonly ours: number; readonly float32: number }>>;
      readonly loss: number;
      readonly columns: Readonly<Record<string, number>>;
    }[];
    for (const [k, { tensors, loss, columns }] of results.entries()) {
      for (const [name, { ours, float32 }] of Object.entries(tensors))
        expect(ours, `${(cases[k] as (typeof cases)[number])[0]}: ${name}`).toBeLessThan(Math.max(1e-4, 3 * float32));
      expect(loss, (cases[k] as (typeof cases)[number])[0]).toBeLessThan(1e-3);
      expect(Object.keys(columns)).toEqual(['grad_norm', 'param_norm', 'update_norm', 'grad_cosine']);
      for (const [entry, apart] of Object.entries(columns))
        expect(apart, `${(cases[k] as (typeof cases)[number])[0]}: ${entry}`).toBeLessThan(2e-3);
    }
  });
});
