import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { never } from '../../src/base/cancel';
import { loadDataset } from '../../src/data/load';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import { read } from './reading';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly losses: Readonly<Record<string, readonly number[]>>;
}

const { cases } = JSON.parse(readFileSync(new URL('reference/partners.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Case[];
};
const runtime = createRuntime({ threads: 1 });

/** The losses of `count` steps of one of a script's units, with its partners; going back to step 2 once on the way. */
async function lossesOf(text: string, unit: string, count: number): Promise<readonly number[]> {
  const experiment = read(text).experiments.find((e) => e.unit.name === unit);
  if (!experiment) throw new Error(`${unit} was not read`);
  expect(experiment.unread).toEqual([]);
  const data = await loadDataset(experiment, { folders: [], bundled: '', maximumBytes: 2 ** 20, seed: 0, cancel: never });
  if (!data.ok) throw new Error(data.error.text);
  const built = await buildTwin(experiment, data.value, await runtime, { seed: 0 });
  if (!built.ok) throw new Error(built.error.text);
  const run = built.value.start(0);
  const first = await run.advance(2, never);
  const snapshot = run.snapshot();
  await run.advance(1, never);
  run.restore(snapshot);
  const rest = await run.advance(count - 2, never);
  const losses = [first, rest].flatMap(({ columns }) => [...(columns.get('loss') ?? [])]);
  built.value.dispose();
  return losses;
}

describe('two optimizers of one loop train as they do in PyTorch', () => {
  test.each(
    cases.flatMap(({ name, text, losses }) => Object.keys(losses).map((unit) => [name, unit, text, losses[unit] ?? []] as const)),
  )('%s: %s', async (_name, unit, text, expected) => {
    const ours = await lossesOf(text, unit, expected.length);
    expect(ours).toHaveLength(expected.length);
    ours.forEach((loss, step) => expect(Math.abs(loss - (expected[step] ?? NaN)), `step ${step}`).toBeLessThan(2e-5));
    // Without its partner the unit would train otherwise.
    expect(new Set(expected.map((loss) => loss.toFixed(4))).size).toBeGreaterThan(2);
  });
});
