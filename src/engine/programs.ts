import type { Result } from '../base/result';
import { gradient } from '../graph/differentiate';
import type { Tensor } from '../graph/operations';
import type { Reason } from '../records/source';
import { lowerModel, type LoweredModel, type LoweringMode } from './lowerModel';
import { compileKernel } from './kernel/graph/graphKernel';
import type { Compiled, Port, Runtime } from './onnx/runtime';
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
  private readonly made = new Map<string, { readonly value: Promise<unknown>; readonly dispose: () => void }>();
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
    return this.once(
      `${purpose} ${keyOf(mode)}`,
      () => this.make(mode, outputsOf),
      ({ compiled }) => compiled.dispose(),
    );
  }

  /** What was made for `key`, which means one type of thing only; makes it when it is first asked for. `dispose` ends it with the twin. */
  once<T>(key: string, make: () => Promise<T>, dispose: (made: T) => void): Promise<T> {
    const known = this.made.get(key);
    if (known !== undefined) return known.value as Promise<T>;
    const value = make();
    this.made.set(key, { value, dispose: () => void value.then(dispose) });
    return value;
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

  dispose(): void {
    for (const { dispose } of this.made.values()) dispose();
    this.made.clear();
    this.models.clear();
  }
}

/** A mode as part of a key. */
export const keyOf = ({ rows, batchNorm, dropout, noise = dropout }: LoweringMode): string =>
  `${rows} ${batchNorm} ${dropout ? 'dropout' : 'fixed'} ${noise ? 'noise' : 'still'}`;
