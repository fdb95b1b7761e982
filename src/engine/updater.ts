import type { Quantity } from '../records/measurement';
import { clipFactor, clipNorm, clipValues } from './clipping';
import type { TrainingMemory } from './kernel/trainingMemory';
import type { OptimizerState } from './optimizerState';
import type { StepRecorder } from './recorder';
import type { TwinSetup } from './setup';

type Kernel = (...values: number[]) => void;

interface PlacedParameter {
  readonly offset: number;
  readonly length: number;
  readonly group: number;
  /** Addresses: theta and gradient, then the states in the optimizer's order. */
  readonly vectors: readonly number[];
  readonly previous: number;
  readonly gradientNorm: Quantity;
  readonly parameterNorm: Quantity;
  readonly updateRatio: Quantity;
}

/** Everything between `backward` and the next forward pass: norms, clipping and the optimizer's step, by kernels. */
export class Updater {
  private readonly parameters: readonly PlacedParameter[];
  private readonly kernels: Readonly<Record<'update' | 'gradientSums' | 'addInto' | 'scale' | 'applyDelta', Kernel>>;
  private readonly sumsAddress: number;

  constructor(
    private readonly setup: TwinSetup,
    private readonly memory: TrainingMemory,
    private readonly optimizer: OptimizerState,
  ) {
    const vectors = ['theta', 'gradient', ...optimizer.stateNames.map((name) => `state ${name}`)];
    this.parameters = setup.layout.trained.map(({ name, offset, length, group }) => ({
      length,
      group,
      vectors: vectors.map((vector) => memory.address(vector, offset)),
      offset,
      previous: memory.address('previous', offset),
      gradientNorm: `gradientNorm/${name}`,
      parameterNorm: `parameterNorm/${name}`,
      updateRatio: `updateRatio/${name}`,
    }));
    this.kernels = memory.instantiate(optimizer.module) as typeof this.kernels;
    this.sumsAddress = memory.sums.byteOffset;
    for (const name of optimizer.stateNames) memory.vector(`state ${name}`).fill(optimizer.firstState);
  }

  /** gradient ← gradient + fresh. */
  accumulate(): void {
    const { memory } = this;
    this.kernels.addInto(memory.address('gradient', 0), memory.address('fresh', 0), memory.dim, this.sumsAddress);
  }

  /**
   * Records the norms of the gradient buffers, in all and by parameter, and their cosine to the previous ones,
   * which they then become. Returns the norm of all.
   */
  recordGradient(recorder: StepRecorder, hasPrevious: boolean): number {
    return this.recordNorms(recorder, hasPrevious, (offset) => this.memory.address('gradient', offset));
  }

  private recordNorms(recorder: StepRecorder, hasPrevious: boolean, addressOf: (offset: number) => number): number {
    let [squares, product, before] = [0, 0, 0];
    for (const { offset, previous, length, gradientNorm } of this.parameters) {
      this.kernels.gradientSums(addressOf(offset), previous, length, this.sumsAddress);
      const [own = 0, ownProduct = 0, ownBefore = 0] = this.memory.sums;
      squares += own;
      product += ownProduct;
      before += ownBefore;
      recorder.write(gradientNorm, Math.sqrt(own));
    }
    const norm = Math.sqrt(squares);
    recorder.write('gradientNorm', norm);
    recorder.write('gradientCosine', hasPrevious ? product / (norm * Math.sqrt(before)) : NaN);
    return norm;
  }

  /** Clips the buffers, whose norm is `norm`, if the script does. */
  clip(norm: number): void {
    const { clipping } = this.setup.loop;
    if (clipping === null) return;
    const gradient = this.memory.vector('gradient');
    if (clipping.kind === 'value') {
      clipValues(gradient, clipping.limit.value);
      return;
    }
    if (clipping.kind === 'normEach') {
      for (const { offset, length } of this.parameters)
        clipNorm(gradient.subarray(offset, offset + length), clipping.limit.value);
      return;
    }
    const factor = clipFactor(gradient, norm, clipping);
    if (factor < 1) this.kernels.scale(this.memory.address('gradient', 0), this.memory.dim, this.sumsAddress, factor);
  }

  /** The optimizer's step number `step`, from 1, with the norms of theta before it and of its change. */
  update(recorder: StepRecorder, step: number, rates: readonly number[], momentum: number | null): void {
    const sign = this.setup.optimizer.maximize ? -1 : 1;
    const scalars = rates.map((rate, group) => {
      return this.optimizer.scalars({ step, rate, weightDecay: this.optimizer.weightDecays[group] ?? 0 }, momentum);
    });
    this.record(recorder, ({ vectors, length, group }) => {
      this.kernels.update(...vectors, length, this.sumsAddress, sign, ...(scalars[group] ?? []));
    });
  }

  /** Records the gradient of step `k` of a loop's last call, as `recordGradient` does. */
  recordLoopGradient(recorder: StepRecorder, k: number, hasPrevious: boolean): number {
    const start = this.memory.scratchVector('gradients').byteOffset + 4 * k * this.memory.dim;
    return this.recordNorms(recorder, hasPrevious, (offset) => start + 4 * offset);
  }

  /** Adds the change of step `k` of a loop's last call to `fresh`, which follows theta step by step, with the norms of both. */
  followLoopStep(recorder: StepRecorder, k: number): void {
    const start = this.memory.scratchVector('deltas').byteOffset + 4 * k * this.memory.dim;
    this.record(recorder, ({ offset, length }) =>
      this.kernels.applyDelta(this.memory.address('fresh', offset), start + 4 * offset, length, this.sumsAddress),
    );
  }

  /** The norms of theta at `before`, and of its change since. */
  recordMove(recorder: StepRecorder, before: Float32Array): void {
    const { sums } = this.memory;
    const theta = this.memory.vector('theta');
    this.record(recorder, ({ offset, length }) => {
      let [size, moved] = [0, 0];
      for (let i = offset; i < offset + length; i++) {
        size += (before[i] as number) ** 2;
        moved += ((theta[i] as number) - (before[i] as number)) ** 2;
      }
      [sums[0], sums[1]] = [size, moved];
    });
  }

  /** The norms of a step that changes nothing. */
  stay(recorder: StepRecorder): void {
    const { sums } = this.memory;
    this.record(recorder, ({ vectors: [theta = 0], length }) => {
      // A vector is its own previous one here: the kernel writes back what it has read.
      this.kernels.gradientSums(theta, theta, length, this.sumsAddress);
      sums[1] = 0;
    });
  }

  private record(recorder: StepRecorder, change: (parameter: PlacedParameter) => void): void {
    let [parameters, updates] = [0, 0];
    for (const parameter of this.parameters) {
      change(parameter);
      const [before = 0, moved = 0] = this.memory.sums;
      parameters += before;
      updates += moved;
      recorder.write(parameter.parameterNorm, Math.sqrt(before));
      recorder.write(parameter.updateRatio, ratio(moved, before));
    }
    recorder.write('parameterNorm', Math.sqrt(parameters));
    recorder.write('updateRatio', ratio(updates, parameters));
  }
}

/** √(a/b); 0 when nothing moved, even from 0. */
function ratio(updates: number, parameters: number): number {
  return updates === 0 ? 0 : Math.sqrt(updates / parameters);
}
