import type { Partner } from '../records/experiment';
import type { Reason } from '../records/source';
import { Partners } from './company';
import { initialSideTensors } from './firstValues';
import { lastBatchRows } from './batches';
import { noLoops, stepLoops } from './loop/stepLoop';
import { RowsObjective } from './objective';
import type { Programs } from './programs';
import { TrainingRun } from './run';
import type { Company, Look } from './runState';
import type { SideTensors } from './setup';
import { recordTrace, type TraceOptions } from './trace';
import { planRun, type TrainingPlan } from './trainingPlan';
import type { Objective, ObjectiveOptions, ParameterView, RunSettings, Twin } from './twin';
import { everyNth } from './watch';

/** The twin of an Experiment: runs and objectives over one set of compiled programs. */
export class ExperimentTwin implements Twin {
  readonly parameters: readonly ParameterView[];
  readonly dim: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly trainRows: number;
  readonly validationRows: number;
  readonly partRows: number | null;
  /** Side tensors of the run that was started last. */
  private side: SideTensors;

  constructor(
    private readonly programs: Programs,
    private readonly plan: TrainingPlan,
    readonly flopsPerStep: number,
    seed: number,
    private readonly partners: readonly { readonly partner: Partner; readonly programs: Programs }[] = [],
  ) {
    const { layout, trainRows, validationRows } = programs.setup;
    this.parameters = layout.trained.map(({ name, shape, offset, length }) => ({ name, shape, offset, length }));
    this.dim = layout.dim;
    this.stepsPerEpoch = plan.stepsPerEpoch;
    this.totalSteps = plan.totalSteps;
    this.trainRows = trainRows;
    this.validationRows = validationRows;
    this.partRows = plan.partRows;
    this.side = initialSideTensors(programs.setup, seed);
  }

  check(settings: Partial<RunSettings>): Reason | null {
    const { batches, stepsPerEpoch } = planRun(this.programs.setup, this.trainRows, settings);
    if (stepsPerEpoch < 1)
      return {
        text: `An epoch of ${batches.rows} rows has no step at this batch size.`,
        range: this.programs.setup.batches.range,
      };
    const training = !this.programs.setup.loop.trainsInEvalMode;
    for (const rows of new Set([batches.batchSize, lastBatchRows(batches)])) {
      const lowered = this.programs.lower({ rows, batchNorm: training ? 'train' : 'eval', dropout: training });
      if (!lowered.ok) return lowered.error;
    }
    return null;
  }

  start(seed: number, settings: Partial<RunSettings> = {}): TrainingRun {
    const plan = { ...planRun(this.programs.setup, this.trainRows, settings), partRows: this.partRows };
    const flops = (this.flopsPerStep * plan.batches.batchSize) / this.plan.batches.batchSize;
    const look: Look = (split, theta, side) => this.look(split, theta, side);
    const watch = settings.watch ?? everyNth(1);
    const alone = this.partRows === null && this.partners.length === 0;
    const loops = alone ? stepLoops(this.programs.setup, flops, settings.watch === undefined) : noLoops;
    const run = new TrainingRun(this.programs, plan, seed, look, { watch, loops });
    this.side = run.side;
    if (this.partners.length > 0) run.company = this.companyOf(run, seed, settings);
    return run;
  }

  /** Runs of the partners, which take their steps with `run`. */
  private companyOf(run: TrainingRun, seed: number, { batchSize, totalSteps }: Partial<RunSettings>): Company {
    const course = { ...(batchSize === undefined ? {} : { batchSize }), ...(totalSteps === undefined ? {} : { totalSteps }) };
    const members = this.partners.map(({ partner, programs }) => {
      const { setup } = programs;
      const steps =
        course.totalSteps === undefined ? {} : { totalSteps: Math.ceil((course.totalSteps * partner.steps) / partner.own) };
      const plan = planRun(setup, this.trainRows, { ...course, ...steps });
      const look: Look = () => Promise.resolve({ loss: NaN, accuracy: null });
      return { partner, setup, run: new TrainingRun(programs, plan, seed, look, { watch: everyNth(1), loops: noLoops }) };
    });
    return new Partners({ setup: this.programs.setup, run }, members);
  }

  objective(split: 'train' | 'validation', rows: Int32Array, options: ObjectiveOptions = {}): Objective {
    const { setup } = this.programs;
    const side = options.run instanceof TrainingRun ? options.run.side : null;
    return new RowsObjective({
      programs: this.programs,
      plan: this.plan,
      tensors: split === 'train' ? setup.train : setup.validation,
      rows,
      batchNorm: options.batchNorm ?? (split === 'train' && !setup.loop.trainsInEvalMode ? 'train' : 'eval'),
      side: () => side ?? this.side,
    });
  }

  trace(options: TraceOptions): Promise<Uint8Array> {
    return recordTrace(this.programs, this.start(options.seed), options);
  }

  private look(...[split, theta, side]: Parameters<Look>): ReturnType<Look> {
    const { setup } = this.programs;
    const [tensors, count] = split === 'train' ? [setup.train, setup.trainRows] : [setup.validation, setup.validationRows];
    const rows = Int32Array.from({ length: count }, (_, i) => i);
    const parts = { programs: this.programs, plan: this.plan, tensors, rows, batchNorm: 'eval' as const };
    return new RowsObjective({ ...parts, side: () => side }).evaluate(theta);
  }

  dispose(): void {
    for (const { programs } of this.partners) programs.dispose();
    this.programs.dispose();
  }
}
