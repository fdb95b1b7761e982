import { fail, ok, type Result } from '../base/result';
import type { Surroundings } from '../probe/session';
import type { DiagnoseParameters } from '../protocol/diagnosis';
import type { Experiment } from '../records/experiment';
import type { Reason } from '../records/source';
import { readScript } from '../source/read';
import { projectOnDisk, workspaceOf, type Script } from './scripts';
import { teamSettings } from './teamSettings';

/** Reads the one training unit of a script that a command is about; a sentence when that does not work. */
export function readUnit(
  script: Script,
  name: string | null,
  folder: string,
  surroundings: Surroundings,
): Result<DiagnoseParameters, string> {
  const folders = workspaceOf(script.path, folder);
  const texts = { [script.path]: script.text };
  const settings = teamSettings(script.path, folder);
  if (!settings.ok) return fail(settings.error);
  const { data, values } = settings.value;
  const project = projectOnDisk(folders, texts, data);
  const { experiments } = readScript(surroundings.parser, script.path, script.text, project, values);
  const chosen = chooseUnit(experiments, name);
  if (!chosen.ok) return fail(`${script.given}: ${chosen.error}`);
  const options = {
    folders,
    budgetSeconds: null,
    off: [],
    ...(data === undefined ? {} : { dataPath: data }),
    ...(values === undefined ? {} : { given: values }),
  };
  return ok({ experiment: chosen.value, texts, options });
}

/** A reason with its place, for a terminal. */
export const reasonWords = ({ given }: Script, { text, range }: Pick<Reason, 'text' | 'range'>): string =>
  `${given} line ${range.line}: ${text}`;

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
