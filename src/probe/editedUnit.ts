import { loadDataset } from '../data/load';
import { FileLook } from '../data/look';
import { buildTwin } from '../engine/build';
import type { Twin } from '../engine/twin';
import type { Dataset } from '../records/dataset';
import type { Experiment } from '../records/experiment';
import type { TextEdit } from '../records/source';
import { readScript } from '../source/read';
import { applyEdits } from './changes';
import { readiness } from './readiness';
import { loadOptions, type Session } from './session';

/** A unit of a changed text that is ready to be run. */
export interface EditedUnit {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly twin: Twin;
}

/** Reads the edited text again and builds what it says of the session's unit; a sentence when that does not work. */
export async function buildEdited(session: Session, seed: number, edits: readonly TextEdit[]): Promise<EditedUnit | string> {
  const { parameters, surroundings } = session;
  const experiment = rereadUnit(session, applyEdits(parameters.texts, edits));
  if (!experiment) return 'The changed script has no such training unit any more.';
  const ready = readiness(experiment);
  if (ready.status !== 'measured') return ready.reason?.text ?? 'The changed script cannot be trained here.';
  const loaded = await loadDataset(experiment, loadOptions(session, seed));
  if (!loaded.ok) return loaded.error.text;
  const built = await buildTwin(experiment, loaded.value, surroundings.runtime);
  return built.ok ? { experiment, dataset: loaded.value, twin: built.value } : built.error.text;
}

/** The same unit in changed texts: by name, or by order when the name changed with the text. */
function rereadUnit(session: Session, texts: Readonly<Record<string, string>>): Experiment | null {
  const { experiment, options } = session.parameters;
  const { path, name } = experiment.unit;
  const text = texts[path];
  if (text === undefined) return null;
  const { folders } = options;
  const project = { folders, read: (file: string) => texts[file] ?? null, tables: new FileLook(() => options) };
  const { experiments } = readScript(session.surroundings.parser, path, text, project, options.given);
  return (
    experiments.find((candidate) => candidate.unit.name === name) ?? (experiments.length === 1 ? (experiments[0] ?? null) : null)
  );
}
