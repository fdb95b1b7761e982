import type { Twin } from '../engine/twin';
import type { Experiment } from '../records/experiment';
import type { TextEdit } from '../records/source';
import type { TrialRequest, TrialResult } from '../records/trial';
import { buildEdited, type EditedUnit } from './editedUnit';
import type { Prepared, Session } from './session';
import { trialRun, unavailable } from './trialRun';

/** A unit that is ready to be re-run. */
interface Subject {
  readonly experiment: Experiment;
  readonly twin: Twin;
}

/** Runs the trials of one diagnosis; keeps what was built for edited texts until it is disposed. */
export class TrialBench {
  private readonly edited = new Map<string, EditedUnit | string>();

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

  private async editedSubject(edits: readonly TextEdit[]): Promise<EditedUnit | string> {
    const key = JSON.stringify(edits);
    const known = this.edited.get(key);
    if (known !== undefined) return known;
    const subject = await buildEdited(this.session, this.prepared.seed, edits);
    this.edited.set(key, subject);
    return subject;
  }
}
