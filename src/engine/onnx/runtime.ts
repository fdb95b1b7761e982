import type { Disposable } from '../../base/disposable';
import type { Tensor, TensorData } from '../../graph/operations';

/** A tensor of the graph under the name by which runs feed or fetch it. */
export interface Port {
  readonly name: string;
  readonly tensor: Tensor;
}

export interface RuntimeOptions {
  /** Threads of one call; by default one below about 2 MFLOP a call, else all cores. */
  readonly threads?: number;
}

/** A part of the graph to compile: everything that `outputs` need, down to `inputs`. */
export interface Program {
  /** Tensors given at each run. Any node may be one: the graph is cut there. Inputs that nothing needs are allowed. */
  readonly inputs: readonly Port[];
  readonly outputs: readonly Port[];
}

/** One tensor carried from step to step of a loop: read as `current`, replaced by `next` at the end of the step. */
export interface LoopState {
  readonly name: string;
  /** An `input` node. */
  readonly current: Tensor;
  readonly next: Tensor;
}

/**
 * Many steps in one call. Body: `state.current`, `perStep` and `constants` to `state.next` and `outputs`.
 * The number of steps is decided by the call (at most `maxSteps`).
 */
export interface LoopProgram {
  readonly maxSteps: number;
  readonly state: readonly LoopState[];
  /** Tensors whose value differs by step: a run gives maxSteps of them, stacked on a new first axis. */
  readonly perStep: readonly Port[];
  /** Tensors that are the same at every step of one call (the whole data, say; gather batches by per-step row numbers). */
  readonly constants: readonly Port[];
  /** Recorded at every step: a run yields maxSteps of them, stacked on a new first axis. */
  readonly outputs: readonly Port[];
}

/** Values by port name. Elements in row-major order. */
export type Values = Readonly<Record<string, TensorData>>;

/** A compiled program. */
export interface Compiled extends Disposable {
  /** Runs once on `inputs` (by port name) and returns freshly allocated outputs. */
  run(inputs: Values): Promise<Record<string, TensorData>>;
  /**
   * Fixes the memory of a call: inputs are read from, outputs written to, these views at each `run`.
   * Making a call this way costs the least. Views must not be SharedArrayBuffers, and no output may share memory with an input; an output missing here is not computed.
   * `kept` names inputs that stay the same from run to run, until `keptChanged` is called: their copies may be kept.
   */
  bind(inputs: Values, outputs: Values, kept?: ReadonlySet<string>): Call;
}

/** A program bound to its memory. */
export interface Call {
  /** One run. Await it: it may have ended when it returns (synchronous binding) or not. */
  run(): Promise<void> | undefined;
  /** Tells that inputs have changed that were named as kept; absent where nothing is kept. */
  keptChanged?(): void;
}

/** Where a loop reads and writes, by port name. */
export interface LoopMemory {
  readonly state: Values;
  readonly perStep: Values;
  readonly constants: Values;
  readonly outputs: Values;
}

/** A compiled loop. */
export interface CompiledLoop extends Disposable {
  /**
   * Fixes the memory: `state` is read and overwritten in place; `perStep` and `outputs` have room for maxSteps entries.
   */
  bind(views: {
    readonly state: Values;
    readonly perStep: Values;
    readonly constants: Values;
    readonly outputs: Values;
  }): LoopCall;
}

export interface LoopCall {
  /** Takes `steps` steps (1 … maxSteps), using the first `steps` entries of every per-step view. */
  run(steps: number): Promise<void> | undefined;
}

/** Compiles graphs and runs them. */
export interface Runtime {
  /** The package that runs the graphs. */
  readonly backend: string;
  /** What a person should know of the choice; null when it is the best there is. */
  readonly note: string | null;
  compile(program: Program, options?: RuntimeOptions): Promise<Compiled>;
  compileLoop(program: LoopProgram, options?: RuntimeOptions): Promise<CompiledLoop>;
}
