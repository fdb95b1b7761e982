import type { Result } from '../base/result';
import { gradient } from '../graph/differentiate';
import type { Tensor } from '../graph/operations';
import type { Reason } from '../records/source';
import { compileHessian, type CurvatureKind, type HessianPrograms } from './hessian';
import { lowerModel, type LoweredModel, type LoweringMode } from './lowerModel';
import { compileStepLoop, type LoopShape, type StepLoop } from './loop/stepLoop';
import { compileKernel } from './kernel/graph/graphKernel';
import type { Compiled, Port, Runtime } from './onnx/runtime';
import type { OptimizerState } from './optimizerState';
import { portsOf } from './ports';
import { bufferPort, type TwinSetup } from './setup';

/** A compiled program and the model that it was made of. */
export interface Program {
  readonly lowered: LoweredModel;
  readonly compiled: Compiled;
  /** Port names that it reads. */
  readonly inputs: readonly string[];
}

/** What a program yields beside its name: made from the lowered model. */
export type OutputsOf = (lowered: LoweredModel, trained: readonly Tensor[]) => readonly Port[];

/** Loss and gradient by every trained parameter (`gradient/I`), and what batch norm learns of the batch. */
export const trainingOutputs: OutputsOf = (lowered, trained) => [
  ...gradientOutputs(lowered, trained),
  ...lowered.statistics.flatMap(({ meanName, varianceName, mean, variance }) => [
    { name: bufferPort(meanName), tensor: mean },
    { name: bufferPort(varianceName), tensor: variance },
  ]),
];

/** Loss and gradient by every trained parameter (`gradient/I`). */
export const gradientOutputs: OutputsOf = (lowered, trained) => {
  const gradients = gradient(lowered.graph, lowered.loss, trained);
  return [{ name: 'loss', tensor: lowered.loss }, ...gradients.map((tensor, i) => ({ name: `gradient/${i}`, tensor }))];
};

/** Compiles the programs of one twin, each once, and ends them together. */
export class Programs {
  private readonly known = new Map<string, Promise<Program>>();
  private readonly hessians = new Map<string, Promise<HessianPrograms>>();
  private readonly loops = new Map<string, Promise<StepLoop>>();
  private readonly models = new Map<string, Result<LoweredModel, Reason>>();

  constructor(
    readonly setup: TwinSetup,
    readonly runtime: Runtime,
  ) {}

  /** The model for `mode`, lowered once. */
  lower(mode: LoweringMode): Result<LoweredModel, Reason> {
    const key = keyOf(mode);
    const { model, dataset, range } = this.setup;
    let lowered = this.models.get(key);
    if (lowered === undefined) {
      lowered = lowerModel(model, dataset.train, dataset.symbols, mode, range);
      this.models.set(key, lowered);
    }
    return lowered;
  }

  /** The trained parameters' tensors in a lowered model, in the flat vector's order. */
  trainedTensors(lowered: LoweredModel): readonly Tensor[] {
    return this.setup.layout.trained.map(({ index }) => lowered.parameters[index]).filter((tensor) => tensor !== undefined);
  }

  /** The program `purpose` for `mode`; `mode` must lower (checked when the twin was built or by whoever picks the rows). */
  async program(purpose: string, mode: LoweringMode, outputsOf: OutputsOf): Promise<Program> {
    const key = `${purpose} ${keyOf(mode)}`;
    let made = this.known.get(key);
    if (made === undefined) {
      made = this.make(mode, outputsOf);
      this.known.set(key, made);
    }
    return made;
  }

  private async make(mode: LoweringMode, outputsOf: OutputsOf): Promise<Program> {
    const result = this.lower(mode);
    if (!result.ok) throw new Error(result.error.text);
    const outputs = outputsOf(result.value, this.trainedTensors(result.value));
    return this.compileSmall(result.value, outputs);
  }

  /** Compiles `outputs` down to the model's own inputs: as a kernel of its own where it is small enough. */
  async compileSmall(lowered: LoweredModel, outputs: readonly Port[]): Promise<Program> {
    const inputs = portsOf(
      lowered,
      this.setup,
      outputs.map(({ tensor }) => tensor),
    );
    const program = { inputs, outputs };
    const compiled = compileKernel(program) ?? (await this.runtime.compile(program));
    return { lowered, compiled, inputs: inputs.map(({ name }) => name) };
  }

  /** The pair of programs behind the products with a curvature matrix for `mode`. */
  hessian(mode: LoweringMode, kind: CurvatureKind): Promise<HessianPrograms> {
    const key = `${kind} ${keyOf(mode)}`;
    let made = this.hessians.get(key);
    if (made === undefined) {
      made = compileHessian(this, mode, kind);
      this.hessians.set(key, made);
    }
    return made;
  }

  /** The loop of the optimizer's steps for batches of a shape. */
  stepLoop(optimizer: OptimizerState, shape: LoopShape): Promise<StepLoop> {
    const key = `${shape.rows} ${shape.maxSteps} ${shape.gathers} ${shape.handsBack} ${optimizer.key}`;
    let made = this.loops.get(key);
    if (made === undefined) {
      made = compileStepLoop(this, optimizer, shape);
      this.loops.set(key, made);
    }
    return made;
  }

  dispose(): void {
    for (const made of this.loops.values()) void made.then(({ compiled }) => compiled.dispose());
    this.loops.clear();
    for (const made of this.hessians.values())
      void made.then(({ primal, tangent }) => {
        primal.compiled.dispose();
        tangent.dispose();
      });
    this.hessians.clear();
    for (const program of this.known.values()) void program.then(({ compiled }) => compiled.dispose());
    this.known.clear();
    this.models.clear();
  }
}

const keyOf = ({ rows, batchNorm, dropout, noise = dropout }: LoweringMode): string =>
  `${rows} ${batchNorm} ${dropout ? 'dropout' : 'fixed'} ${noise ? 'noise' : 'still'}`;
