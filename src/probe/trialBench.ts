import { loadDataset } from '../data/load';
import { FileLook } from '../data/look';
import { buildTwin } from '../engine/build';
import type { Twin } from '../engine/twin';
import type { Experiment } from '../records/experiment';
import type { TextEdit } from '../records/source';
import type { TrialRequest, TrialResult } from '../records/trial';
import { readScript } from '../source/read';
import { applyEdits } from './changes';
import { readiness } from './readiness';
import { loadOptions, type Prepared, type Session } from './session';
import { trialRun, unavailable } from './trialRun';

/** A unit that is ready to be re-run. */
interface Subject {
  readonly experiment: Experiment;
  readonly twin: Twin;
}

/** Runs the trials of one diagnosis; keeps what was built for edited texts until it is disposed. */
export class TrialBench {
  private readonly edited = new Map<string, Subject | string>();

  constructor(
    private readonly session: Session,
    private readonly prepared: Prepared,
  ) {}

  /** Null when the run was cut short by a cancel or a budget. */
  async run(request: TrialRequest): Promise<TrialResult | null> {
    const subject = request.edits ? await this.editedSubject(request.edits) : this.original();
    if (typeof subject === 'string') return unavailable(request, subject);
    return trialRun(request, {
      ...subject,
      plan: this.prepared.plan,
      seed: this.prepared.seed,
      bounds: this.session.bounds,
    });
  }

  dispose(): void {
    for (const subject of this.edited.values()) if (typeof subject !== 'string') subject.twin.dispose();
    this.edited.clear();
  }

  private original(): Subject {
    return { experiment: this.session.parameters.experiment, twin: this.prepared.twin };
  }

  private async editedSubject(edits: readonly TextEdit[]): Promise<Subject | string> {
    const key = JSON.stringify(edits);
    const known = this.edited.get(key);
    if (known !== undefined) return known;
    const subject = await this.build(edits);
    this.edited.set(key, subject);
    return subject;
  }

  /** Reads the edited text again and builds what it says; a sentence when that does not work. */
  private async build(edits: readonly TextEdit[]): Promise<Subject | string> {
    const { parameters, surroundings } = this.session;
    const experiment = rereadUnit(this.session, applyEdits(parameters.texts, edits));
    if (!experiment) return 'The changed script has no such training unit any more.';
    const ready = readiness(experiment);
    if (ready.status !== 'measured') return ready.reason?.text ?? 'The changed script cannot be trained here.';
    const loaded = await loadDataset(experiment, loadOptions(this.session, this.prepared.seed));
    if (!loaded.ok) return loaded.error.text;
    const built = await buildTwin(experiment, loaded.value, surroundings.runtime);
    return built.ok ? { experiment, twin: built.value } : built.error.text;
  }
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
