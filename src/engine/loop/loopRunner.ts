import { dataViews } from '../binding';
import type { TrainingMemory } from '../kernel/trainingMemory';
import type { LoopCall, Values } from '../onnx/runtime';
import type { OptimizerState } from '../optimizerState';
import type { StepRecorder } from '../recorder';
import type { SideTensors, TwinSetup } from '../setup';
import type { Updater } from '../updater';
import { widthOf, type StepLoop, type StepLoopKind, type StepLoops } from './stepLoop';

/** What the steps of a call take, in order. */
export interface LoopSteps {
  readonly rows: readonly Int32Array[];
  readonly rates: readonly number[];
}

/** Room in the run's memory for what a call hands back, by which loop. */
export function loopScratch({ watched, quick }: StepLoops, dim: number): Readonly<Record<string, number>> {
  const room = ({ maxSteps, handsBack }: StepLoopKind): number => maxSteps * widthOf(handsBack, dim);
  return { watched: room(watched), quick: room(quick) };
}

/** A step loop bound to a run's memory: theta and the optimizer's state move on in place. */
export class LoopRunner {
  private readonly look: Float32Array;
  private readonly width: number;
  private readonly rows: Int32Array;
  private readonly varying: ReadonlyMap<string, Float32Array>;
  private readonly steady: ReadonlyMap<string, Float32Array>;
  private readonly call: LoopCall;
  /** Theta as the updates move it, and as it is followed from step to step of a call. */
  private readonly theta: Float32Array;
  private readonly fresh: Float32Array;

  constructor(
    private readonly loop: StepLoop,
    private readonly optimizer: OptimizerState,
    private readonly memory: TrainingMemory,
    private readonly updater: Updater,
    parts: { readonly setup: TwinSetup; readonly side: SideTensors; readonly batchRows: number },
  ) {
    const { maxSteps } = loop;
    this.theta = memory.vector('theta');
    this.fresh = memory.vector('fresh');
    this.look = memory.scratchVector(loop.handsBack === 'loss' ? 'quick' : 'watched');
    this.width = widthOf(loop.handsBack, memory.dim);
    this.rows = new Int32Array(maxSteps * parts.batchRows);
    this.varying = new Map(loop.varying.map((name) => [name, new Float32Array(maxSteps)]));
    this.steady = new Map(loop.steady.map((name) => [name, new Float32Array(1)]));
    const names = ['theta', ...optimizer.stateNames.map((name) => `state ${name}`)];
    const constants: Values = {
      ...dataViews(parts.setup.train),
      ...Object.fromEntries(parts.side.values),
      ...Object.fromEntries([...this.steady].map(([name, value]) => [`scalar/${name}`, value])),
    };
    this.call = loop.compiled.bind({
      state: Object.fromEntries(names.map((name) => [name, memory.vector(name)])),
      perStep: {
        ...(loop.gathers ? { rows: this.rows } : {}),
        ...Object.fromEntries([...this.varying].map(([name, values]) => [`scalar/${name}`, values])),
      },
      constants: Object.fromEntries(loop.constants.flatMap((name) => (constants[name] ? [[name, constants[name]]] : []))),
      outputs: { look: this.look },
    });
  }

  /** Takes `steps`, the first of which is number `first` (from 1). */
  async run({ rows, rates }: LoopSteps, first: number): Promise<void> {
    if (this.loop.gathers) rows.forEach((own, k) => this.rows.set(own, k * own.length));
    const weightDecay = this.optimizer.weightDecays[0] ?? 0;
    const at = (k: number): readonly number[] =>
      this.optimizer.scalars({ step: first + k, rate: rates[k] ?? NaN, weightDecay }, null);
    const set = (scalars: ReadonlyMap<string, Float32Array>, k: number, numbers: readonly number[]): void => {
      for (const [name, values] of scalars) values[k] = numbers[this.optimizer.scalarNames.indexOf(name)] ?? 0;
    };
    if (this.steady.size > 0) set(this.steady, 0, at(0));
    if (this.varying.size > 0) rates.forEach((_, k) => set(this.varying, k, at(k)));
    const pending = this.call.run(rates.length);
    if (pending !== undefined) await pending;
  }

  /** Keeps what the columns of a call begin from, theta before its first step. To be called before `run`. */
  begin(): void {
    if (this.loop.handsBack === 'vectors') this.fresh.set(this.theta);
  }

  /** Loss of step `k` of the last call, before its update. */
  loss(k: number): number {
    return this.look[k * this.width] as number;
  }

  /** Losses of the first `count` steps of the last call. */
  losses(count: number): number[] {
    const { look, width } = this;
    const losses: number[] = [];
    for (let k = 0; k < count; k++) losses.push(look[k * width] as number);
    return losses;
  }

  /** Whether `losses` of the last call, and theta after it, are all finite. */
  isSound(losses: readonly number[]): boolean {
    for (const loss of losses) if (!Number.isFinite(loss)) return false;
    return this.updater.isFinite('theta');
  }

  /** Records the gradient of step `k` of the last call, and where `watched` by parameter, as `Updater.recordGradient` does. Steps in order. */
  recordGradient(recorder: StepRecorder, k: number, watched: boolean, hasPrevious: boolean): number {
    const { memory, look } = this;
    const { norms, kernels } = this.updater;
    const [gradient, previous] = [look.byteOffset + 4 * (k * this.width + 1), memory.address('previous', 0)];
    const sum = (offset: number, length: number): void =>
      kernels.gradientSums(gradient + 4 * offset, previous + 4 * offset, length, memory.sums.byteOffset);
    return norms.gradient(recorder, sum, watched, hasPrevious);
  }

  /** Records the norms of theta before step `k` of the last call, and of its change, where `watched`. Steps in order. */
  recordMove(recorder: StepRecorder, k: number, watched: boolean): void {
    const { memory } = this;
    const { norms, kernels } = this.updater;
    const { dim, sums } = memory;
    const delta = this.look.byteOffset + 4 * (k * this.width + 1 + dim);
    const fresh = memory.address('fresh', 0);
    // Theta is followed from step to step.
    if (!watched) kernels.applyDelta(fresh, delta, dim, sums.byteOffset);
    else
      norms.move(recorder, (offset, length) => {
        kernels.applyDelta(fresh + 4 * offset, delta + 4 * offset, length, sums.byteOffset);
      });
  }
}
