import type { CancelToken } from '../../base/cancel';
import { fail, ok, type Result } from '../../base/result';
import { loadDataset } from '../../data/load';
import { buildTwin } from '../../engine/build';
import type { Runtime } from '../../engine/onnx/runtime';
import type { Twin } from '../../engine/twin';
import type { InspectParameters } from '../../protocol/inspection';
import type { Dataset } from '../../records/dataset';
import type { Experiment } from '../../records/experiment';
import { longestWork, planRun, type Plan } from '../plan';
import { standInData } from '../standIn/standIn';
import { openProbe } from '../probeRows';
import { readiness } from '../readiness';
import { loadOptions, type Surroundings } from '../session';
import { tooBig, workOf } from '../work';
import { Course } from './course';
import { TrainedLoss, trainedForm, type TrainedForm } from './trainedLoss';

/** A unit that stands ready to be looked at. */
export interface BenchedUnit {
  readonly experiment: Experiment;
  readonly dataset: Dataset;
  readonly twin: Twin;
  readonly plan: Plan;
  readonly seed: number;
  readonly course: Course;
  readonly form: TrainedForm;
  /** The loss that is trained, on the probe rows of a diagnosis. */
  readonly loss: TrainedLoss;
  /** For twins of changed units. */
  readonly runtime: Runtime;
}

/**
 * Keeps the unit that was looked at last, built and partly run, so that the next look at it answers at once. Looks take turns:
 * they share the run.
 */
export class UnitBench {
  private held: { readonly key: string; readonly unit: BenchedUnit; dispose(): void } | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  /** Does `work` on the unit, once those before are done; a sentence when it cannot be trained here. */
  use<T>(
    parameters: InspectParameters,
    surroundings: Surroundings,
    cancel: CancelToken,
    work: (unit: BenchedUnit) => Promise<T>,
  ): Promise<Result<T, string>> {
    const mine = this.turn.then(async (): Promise<Result<T, string>> => {
      if (cancel.cancelled) return fail('Cancelled.');
      const unit = await this.open(parameters, surroundings, cancel);
      return unit.ok ? ok(await work(unit.value)) : unit;
    });
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  /** Lets the unit go. */
  dispose(): void {
    this.held?.dispose();
    this.held = null;
  }

  private async open(
    parameters: InspectParameters,
    surroundings: Surroundings,
    cancel: CancelToken,
  ): Promise<Result<BenchedUnit, string>> {
    const { experiment, options } = parameters;
    const ready = readiness(experiment, options);
    if (ready.status !== 'measured') return fail(ready.reason?.text ?? 'This unit cannot be trained here.');
    const seed = options.seed ?? experiment.seed?.value ?? 0;
    const session = { parameters, surroundings, emit: () => undefined, bounds: { cancel, deadline: null } };
    const loaded = await loadDataset(experiment, loadOptions(session, seed));
    const source = loaded.ok || options.standIn !== true ? loaded : standInData(experiment, seed);
    if (!source.ok) return fail(source.error.text);
    const dataset = source.value;
    const key = JSON.stringify([experiment, seed]);
    // The split's tensors are the same objects as long as the files and the steps are.
    if (this.held?.key === key && this.held.unit.dataset.train === dataset.train) return ok(this.held.unit);
    this.dispose();
    const refusal = tooBig(experiment, dataset, longestWork);
    if (refusal) return fail(refusal.text);
    const built = await buildTwin(experiment, dataset, surroundings.runtime);
    if (!built.ok) return fail(built.error.text);
    return ok(this.hold(key, benchedUnit(experiment, dataset, built.value, seed, surroundings.runtime)));
  }

  private hold(key: string, unit: BenchedUnit): BenchedUnit {
    const dispose = (): void => {
      unit.course.dispose();
      unit.twin.dispose();
    };
    this.held = { key, unit, dispose };
    return unit;
  }
}

/** A built unit with its run at the start and its loss on the probe rows. */
export function benchedUnit(experiment: Experiment, dataset: Dataset, twin: Twin, seed: number, runtime: Runtime): BenchedUnit {
  const plan = planRun(workOf(twin));
  const probe = openProbe(twin, plan, seed);
  const { rows } = probe.train;
  probe.dispose();
  const course = new Course(twin, plan, seed);
  const form = trainedForm(experiment, twin);
  // Bound to this run, so that its running statistics hold even after other runs were started.
  const loss = new TrainedLoss(twin.objective('train', rows, { run: course.run }), form);
  return { experiment, dataset, twin, plan, seed, course, form, loss, runtime };
}
