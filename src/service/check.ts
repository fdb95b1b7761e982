import type { CancelToken } from '../base/cancel';
import { diagnose } from '../probe/diagnose';
import { readOnlyReport } from '../probe/report';
import type { Surroundings } from '../probe/session';
import type { DiagnoseEvent, DiagnoseParameters } from '../protocol/diagnosis';
import type { ProjectSettings } from '../protocol/projectSettings';
import type { UnusedSuppression } from '../protocol/suppressions';
import type { Experiment } from '../records/experiment';
import type { InspectionLog } from '../protocol/inspection';
import type { UnitReport } from '../records/report';
import type { Reason } from '../records/source';
import type { Notebook } from '../source/notebook/notebook';
import { readScript } from '../source/read';
import type { CheckCommand } from './arguments';
import { surfaceOf } from './surface';
import { projectOnDisk, workspaceOf, type Script } from './scripts';
import { rulesOff, unusedComments, withSettings } from './teamSettings';

/** The reports of one script's training units. */
export interface FileReport {
  /** The path as the person gave it. */
  readonly given: string;
  readonly path: string;
  readonly text: string;
  /** The notebook that the text is the program of; null for a plain file. */
  readonly notebook: Notebook | null;
  readonly units: readonly UnitReport[];
  /** The loss surface at one point of each unit that was measured, by the unit's name; only where a page is written. */
  readonly surfaces?: ReadonlyMap<string, InspectionLog>;
  readonly syntaxErrors: readonly Reason[];
  /** Comments `# descent-lens: ignore[...]` that silenced nothing. */
  readonly unused: readonly UnusedSuppression[];
}

export interface CheckInput {
  readonly script: Script;
  readonly command: CheckCommand;
  /** The working folder. */
  readonly folder: string;
  readonly settings: ProjectSettings;
  readonly surroundings: Surroundings;
  readonly cancel: CancelToken;
  readonly onEvent: (unit: string, event: DiagnoseEvent) => void;
}

/** Reads one script and diagnoses its training units, one after the other. */
export async function checkScript(input: CheckInput): Promise<FileReport> {
  const { script, command, folder, settings, surroundings, cancel, onEvent } = input;
  const folders = workspaceOf(script.path, folder);
  const texts: Record<string, string> = { [script.path]: script.text };
  const project = projectOnDisk(folders, texts, command.data ?? settings.data);
  const reading = readScript(surroundings.parser, script.path, script.text, project, settings.values);
  const wanted = reading.experiments.filter((experiment) => command.unit === null || experiment.unit.name === command.unit);
  const units: UnitReport[] = [];
  const surfaces = new Map<string, InspectionLog>();
  for (const experiment of wanted) {
    if (cancel.cancelled) break;
    const parameters = parametersFor(experiment, texts, folders, command, settings);
    const tell = (event: DiagnoseEvent): void => onEvent(experiment.unit.name, event);
    const unit = command.staticOnly ? readOnlyReport(parameters) : await diagnose(parameters, surroundings, tell, cancel);
    units.push(unit);
    if (command.report === null || cancel.cancelled) continue;
    const surface = await surfaceOf(unit, parameters, surroundings, tell, cancel);
    if (surface) surfaces.set(unit.name, surface);
  }
  return {
    given: script.given,
    path: script.path,
    text: script.text,
    notebook: script.notebook,
    units: units.map((unit) => withSettings(unit, settings, texts)),
    surfaces,
    syntaxErrors: reading.syntaxErrors,
    unused: unusedComments(units, script.path, script.text),
  };
}

function parametersFor(
  experiment: Experiment,
  texts: Readonly<Record<string, string>>,
  folders: readonly string[],
  command: CheckCommand,
  settings: ProjectSettings,
): DiagnoseParameters {
  const data = command.data ?? settings.data;
  const seed = command.seed ?? settings.seed;
  return {
    experiment,
    texts,
    options: {
      folders,
      budgetSeconds: command.budget ?? settings.budget ?? null,
      off: rulesOff(settings),
      ...(data === undefined ? {} : { dataPath: data }),
      ...(seed === undefined ? {} : { seed }),
      ...(settings.values === undefined ? {} : { given: settings.values }),
      ...(settings.standIn === true ? { standIn: true } : {}),
    },
  };
}
