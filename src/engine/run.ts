import { setImmediate as macrotask } from 'node:timers/promises';
import type { CancelToken } from '../base/cancel';
import { Random } from '../base/random';
import { BatchGradient, type GradientOfBatch, type TrainingMode } from './batchGradient';
import { PartedGradient } from './partedGradient';
import { BatchStream } from './batches';
import { initialSideTensors, initialiseParameters } from './firstValues';
import { TrainingMemory } from './kernel/trainingMemory';
import { LoopedSteps } from './loop/loopedSteps';
import { loopScratch } from './loop/loopRunner';
import type { StepLoops } from './loop/stepLoop';
import { optimizerState, type OptimizerState } from './optimizerState';
import { Lbfgs, type Closure } from './optimizers/lbfgs';
import type { Vectors } from './optimizers/rule';
import { valuesOf } from './optimizers/table';
import type { Programs } from './programs';
import { StepRecorder } from './recorder';
import { isStepDue, startsCleared } from './pace';
import { areInOrder } from './rows';
import type { BatchOfStep, Company, Look, Position, SavedState } from './runState';
import { RateSchedule } from './schedules/rates';
import type { SideTensors } from './setup';
import type { TrainingPlan } from './trainingPlan';
import type { Run, RunSnapshot, StepColumns } from './twin';
import { Updater } from './updater';
import type { Watch } from './watch';
import { WeightAverage } from './weightAverage';
import { BoundedWeights } from './weightBounds';

/** Longest time without a macrotask, in ms, so that a cancel is heard. */
const longestSilence = 20;

/** What is behind each snapshot; a run may also go on from one of another run of its twin. */
const savedStates = new WeakMap<RunSnapshot, SavedState>();

/** Training as the script does it, faults included: one instance a run, over vectors of one flat memory. */
export class TrainingRun implements Run {
  readonly theta: Float32Array;
  /** Frozen parameters and running statistics, live. */
  readonly side: SideTensors;
  lastBatch: Int32Array = new Int32Array(0);
  private readonly memory: TrainingMemory;
  private readonly updater: Updater;
  private readonly state: Vectors;
  private readonly optimizer: OptimizerState;
  private readonly schedule: RateSchedule;
  private readonly stream: BatchStream;
  private readonly dropout: Random;
  private readonly bound = new Map<string, Promise<GradientOfBatch>>();
  private position: Position;
  private kept: BatchOfStep[] = [];
  private readonly looped: LoopedSteps;
  private readonly lbfgs: Lbfgs | null;
  private readonly average: WeightAverage | null;
  private readonly bounds: BoundedWeights | null;
  /** Set to keep each step's batches and masks, for a trace. */
  keepsBatches = false;
  /** The parameters as the last step left them, where the script cuts them off afterwards and `keepsBatches` is set. */
  stepped: Float32Array | null = null;
  /** Other optimizers that take their steps in the same loop. */
  company: Company | null = null;

  constructor(
    private readonly programs: Programs,
    private readonly plan: TrainingPlan,
    seed: number,
    private readonly look: Look,
    private readonly ways: {
      /** As in `RunSettings`. */
      readonly watch: Watch;
      /** Steps to take in one native call. */
      readonly loops: StepLoops;
    },
  ) {
    const { setup } = programs;
    this.optimizer = optimizerState(setup, plan.changes);
    this.lbfgs = setup.optimizer.kind === 'lbfgs' ? new Lbfgs(valuesOf(setup.optimizer)) : null;
    const stateNames = this.optimizer.stateNames.map((name) => `state ${name}`);
    const { averaging, bounds } = setup.loop;
    const vectors = ['theta', 'gradient', 'previous', 'fresh', ...stateNames, ...(averaging ? ['average'] : [])];
    this.memory = new TrainingMemory(setup.layout.dim, vectors, loopScratch(ways.loops, setup.layout.dim));
    this.theta = this.memory.vector('theta');
    this.average = averaging ? new WeightAverage(averaging, this.theta, this.memory.vector('average')) : null;
    this.bounds = bounds ? new BoundedWeights(bounds, setup.layout, this.theta) : null;
    this.state = Object.fromEntries(this.optimizer.stateNames.map((name) => [name, this.memory.vector(`state ${name}`)]));
    this.updater = new Updater(setup, this.memory, this.optimizer);
    this.side = initialSideTensors(setup, seed);
    initialiseParameters(setup, seed, this.theta);
    this.bounds?.apply('beforeStep');
    this.schedule = new RateSchedule(setup.schedules, this.optimizer.baseRates, plan.scheduleScale);
    const random = new Random(seed);
    this.stream = new BatchStream(plan.batches, random.fork('batches'));
    this.dropout = random.fork('dropout');
    const { optimizer, memory, updater, side, stream, schedule } = this;
    this.looped = new LoopedSteps({ programs, optimizer, memory, updater, side, stream, schedule }, ways.loops, ways.watch);
    const mode = setup.loop.trainsInEvalMode ? 'eval' : 'train';
    this.position = {
      step: 0,
      batch: 0,
      cleared: true,
      hasPrevious: false,
      mode,
      epochLoss: 0,
      epochBatches: 0,
      lastLoss: NaN,
      averaged: 0,
      nonFinite: null,
    };
  }

  get step(): number {
    return this.position.step;
  }

  /** The pass of the script's loop, counted over the whole run, in which the step of this number is taken. */
  passOf(step: number): number {
    const { takenEvery = 1, takenFrom = 0 } = this.programs.setup.loop;
    return this.plan.batches.sampling === 'epochs' ? this.stream.passOf(step) : takenFrom + step * takenEvery;
  }

  get learningRate(): number {
    return this.schedule.rates[0] ?? 0;
  }

  /** The weights that the script evaluates: theta, or the average that it keeps. A live view. */
  get evaluated(): Float32Array {
    return this.average?.evaluated(this.position.averaged) ?? this.theta;
  }

  /** Learning rate of each parameter group in the coming step. */
  get groupRates(): readonly number[] {
    return this.schedule.rates;
  }

  /** Batches of the last step with their dropout masks; kept when `keepsBatches` is set. */
  get batchesOfStep(): readonly BatchOfStep[] {
    return this.kept;
  }

  async advance(count: number, cancel: CancelToken): Promise<StepColumns> {
    const recorder = new StepRecorder();
    let heard = performance.now();
    const first = this.position.step;
    for (;;) {
      const left = count - (this.position.step - first);
      if (left === 0 || this.position.nonFinite !== null || cancel.cancelled) break;
      const { step } = this.position;
      await this.company?.before(step, cancel);
      if (!(await this.takeLoop(recorder, left))) await this.takeStep(recorder);
      await this.company?.after(step, cancel);
      if (performance.now() - heard > longestSilence) {
        await macrotask();
        heard = performance.now();
      }
    }
    return recorder.result(this.position.nonFinite);
  }

  /** One optimizer step: its batches' forward and backward passes, and the update. */
  private async takeStep(recorder: StepRecorder): Promise<void> {
    const { loop } = this.programs.setup;
    let loss = 0;
    let batches = 0;
    let due: boolean;
    let lastLoss = NaN;
    this.kept = [];
    this.bounds?.apply('beforeStep');
    do {
      const batchLoss = await this.takeBatch();
      loss += batchLoss;
      lastLoss = batchLoss;
      batches++;
      due = this.isStepDue();
      if (!due) await this.afterBatch(batchLoss);
    } while (!due && Number.isFinite(loss));
    const [meanLoss, rate] = [loss / batches, this.learningRate];
    const norm = this.recordGradient(recorder);
    if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
      this.position.nonFinite = { step: this.position.step };
      recorder.close(this.position.step, meanLoss, rate);
      return;
    }
    if (this.lbfgs !== null && loop.step !== null && loop.backward !== null) {
      await this.takeClosureStep(this.lbfgs, recorder, { loss, meanLoss });
      return;
    }
    if (loop.backward !== null) this.updater.clip(norm);
    // Without `step` or `backward` in the script, or with the gradients cleared in between, the parameters stay.
    if (loop.step === null || loop.backward === null || loop.zeroGrad.when === 'beforeStep')
      this.updater.stay(recorder, this.isWatched);
    else this.updater.update(recorder, this.position.step + 1, { ...this.schedule.now, watched: this.isWatched });
    if (this.bounds !== null) this.cutOff(this.bounds);
    recorder.close(this.position.step, meanLoss, rate);
    this.position.step++;
    if (loop.zeroGrad.when === 'everyStep' || loop.zeroGrad.when === 'beforeStep') this.position.cleared = true;
    this.schedule.tick('batch', this.schedule.watches === 'lastBatch' ? lastLoss : meanLoss);
    this.followAverage('step', this.stepsToAverage());
    await this.afterBatch(lastLoss);
  }

  /** Lets the script cut off what the optimizer has left. */
  private cutOff(bounds: BoundedWeights): void {
    if (this.keepsBatches) this.stepped = this.theta.slice();
    bounds.apply('afterStep');
  }

  /** The rest of a step whose optimizer evaluates the batch again and again: its closure clears, computes and clips. */
  private async takeClosureStep(
    lbfgs: Lbfgs,
    recorder: StepRecorder,
    { loss, meanLoss }: Readonly<Record<'loss' | 'meanLoss', number>>,
  ): Promise<void> {
    const { loop } = this.programs.setup;
    const gradient = this.memory.vector('gradient');
    const clipped = (): Float32Array => {
      if (loop.clipping !== null) this.updater.clip(Math.sqrt(gradient.reduce((sum, g) => sum + g * g, 0)));
      return gradient;
    };
    let evaluation = 0;
    const closure: Closure = async () => {
      if (loop.zeroGrad.when === 'everyStep') this.position.cleared = true;
      const again = await this.takeBatch(`, evaluation ${++evaluation}`);
      return { loss: again, gradient: clipped() };
    };
    const before = this.theta.slice();
    await lbfgs.step(this.theta, this.learningRate, closure, { loss, gradient: clipped() });
    this.updater.recordMove(recorder, before, this.isWatched);
    recorder.close(this.position.step, meanLoss, this.learningRate);
    this.position.step++;
    if (loop.zeroGrad.when === 'everyStep') this.position.cleared = true;
    this.schedule.tick('batch', loss);
    this.followAverage('step', this.stepsToAverage());
    await this.afterBatch(loss);
  }

  /** As many steps as one native call can take, up to `room`; false when the coming step must be taken by itself. */
  private async takeLoop(recorder: StepRecorder, room: number): Promise<boolean> {
    // Steps of one call leave no weights in between.
    if (this.average !== null || this.bounds !== null) return false;
    const taken = await this.looped.take(this.position, recorder, room);
    if (taken === null) return false;
    this.lastBatch = taken.lastBatch;
    if (this.keepsBatches) this.kept = [{ rows: taken.lastBatch, masks: new Map() }];
    let epochEnds = false;
    for (const loss of taken.losses) epochEnds = this.countBatch(loss);
    if (epochEnds && this.schedule.watches !== null) await this.endEpoch();
    return true;
  }

  /** Whether norms by parameter are taken at the coming step. */
  private get isWatched(): boolean {
    return this.looped.isWatched(this.position.step);
  }

  private isStepDue(): boolean {
    return isStepDue(this.programs.setup.loop, this.position.batch, this.stream.perEpoch);
  }

  /** Forward and backward over one batch; the gradient goes into the buffers, or is added to what they hold. */
  private async takeBatch(evaluation = ''): Promise<number> {
    const { position } = this;
    const { loop } = this.programs.setup;
    if (loop.zeroGrad.when === 'everyEpoch' && position.batch % this.stream.perEpoch === 0) position.cleared = true;
    if (startsCleared(loop, position.batch, this.stream.perEpoch)) position.cleared = true;
    this.lastBatch = this.stream.at(position.batch);
    const target = position.cleared ? 'gradient' : 'fresh';
    const batchGradient = await this.gradientInto(target, this.lastBatch.length, position.mode);
    const draws = this.dropout.fork(`batch ${position.batch}${evaluation}`);
    const loss = await batchGradient.run(this.lastBatch, (call) => draws.fork(`call ${call}`), this.keepsBatches);
    if (this.keepsBatches) this.kept.push({ rows: this.lastBatch.slice(), masks: batchGradient.copyMasks() });
    if (target === 'fresh') this.updater.accumulate();
    position.cleared = false;
    return loss;
  }

  private gradientInto(target: 'gradient' | 'fresh', rows: number, mode: TrainingMode): Promise<GradientOfBatch> {
    const key = `${target} ${rows} ${mode}`;
    let made = this.bound.get(key);
    if (made === undefined) {
      const inPlace =
        rows === this.programs.setup.trainRows && areInOrder(this.lastBatch) && this.plan.batches.sampling === 'full';
      const memory = { theta: this.theta, out: this.memory.vector(target), side: this.side };
      const parted = PartedGradient.make(this.programs, { rows, mode, partRows: this.plan.partRows }, memory);
      made = parted ?? BatchGradient.make(this.programs, { rows, mode, inPlace }, memory);
      this.bound.set(key, made);
    }
    return made;
  }

  /** Norms of the buffers; without `backward` there are none, and nothing changes. */
  private recordGradient(recorder: StepRecorder): number {
    const { loop } = this.programs.setup;
    if (loop.backward === null) this.memory.vector('gradient').fill(0);
    // A script that clips by the norm gets the same number at every step.
    if (!this.isWatched && loop.clipping === null) {
      const isNext = this.ways.watch.next(this.position.step) === this.position.step + 1;
      const norm = this.updater.recordQuickly(recorder, isNext);
      this.position.hasPrevious = isNext;
      return norm;
    }
    const norm = this.updater.recordGradient(recorder, this.isWatched, this.position.hasPrevious);
    this.position.hasPrevious = true;
    return norm;
  }

  /** Counts the batch; at the end of an epoch steps the schedules and lets the script's evaluation happen. */
  private async afterBatch(loss: number): Promise<void> {
    const epochEnds = this.countBatch(loss);
    this.afterEvaluation(epochEnds);
    if (epochEnds) await this.endEpoch();
  }

  /** Whether the batch ends its epoch. */
  private countBatch(loss: number): boolean {
    const { position } = this;
    if (position.batch % this.stream.perEpoch === 0) {
      position.epochLoss = 0;
      position.epochBatches = 0;
    }
    position.batch++;
    position.epochLoss += loss;
    position.lastLoss = loss;
    position.epochBatches++;
    return position.batch % this.stream.perEpoch === 0;
  }

  /** Steps the schedules of epochs, on the epoch's mean loss, or the validation loss or an accuracy where one waits for it. */
  private async endEpoch(): Promise<void> {
    this.followAverage('epoch', Math.floor(this.position.batch / this.stream.perEpoch));
    const { epochLoss, epochBatches, lastLoss } = this.position;
    const { watches, watchedMeasure } = this.schedule;
    if (watches !== 'validation' && watchedMeasure === 'loss') {
      this.schedule.tick('epoch', watches === 'lastBatch' ? lastLoss : epochLoss / epochBatches);
      return;
    }
    const seen = await this.look(watches === 'validation' ? 'validation' : 'train', this.evaluated, this.side);
    this.schedule.tick('epoch', (watchedMeasure === 'loss' ? seen.loss : seen.accuracy) ?? NaN);
  }

  /** Steps that have ended as the average of the weights counts them. */
  private stepsToAverage(): number {
    const { step, batch } = this.position;
    return this.programs.setup.loop.averaging?.anew ? (batch % this.stream.perEpoch) + 1 : step;
  }

  /** The average of the weights, where the script keeps one, after so many steps or epochs. */
  private followAverage(what: 'step' | 'epoch', ended: number): void {
    if (this.average) this.position.averaged = this.average.follow(what, ended, this.position.averaged);
  }

  /** An evaluation that never calls `train()` again leaves the model in evaluation mode. */
  private afterEvaluation(epochEnds: boolean): void {
    const { evaluation } = this.programs.setup.loop;
    if (evaluation === null || !evaluation.evalMode || evaluation.trainModeRestored || evaluation.per === 'end') return;
    if (epochEnds || evaluation.per === 'batch') this.position.mode = 'eval';
  }

  preconditioner(): Float32Array | null {
    const out = new Float32Array(this.theta.length);
    return this.optimizer.preconditioner(out, this.state, this.position.step) ? out : null;
  }

  snapshot(): RunSnapshot {
    const vectors = this.memory.save();
    const side = new Map([...this.side.values].map(([name, value]) => [name, value.slice()]));
    const state: SavedState = {
      step: this.position.step,
      bytes: vectors.all.byteLength + [...side.values()].reduce((sum, value) => sum + value.byteLength, 0),
      position: { ...this.position },
      vectors,
      side,
      batchesTracked: this.side.batchesTracked,
      rates: this.schedule.save(),
      lastBatch: this.lastBatch.slice(),
      lbfgs: this.lbfgs?.save() ?? null,
      company: this.company?.save() ?? [],
    };
    const handle: RunSnapshot = { step: state.step, bytes: state.bytes };
    savedStates.set(handle, state);
    return handle;
  }

  restore(snapshot: RunSnapshot): void {
    const state = savedStates.get(snapshot);
    if (state === undefined) throw new Error('This is no snapshot of a run.');
    this.position = { ...state.position };
    this.memory.load(state.vectors);
    for (const [name, value] of state.side) this.side.values.get(name)?.set(value);
    this.side.batchesTracked = state.batchesTracked;
    this.schedule.load(state.rates);
    this.lastBatch = state.lastBatch.slice();
    this.lbfgs?.load(state.lbfgs);
    this.company?.load(state.company);
  }

  dispose(): void {
    this.bound.clear();
  }
}
