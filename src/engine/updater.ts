import { clipFactor, clipNorm, clipValues } from './clipping';
import type { TrainingMemory } from './kernel/trainingMemory';
import type { OptimizerState } from './optimizerState';
import type { StepRecorder } from './recorder';
import type { TwinSetup } from './setup';
import { StepNorms } from './stepNorms';

type Kernel = (...values: number[]) => void;

/** Sums of squares below this may lack numbers whose squares are too small for single precision. */
const leastQuick = 1e-25;

interface PlacedParameter {
  readonly group: number;
  readonly length: number;
  /** Addresses: theta and gradient, then the states in the optimizer's order. */
  readonly vectors: readonly number[];
}

/** Everything between `backward` and the next forward pass: norms, clipping and the optimizer's step, by kernels. */
export class Updater {
  readonly norms: StepNorms;
  readonly kernels: Readonly<
    Record<'update' | 'updateAlone' | 'quickSquares' | 'gradientSums' | 'squareSums' | 'addInto' | 'scale' | 'applyDelta', Kernel>
  >;
  private readonly parameters: readonly PlacedParameter[];
  private readonly sumsAddress: number;

  constructor(
    private readonly setup: TwinSetup,
    private readonly memory: TrainingMemory,
    private readonly optimizer: OptimizerState,
  ) {
    const vectors = ['theta', 'gradient', ...optimizer.stateNames.map((name) => `state ${name}`)];
    this.norms = new StepNorms(setup, memory);
    this.parameters = setup.layout.trained.map(({ offset, length, group }) => ({
      group,
      length,
      vectors: vectors.map((vector) => memory.address(vector, offset)),
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
   * Records the norms of the gradient buffers, in all and where `watched` by parameter, and their cosine to the previous ones,
   * which they then become. Returns the norm of all.
   */
  recordGradient(recorder: StepRecorder, watched: boolean, hasPrevious: boolean): number {
    const [gradient, previous] = [this.memory.address('gradient', 0), this.memory.address('previous', 0)];
    const sum = (offset: number, length: number): void => {
      this.kernels.gradientSums(gradient + 4 * offset, previous + 4 * offset, length, this.sumsAddress);
    };
    return this.norms.gradient(recorder, sum, watched, hasPrevious);
  }

  /** Records the norm of the gradient buffers, and nothing more, at the speed of reading them; `keeps` them as the previous ones. */
  recordQuickly(recorder: StepRecorder, keeps: boolean): number {
    const squares = this.squaresOf('gradient');
    if (keeps) this.memory.vector('previous').set(this.memory.vector('gradient'));
    return this.norms.writeNorm(recorder, squares);
  }

  /** Whether all elements of a vector are finite. */
  isFinite(vector: string): boolean {
    return Number.isFinite(this.squaresOf(vector));
  }

  /** The sum of squares of a vector's elements, good to 1e-6. */
  private squaresOf(vector: string): number {
    const { memory, kernels } = this;
    kernels.quickSquares(memory.address(vector, 0), memory.dim, this.sumsAddress);
    const squares = memory.sums[0] as number;
    if (squares > leastQuick && squares < Infinity) return squares;
    // Beyond single precision, or not finite: only exact sums tell which.
    kernels.squareSums(memory.address(vector, 0), memory.dim, this.sumsAddress);
    return memory.sums[0] as number;
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
      for (const { offset, length } of this.setup.layout.trained)
        clipNorm(gradient.subarray(offset, offset + length), clipping.limit.value);
      return;
    }
    const factor = clipFactor(gradient, norm, clipping);
    if (factor < 1) this.kernels.scale(this.memory.address('gradient', 0), this.memory.dim, this.sumsAddress, factor);
  }

  /** The optimizer's step number `step`, from 1, with the norms of theta before it and of its change. */
  update(
    recorder: StepRecorder,
    step: number,
    {
      rates,
      momentum,
      watched,
    }: { readonly rates: readonly number[]; readonly momentum: number | null; readonly watched: boolean },
  ): void {
    const sign = this.setup.optimizer.maximize ? -1 : 1;
    const scalars = rates.map((rate, group) => {
      return this.optimizer.scalars({ step, rate, weightDecay: this.optimizer.weightDecays[group] ?? 0 }, momentum);
    });
    const take = watched ? this.kernels.update : this.kernels.updateAlone;
    const change = (_offset: number, _length: number, place: number): void => {
      const { vectors, group, length } = this.parameters[place] as PlacedParameter;
      take(...vectors, length, this.sumsAddress, sign, ...(scalars[group] ?? []));
    };
    if (watched) this.norms.move(recorder, change);
    else for (const [place, { length }] of this.parameters.entries()) change(0, length, place);
  }

  /** The norms of theta at `before`, and of its change since. */
  recordMove(recorder: StepRecorder, before: Float32Array, watched: boolean): void {
    if (!watched) return;
    const { sums } = this.memory;
    const theta = this.memory.vector('theta');
    const sum = (offset: number, length: number): void => {
      let [size, moved] = [0, 0];
      for (let i = offset; i < offset + length; i++) {
        size += (before[i] as number) ** 2;
        moved += ((theta[i] as number) - (before[i] as number)) ** 2;
      }
      [sums[0], sums[1]] = [size, moved];
    };
    this.norms.move(recorder, sum);
  }

  /** The norms of a step that changes nothing. */
  stay(recorder: StepRecorder, watched: boolean): void {
    if (!watched) return;
    const { memory } = this;
    const sum = (offset: number, length: number): void => {
      this.kernels.squareSums(memory.address('theta', offset), length, this.sumsAddress);
      memory.sums[1] = 0;
    };
    this.norms.move(recorder, sum);
  }
}
