import type { CancelToken } from '../base/cancel';
import { diagnose } from '../probe/diagnose';
import { readOnlyReport } from '../probe/report';
import type { Surroundings } from '../probe/session';
import type { DiagnoseEvent, DiagnoseParameters } from '../protocol/messages';
import type { Experiment } from '../records/experiment';
import type { UnitReport } from '../records/report';
import type { Reason } from '../records/source';
import { readScript } from '../source/read';
import type { CheckCommand } from './arguments';
import { projectOnDisk, workspaceOf, type Script } from './scripts';

/** The reports of one script's training units. */
export interface FileReport {
  /** The path as the person gave it. */
  readonly given: string;
  readonly path: string;
  readonly text: string;
  readonly units: readonly UnitReport[];
  readonly syntaxErrors: readonly Reason[];
}

export interface CheckInput {
  readonly script: Script;
  readonly command: CheckCommand;
  /** The working folder. */
  readonly folder: string;
  readonly surroundings: Surroundings;
  readonly cancel: CancelToken;
  readonly onEvent: (unit: string, event: DiagnoseEvent) => void;
}

/** Reads one script and diagnoses its training units, one after the other. */
export async function checkScript(input: CheckInput): Promise<FileReport> {
  const { script, command, folder, surroundings, cancel, onEvent } = input;
  const folders = workspaceOf(script.path, folder);
  const texts: Record<string, string> = { [script.path]: script.text };
  const reading = readScript(surroundings.parser, script.path, script.text, projectOnDisk(folders, texts));
  const wanted = reading.experiments.filter((experiment) => command.unit === null || experiment.unit.name === command.unit);
  const units: UnitReport[] = [];
  for (const experiment of wanted) {
    if (cancel.cancelled) break;
    const parameters = parametersFor(experiment, texts, folders, command);
    units.push(
      command.staticOnly
        ? readOnlyReport(parameters)
        : await diagnose(parameters, surroundings, (event) => onEvent(experiment.unit.name, event), cancel),
    );
  }
  return { given: script.given, path: script.path, text: script.text, units, syntaxErrors: reading.syntaxErrors };
}

function parametersFor(
  experiment: Experiment,
  texts: Readonly<Record<string, string>>,
  folders: readonly string[],
  command: CheckCommand,
): DiagnoseParameters {
  return {
    experiment,
    texts,
    options: {
      folders,
      budgetSeconds: command.budget,
      off: [],
      ...(command.data === null ? {} : { dataPath: command.data }),
      ...(command.seed === null ? {} : { seed: command.seed }),
    },
  };
}
