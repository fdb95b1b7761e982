import type { Random } from '../base/random';
import type { TensorData } from '../graph/operations';
import type { DropoutMask } from './layers/lowering';
import { flatViews, maskViews, parameterViews, readBy, sideViews } from './binding';
import type { Call } from './onnx/runtime';
import { trainingOutputs, type Program, type Programs } from './programs';
import { emptyRows, gatherRows, type Elements, type RowTensor } from './rows';
import { bufferPort, type SideTensors } from './setup';

/** How a forward pass in training behaves. */
export type TrainingMode = 'train' | 'eval';

/** One batch's loss and gradient, bound to fixed memory: rows in, loss and gradient out. */
export class BatchGradient {
  private readonly loss = new Float32Array(1);
  private readonly masks: ReturnType<typeof maskViews>;
  private readonly gathered: readonly { readonly tensor: RowTensor; readonly view: Elements }[];
  private readonly statistics = new Map<string, Float32Array>();
  private readonly call: Call;

  private constructor(
    private readonly program: Program,
    private readonly side: SideTensors,
    parts: { readonly programs: Programs; readonly theta: Float32Array; readonly out: Float32Array; readonly inPlace: boolean },
  ) {
    const { setup } = parts.programs;
    this.masks = maskViews(program);
    const data = setup.train.filter(({ name }) => program.inputs.includes(name));
    this.gathered = parts.inPlace ? [] : data.map((tensor) => ({ tensor, view: emptyRows(tensor, program.lowered.rows) }));
    const views: Record<string, TensorData> = { ...parameterViews(setup, parts.theta), ...sideViews(side) };
    for (const { name, values } of data) views[name] = values;
    for (const { tensor, view } of this.gathered) views[tensor.name] = view;
    for (const [call, { view }] of this.masks) views[`dropout/${call}`] = view;
    for (const { meanName, varianceName, features } of program.lowered.statistics)
      for (const name of [meanName, varianceName]) this.statistics.set(bufferPort(name), new Float32Array(features));
    const outputs = { loss: this.loss, ...flatViews(setup, 'gradient', parts.out), ...Object.fromEntries(this.statistics) };
    this.call = program.compiled.bind(readBy(program, views), outputs);
  }

  /** Binds the training program for `rows` rows: reads `theta` and `side`, writes `out`. `inPlace`: the batch is all rows in order. */
  static async make(
    programs: Programs,
    shape: { readonly rows: number; readonly mode: TrainingMode; readonly inPlace: boolean },
    memory: { readonly theta: Float32Array; readonly out: Float32Array; readonly side: SideTensors },
  ): Promise<BatchGradient> {
    const mode = { rows: shape.rows, batchNorm: shape.mode, dropout: shape.mode === 'train', noise: true };
    const program = await programs.program('training', mode, trainingOutputs);
    return new BatchGradient(program, memory.side, { programs, theta: memory.theta, out: memory.out, inPlace: shape.inPlace });
  }

  /** out ← gradient of the batch; returns its loss. `masks` draws this batch's dropout. */
  async run(rows: Int32Array, masks: Random): Promise<number> {
    for (const { tensor, view } of this.gathered) gatherRows(tensor, rows, view);
    for (const [call, { draw, p, view }] of this.masks) drawNumbers(view, draw, p, masks.fork(`call ${call}`));
    const pending = this.call.run();
    if (pending !== undefined) await pending;
    this.foldStatistics();
    return this.loss[0] ?? NaN;
  }

  /** The masks of the last batch, 0 or 1/(1-p), by dropout call. */
  copyMasks(): ReadonlyMap<number, { readonly shape: readonly number[]; readonly values: Float32Array }> {
    return new Map(
      this.program.lowered.dropouts.map(({ call, mask }) => [
        call,
        { shape: mask.shape, values: this.masks.get(call)?.view.slice() ?? new Float32Array(0) },
      ]),
    );
  }

  /** running ← (1-m) running + m batch, with m = 1/batches seen when the layer's momentum is null. */
  private foldStatistics(): void {
    if (this.statistics.size === 0) return;
    const seen = ++this.side.batchesTracked;
    for (const { meanName, varianceName, momentum } of this.program.lowered.statistics) {
      const share = momentum ?? 1 / seen;
      for (const name of [meanName, varianceName]) {
        const batch = this.statistics.get(bufferPort(name));
        const running = this.side.values.get(bufferPort(name));
        if (batch === undefined || running === undefined) continue;
        for (let i = 0; i < running.length; i++) running[i] = (1 - share) * (running[i] as number) + share * (batch[i] as number);
      }
    }
  }
}

function drawNumbers(out: Float32Array, draw: DropoutMask['draw'], p: number, random: Random): void {
  if (draw === 'mask') drawMask(out, p, random);
  else for (let i = 0; i < out.length; i++) out[i] = draw === 'normal' ? random.normal() : random.uniform();
}

/** Keeps each element with probability 1-p, scaled so that its mean stays. */
function drawMask(out: Float32Array, p: number, random: Random): void {
  const scale = p === 1 ? 0 : 1 / (1 - p);
  for (let i = 0; i < out.length; i++) out[i] = random.uniform() < p ? 0 : scale;
}
