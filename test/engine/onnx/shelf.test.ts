import { describe, expect, test } from 'vitest';
import { never } from '../../../src/base/cancel';
import { buildTwin } from '../../../src/engine/build';
import { createRuntime } from '../../../src/engine/onnx/backend';
import { loadNative } from '../../../src/engine/onnx/native';
import type { Session, SessionSettings } from '../../../src/engine/onnx/session';
import { SessionShelf } from '../../../src/engine/onnx/shelf';
import type { Experiment } from '../../../src/records/experiment';
import { dataset, experiment, minibatches, optimizer, perceptron, schedule } from '../experiments';
import { normalTensor, separableClasses } from '../twins';

const x = normalTensor([50, 4], 1);
const data = dataset(x, separableClasses(x), 10);
const runtime = createRuntime({ threads: 1 });

/** Models that the native library loads while a unit is built, trained and measured. */
async function loadedFor(unit: Experiment): Promise<number> {
  const library = await loadNative();
  const { open } = library;
  let count = 0;
  const counting = { ...library, open };
  Object.assign(library, {
    open: (model: Uint8Array, settings: SessionSettings): Promise<Session> => {
      count++;
      return counting.open(model, settings);
    },
  });
  const built = await buildTwin(unit, data, runtime);
  if (!built.ok) throw new Error(built.error.text);
  const twin = built.value;
  const run = twin.start(0);
  await run.advance(12, never);
  const objective = twin.objective(
    'train',
    Int32Array.from({ length: 20 }, (_, i) => i),
  );
  await objective.gradient(run.theta, new Float32Array(twin.dim));
  const hessian = await objective.hessian(run.theta);
  await hessian.apply(run.theta.slice(), new Float32Array(twin.dim));
  hessian.dispose();
  objective.dispose();
  twin.dispose();
  Object.assign(library, { open });
  return count;
}

describe('loaded models', () => {
  // Smaller nets are run by code of our own.
  const adam = (rate: number, gamma = 0.5, settings: Record<string, number> = {}, hidden = 2500): Experiment =>
    experiment({
      model: perceptron([4, hidden, 3], 'tanh', 'crossEntropy'),
      optimizer: optimizer('adam', rate, 4, settings),
      batches: minibatches(16),
      schedules: [schedule({ kind: 'step', stepSize: 1, gamma }, 'epoch')],
    });

  test('are used again where only numbers outside the graphs were changed', async () => {
    expect(await loadedFor(adam(0.01))).toBeGreaterThan(2);
    expect(await loadedFor(adam(0.03))).toBe(0);
    expect(await loadedFor(adam(0.03, 0.7))).toBe(0);
    expect(await loadedFor(adam(0.03, 0.5, { beta1: 0.8, weightDecay: 0.02 }))).toBeLessThanOrEqual(1);
    expect(await loadedFor(adam(0.01, 0.5, {}, 2501))).toBeGreaterThan(2);
  });

  test('that nobody uses are let go of beyond their bounds, those used last after all others', async () => {
    const released: number[] = [];
    let opened = 0;
    const shelf = new SessionShelf(() => {
      const number = opened++;
      return Promise.resolve({
        bind: () => () => undefined,
        run: () => Promise.resolve({}),
        release: () => released.push(number),
      });
    });
    const settings = { threads: 1, exact: false, simplify: true };
    const open = (name: number): Promise<Session> => shelf.open(Uint8Array.of(name), settings, 100 * 2 ** 20);
    const [first, second, third] = [await open(1), await open(2), await open(3)];
    expect(opened).toBe(3);
    first.release();
    first.release();
    second.release();
    (await open(1)).release();
    expect(opened).toBe(3);
    third.release();
    await Promise.resolve();
    expect(released).toEqual([1]);
  });

  test('that could not be loaded are tried again', async () => {
    let tries = 0;
    const shelf = new SessionShelf(() => (tries++, Promise.reject(new Error('broken'))));
    const settings = { threads: 1, exact: false, simplify: true };
    await expect(shelf.open(Uint8Array.of(1), settings, 1)).rejects.toThrow('broken');
    await expect(shelf.open(Uint8Array.of(1), settings, 1)).rejects.toThrow('broken');
    expect(tries).toBe(2);
  });
});
