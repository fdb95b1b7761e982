import { writeFileSync } from 'node:fs';
import type { CancelToken } from '../base/cancel';
import { fail, ok, type Result } from '../base/result';
import { loadDataset } from '../data/load';
import { buildTwin } from '../engine/build';
import { loadOptions, type Surroundings } from '../probe/session';
import { readiness } from '../probe/readiness';
import type { Experiment } from '../records/experiment';
import type { Reason } from '../records/source';
import { readScript } from '../source/read';
import { teamSettings } from './teamSettings';
import type { TraceCommand } from './arguments';
import { projectOnDisk, workspaceOf, type Script } from './scripts';

/** Records the first steps of one unit's run into an npz file; a sentence when that does not work. */
export async function writeTrace(
  command: TraceCommand,
  script: Script,
  folder: string,
  surroundings: Surroundings,
  cancel: CancelToken,
): Promise<Result<null, string>> {
  const folders = workspaceOf(script.path, folder);
  const texts = { [script.path]: script.text };
  const settings = teamSettings(script.path, folder);
  if (!settings.ok) return fail(settings.error);
  const project = projectOnDisk(folders, texts);
  const { experiments } = readScript(surroundings.parser, script.path, script.text, project, settings.value.values);
  const chosen = chooseUnit(experiments, command.unit);
  if (!chosen.ok) return fail(`${script.given}: ${chosen.error}`);
  const experiment = chosen.value;
  const at = ({ text, range }: Reason): string => `${script.given} line ${range.line}: ${text}`;
  const ready = readiness(experiment);
  if (ready.reason) return fail(at(ready.reason));
  const seed = command.seed ?? experiment.seed?.value ?? 0;
  const { data } = settings.value;
  const options = { folders, budgetSeconds: null, off: [], ...(data === undefined ? {} : { dataPath: data }) };
  const session = {
    parameters: { experiment, texts, options },
    surroundings,
    emit: () => undefined,
    bounds: { cancel, deadline: null },
  };
  const loaded = await loadDataset(experiment, loadOptions(session, seed));
  if (!loaded.ok) return fail(at(loaded.error));
  const built = await buildTwin(experiment, loaded.value, surroundings.runtime, { seed });
  if (!built.ok) return fail(at(built.error));
  try {
    const bytes = await built.value.trace({ steps: command.steps, seed, cancel });
    if (!cancel.cancelled) writeFileSync(command.out, bytes);
    return ok(null);
  } catch (error) {
    return fail(`${command.out}: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    built.value.dispose();
  }
}

function chooseUnit(experiments: readonly Experiment[], name: string | null): Result<Experiment, string> {
  const names = experiments.map((experiment) => experiment.unit.name);
  const found = name === null ? experiments[0] : experiments.find((experiment) => experiment.unit.name === name);
  if (found && (name !== null || experiments.length === 1)) return ok(found);
  if (experiments.length === 0) return fail('no training unit (an optimizer with its training loop) was found');
  return fail(
    name === null
      ? `has several training units; choose one with --unit: ${names.join(', ')}`
      : `has no unit '${name}'; there are ${names.join(', ')}`,
  );
}
