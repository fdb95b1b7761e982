import { dataViews } from '../binding';
import type { TrainingMemory } from '../kernel/trainingMemory';
import type { LoopCall } from '../onnx/runtime';
import type { OptimizerState } from '../optimizerState';
import type { SideTensors, TwinSetup } from '../setup';
import type { StepLoop } from './stepLoop';

/** What one step of a call takes. */
export interface LoopStep {
  readonly rows: Int32Array;
  readonly rate: number;
}

/** Room in the run's memory for what a call hands back. */
export function loopScratch(maxSteps: number, dim: number): Readonly<Record<string, number>> {
  return { gradients: maxSteps * dim, deltas: maxSteps * dim };
}

/** A step loop bound to a run's memory: theta and the optimizer's state move on in place. */
export class LoopRunner {
  /** Loss of each step of the last call, before its update. */
  readonly losses: Float32Array;
  private readonly rows: Int32Array;
  private readonly scalars: ReadonlyMap<string, Float32Array>;
  private readonly call: LoopCall;

  constructor(
    private readonly loop: StepLoop,
    private readonly optimizer: OptimizerState,
    memory: TrainingMemory,
    parts: { readonly setup: TwinSetup; readonly side: SideTensors; readonly batchRows: number },
  ) {
    const { maxSteps } = loop;
    this.losses = new Float32Array(maxSteps);
    this.rows = new Int32Array(maxSteps * parts.batchRows);
    this.scalars = new Map(loop.varying.map((name) => [name, new Float32Array(maxSteps)]));
    const names = ['theta', ...optimizer.stateNames.map((name) => `state ${name}`)];
    const constants = { ...dataViews(parts.setup.train), ...Object.fromEntries(parts.side.values) };
    this.call = loop.compiled.bind({
      state: Object.fromEntries(names.map((name) => [name, memory.vector(name)])),
      perStep: {
        ...(loop.gathers ? { rows: this.rows } : {}),
        ...Object.fromEntries([...this.scalars].map(([name, values]) => [`scalar/${name}`, values])),
      },
      constants: Object.fromEntries(loop.constants.flatMap((name) => (constants[name] ? [[name, constants[name]]] : []))),
      outputs: { loss: this.losses, gradient: memory.scratchVector('gradients'), delta: memory.scratchVector('deltas') },
    });
  }

  /** Takes `steps`, the first of which is number `first` (from 1). */
  async run(steps: readonly LoopStep[], first: number): Promise<void> {
    const weightDecay = this.optimizer.weightDecays[0] ?? 0;
    steps.forEach(({ rows, rate }, k) => {
      if (this.loop.gathers) this.rows.set(rows, k * rows.length);
      const numbers = this.optimizer.scalars({ step: first + k, rate, weightDecay }, null);
      for (const [name, values] of this.scalars) values[k] = numbers[this.optimizer.scalarNames.indexOf(name)] ?? 0;
    });
    const pending = this.call.run(steps.length);
    if (pending !== undefined) await pending;
  }
}
