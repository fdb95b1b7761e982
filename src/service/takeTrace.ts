import type { CancelToken } from '../base/cancel';
import { fail, ok, type Result } from '../base/result';
import { loadDataset } from '../data/load';
import { buildTwin } from '../engine/build';
import { readiness } from '../probe/readiness';
import { loadOptions, type Surroundings } from '../probe/session';
import type { DiagnoseParameters } from '../protocol/diagnosis';
import type { Dataset } from '../records/dataset';
import type { Reason } from '../records/source';

/** The first steps of a unit's run, exactly enough to take them again in PyTorch. */
export interface TakenTrace {
  /** An npz archive. */
  readonly bytes: Uint8Array;
  readonly dataset: Dataset;
}

export interface TraceWish {
  readonly steps: number;
  readonly seed: number;
  readonly cancel: CancelToken;
  /** True: no more steps than the script itself takes. */
  readonly toTheEnd: boolean;
}

/** Loads, builds and trains a unit for its first steps; the reason, at its place, when that does not work. */
export async function takeTrace(
  parameters: DiagnoseParameters,
  surroundings: Surroundings,
  { steps, seed, cancel, toTheEnd }: TraceWish,
): Promise<Result<TakenTrace, Reason>> {
  const { experiment } = parameters;
  const ready = readiness(experiment);
  if (ready.reason) return fail(ready.reason);
  const session = { parameters, surroundings, emit: () => undefined, bounds: { cancel, deadline: null } };
  const loaded = await loadDataset(experiment, loadOptions(session, seed));
  if (!loaded.ok) return loaded;
  const built = await buildTwin(experiment, loaded.value, surroundings.runtime, { seed });
  if (!built.ok) return built;
  const twin = built.value;
  try {
    const taken = toTheEnd ? Math.min(steps, twin.totalSteps) : steps;
    return ok({ bytes: await twin.trace({ steps: taken, seed, cancel }), dataset: loaded.value });
  } finally {
    twin.dispose();
  }
}
