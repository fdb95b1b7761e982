import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import { readUnit } from './reading';

interface Case {
  readonly body: string;
  readonly text: string;
  readonly loss: number;
  readonly gradient: number;
}

const { cases } = JSON.parse(readFileSync(new URL('reference/operations.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const runtime = createRuntime({ threads: 1 });

/** Loss and gradient of a script at its start, as it is read and trained here. */
async function start(text: string): Promise<{ readonly loss: number; readonly gradient: number }> {
  const experiment = readUnit(text);
  expect(experiment.unread).toEqual([]);
  const data = await loadDataset(experiment, { folders: [], bundled: '', maximumBytes: 2 ** 20, seed: 0, cancel: never });
  if (!data.ok) throw new Error(data.error.text);
  const built = await buildTwin(experiment, data.value, await runtime, { seed: 0 });
  if (!built.ok) throw new Error(built.error.text);
  const twin = built.value;
  const theta = twin.start(0).theta.slice();
  const gradient = new Float32Array(twin.dim);
  const loss = await twin
    .objective(
      'train',
      Int32Array.from({ length: 6 }, (_, i) => i),
    )
    .gradient(theta, gradient);
  twin.dispose();
  return { loss, gradient: gradient[0] ?? NaN };
}

describe('a forward pass, read and run here, has the loss and gradient that PyTorch has', () => {
  test.each(cases.map((each) => [each.body, each] as const))('%s', async (_, { text, loss, gradient }) => {
    const ours = await start(text);
    expect(Math.abs(ours.loss - loss)).toBeLessThan(2e-5 * Math.max(1, Math.abs(loss)));
    expect(Math.abs(ours.gradient - gradient)).toBeLessThan(2e-5 * Math.max(1, Math.abs(gradient), Math.abs(loss)));
  });
});
