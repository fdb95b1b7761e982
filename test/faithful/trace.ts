import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { never } from '../../src/base/cancel';
import { fail, ok, type Result } from '../../src/base/result';
import { loadDataset } from '../../src/data/load';
import { buildTwin } from '../../src/engine/build';
import { createRuntime } from '../../src/engine/onnx/backend';
import { readiness } from '../../src/probe/readiness';
import { readNpz, type NpzArray } from '../../src/service/comparison/npz';
import { norm } from '../../src/service/comparison/sketch';
import { project, type ExampleUnit } from './examples';

const runtime = createRuntime({ threads: 1 });

/** The first steps of a unit as our engine takes them. */
export interface Trace {
  readonly bytes: Uint8Array;
  readonly arrays: ReadonlyMap<string, NpzArray>;
}

/** Records a unit's trace of at most `mostSteps`, as the command line does; the reason when that is not possible. */
export async function traceUnit({ experiment }: ExampleUnit, mostSteps: number): Promise<Result<Trace, string>> {
  const { reason } = readiness(experiment);
  if (reason) return fail(reason.text);
  const seed = experiment.seed?.value ?? 0;
  const bundled = join(project, 'media', 'datasets');
  const loaded = await loadDataset(experiment, { folders: [project], bundled, maximumBytes: 2 ** 28, seed, cancel: never });
  if (!loaded.ok) return fail(loaded.error.text);
  const built = await buildTwin(experiment, loaded.value, await runtime, { seed });
  if (!built.ok) return fail(built.error.text);
  const twin = built.value;
  const bytes = await twin.trace({ steps: Math.min(mostSteps, twin.totalSteps), seed, cancel: never });
  twin.dispose();
  return ok({ bytes, arrays: readNpz(bytes) });
}

/** What a reference depends on: rows, batches and dropout masks by their hash, parameters and data by their norms. */
export interface Exchanged {
  readonly hash: string;
  readonly norms: Readonly<Record<string, number>>;
}

/** What was exchanged by a trace. */
export function exchangedBy({ arrays }: Trace): Exchanged {
  const hash = createHash('sha256');
  const norms: Record<string, number> = {};
  for (const [name, { shape, values }] of arrays) {
    if (/^(rows|batch|dropout)\//.test(name)) {
      hash.update(`${name} ${shape.join()}`);
      hash.update(new Uint8Array(values.buffer));
    } else if (/^(init\/|x|y)/.test(name)) norms[name] = Number(norm(values).toPrecision(7));
  }
  return { hash: hash.digest('hex').slice(0, 16), norms };
}
