import type { BatchStream } from '../batches';
import type { TrainingMemory } from '../kernel/trainingMemory';
import type { OptimizerState } from '../optimizerState';
import type { Programs } from '../programs';
import type { StepRecorder } from '../recorder';
import type { Position } from '../runState';
import type { RatesState, RateSchedule } from '../schedules/rates';
import type { SideTensors } from '../setup';
import type { Updater } from '../updater';
import type { Watch } from '../watch';
import { LossJumps } from './lossJumps';
import { LoopRunner, type LoopSteps } from './loopRunner';
import { stepLoop, type StepLoopKind, type StepLoops } from './stepLoop';

/** The parts of a run that its loops work on. */
export interface LoopedParts {
  readonly programs: Programs;
  readonly optimizer: OptimizerState;
  readonly memory: TrainingMemory;
  readonly updater: Updater;
  readonly side: SideTensors;
  readonly stream: BatchStream;
  readonly schedule: RateSchedule;
}

/** Steps that a call has taken. */
export interface TakenSteps {
  /** Losses by step, before each update; without that of a step at which the run ended. */
  readonly losses: readonly number[];
  /** Rows of the last batch that was looked at. */
  readonly lastBatch: Int32Array;
}

/**
 * Steps taken many in one native call. Those that are not watched keep the loss alone; where that, or theta after them, is not finite, or
 * where the loss jumps, they are taken back and taken again as watched ones, which tell at which step and with what gradient.
 */
export class LoopedSteps {
  private readonly runners = new Map<StepLoopKind, Promise<LoopRunner>>();
  private readonly jumps: LossJumps;
  /** What a step changes, live, with room for what it was before the last call. */
  private readonly moving: readonly { readonly live: Float32Array; readonly before: Float32Array }[];
  /** The gradients of steps below this are recorded, whether watched or not. */
  private carefulUntil = 0;

  constructor(
    private readonly parts: LoopedParts,
    private readonly loops: StepLoops,
    private readonly watch: Watch,
  ) {
    this.jumps = new LossJumps(loops.quick.maxSteps);
    const { memory, optimizer } = parts;
    const names = loops.watched.maxSteps === 0 ? [] : ['theta', ...optimizer.stateNames.map((name) => `state ${name}`)];
    this.moving = names.map((name) => ({ live: memory.vector(name), before: new Float32Array(memory.dim) }));
  }

  /** Takes up to `room` steps, and moves `position` on but for its count of batches; null when the coming step is none for a loop. */
  async take(position: Position, recorder: StepRecorder, room: number): Promise<TakenSteps | null> {
    if (this.loops.watched.maxSteps === 0) return null;
    const isNear = this.isNear(position.step);
    const kind = isNear ? this.loops.watched : this.loops.quick;
    const { schedule } = this.parts;
    const rates = schedule.save();
    const length = isNear ? this.nearSteps(position.step) : this.farSteps(position.step);
    const steps = this.plan(position, Math.min(room, kind.maxSteps, length));
    const count = steps.rates.length;
    if (count === 0) return null;
    const runner = await this.runnerOf(kind);
    for (const { live, before } of this.moving) before.set(live);
    runner.begin();
    await runner.run(steps, position.step + 1);
    if (isNear) return this.record(position, recorder, runner, steps, rates);
    const losses = runner.losses(count);
    const again = this.stepsToTakeAgain(runner, position.step, losses);
    if (again > 0) {
      for (const { live, before } of this.moving) live.set(before);
      schedule.load(rates);
      this.carefulUntil = position.step + again;
      return this.take(position, recorder, room);
    }
    return this.enter(position, recorder, losses, steps);
  }

  /** Whether the norms of step `step` are taken. */
  isWatched(step: number): boolean {
    return this.watch.next(step) === step;
  }

  /** Whether the step is recorded by itself: it is watched, or the next is, whose gradient is compared with its own. */
  private isNear(step: number): boolean {
    return step < this.carefulUntil || this.watch.next(step) <= step + 1;
  }

  /** Steps on from `step` that are taken as watched ones. */
  private nearSteps(step: number): number {
    let count = 1;
    while (count < this.loops.watched.maxSteps && this.isNear(step + count)) count++;
    return count;
  }

  private farSteps(step: number): number {
    return this.watch.next(step) - 1 - step;
  }

  /** How many of a quick call's steps from `first` on are to be taken again, as watched ones; 0: none. */
  private stepsToTakeAgain(runner: LoopRunner, first: number, losses: readonly number[]): number {
    return runner.isSound(losses) ? this.jumps.find(first, losses) : losses.length;
  }

  private enter(position: Position, recorder: StepRecorder, losses: readonly number[], { rates, rows }: LoopSteps): TakenSteps {
    recorder.enter(position.step, losses, rates);
    position.step += losses.length;
    position.hasPrevious = false;
    return { losses, lastBatch: rows.at(-1) as Int32Array };
  }

  private async record(
    position: Position,
    recorder: StepRecorder,
    runner: LoopRunner,
    { rows, rates: stepRates }: LoopSteps,
    rates: RatesState,
  ): Promise<TakenSteps> {
    const losses: number[] = [];
    for (const [k, rate] of stepRates.entries()) {
      const loss = runner.loss(k);
      const isWatched = this.isWatched(position.step);
      const norm = runner.recordGradient(recorder, k, isWatched, position.hasPrevious);
      position.hasPrevious = true;
      if (!Number.isFinite(loss) || !Number.isFinite(norm)) {
        position.nonFinite = { step: position.step };
        recorder.close(position.step, loss, rate);
        await this.takeBack(position, runner, { rows: rows.slice(0, k), rates: stepRates.slice(0, k) }, rates);
        return { losses, lastBatch: rows[k] as Int32Array };
      }
      runner.recordMove(recorder, k, isWatched);
      recorder.close(position.step, loss, rate);
      position.step++;
      losses.push(loss);
      this.jumps.add(loss);
    }
    return { losses, lastBatch: rows.at(-1) as Int32Array };
  }

  /** The coming steps with whole batches, and the schedule moved on past them; up to an epoch's end that a plateau waits for. */
  private plan(position: Position, most: number): LoopSteps {
    const { stream, schedule } = this.parts;
    const { sampling, batchSize } = stream.plan;
    const { watches } = schedule;
    if (sampling === 'full' && schedule.isConstant) {
      // All steps are alike: going through them one by one is a hundredth of a small net's training.
      const rates = new Array<number>(most).fill(schedule.rates[0] ?? 0);
      return { rows: new Array<Int32Array>(most).fill(stream.at(position.batch)), rates };
    }
    const steps: { readonly rows: Int32Array[]; readonly rates: number[] } = { rows: [], rates: [] };
    while (steps.rates.length < most) {
      const index = position.batch + steps.rates.length;
      const rows = stream.at(index);
      if (rows.length !== batchSize) break;
      steps.rows.push(sampling === 'full' ? rows : rows.slice());
      steps.rates.push(schedule.rates[0] ?? 0);
      schedule.tick('batch', NaN);
      if ((index + 1) % stream.perEpoch !== 0) continue;
      if (watches !== null) break;
      schedule.tick('epoch', NaN);
    }
    return steps;
  }

  /** Puts the run back to where it stood after `good`, the first steps of a call. */
  private async takeBack(position: Position, runner: LoopRunner, good: LoopSteps, rates: RatesState): Promise<void> {
    const { schedule, stream } = this.parts;
    for (const { live, before } of this.moving) live.set(before);
    schedule.load(rates);
    const { length } = good.rates;
    if (length > 0) await runner.run(good, position.step + 1 - length);
    for (const k of good.rates.keys()) {
      schedule.tick('batch', NaN);
      if ((position.batch + k + 1) % stream.perEpoch === 0) schedule.tick('epoch', NaN);
    }
  }

  private runnerOf(kind: StepLoopKind): Promise<LoopRunner> {
    let runner = this.runners.get(kind);
    if (runner === undefined) {
      runner = this.makeRunner(kind);
      this.runners.set(kind, runner);
    }
    return runner;
  }

  private async makeRunner(kind: StepLoopKind): Promise<LoopRunner> {
    const { programs, optimizer, memory, updater, side, stream } = this.parts;
    const { batchSize, sampling } = stream.plan;
    const loop = await stepLoop(programs, optimizer, { rows: batchSize, gathers: sampling !== 'full', ...kind });
    return new LoopRunner(loop, optimizer, memory, updater, { setup: programs.setup, side, batchRows: batchSize });
  }
}
