import type { Random } from '../base/random';
import type { Tensor, TensorData } from '../graph/operations';
import { drawNumbers } from './drawing';
import { flatViews, maskViews, parameterViews, readBy, sideViews } from './binding';
import type { Call } from './onnx/runtime';
import { trainingOutputs, type OutputsOf, type Program, type Programs } from './programs';
import { emptyRows, gatherRows, type Elements, type RowTensor } from './rows';
import { bufferPort, type SideTensors } from './setup';

/** How a forward pass in training behaves. */
export type TrainingMode = 'train' | 'eval';

/** Random numbers of a batch by random call, each a stream of its own. */
export type Streams = (call: number) => Random;

/** The masks of a batch, 0 or 1/(1-p), by dropout call. */
export type Masks = ReadonlyMap<number, { readonly shape: readonly number[]; readonly values: Float32Array }>;

/** Loss and gradient of batches of one size, into fixed memory. */
export interface GradientOfBatch {
  /** out ← gradient of the batch; returns its loss. `streams` draw this batch's dropout; `keepsMasks`: for `copyMasks`. */
  run(rows: Int32Array, streams: Streams, keepsMasks: boolean): Promise<number>;
  /** The masks of the last batch, which must have been kept. */
  copyMasks(): Masks;
}

/** One batch's loss and gradient, bound to fixed memory: rows in, loss and gradient out. */
export class BatchGradient implements GradientOfBatch {
  /** What a part's loss is divided by, where its program tells. */
  readonly divisor = new Float32Array(1).fill(1);
  private readonly loss = new Float32Array(1);
  private readonly masks: ReturnType<typeof maskViews>;
  private readonly gathered: readonly { readonly tensor: RowTensor; readonly view: Elements }[];
  private readonly statistics = new Map<string, Float32Array>();
  private readonly call: Call;

  private constructor(
    private readonly program: Program,
    private readonly side: SideTensors,
    parts: {
      readonly programs: Programs;
      readonly theta: Float32Array;
      readonly out: Float32Array;
      readonly inPlace: boolean;
      readonly hasDivisor: boolean;
    },
  ) {
    const { setup } = parts.programs;
    this.masks = maskViews(program.lowered);
    const data = setup.train.filter(({ name }) => program.inputs.includes(name));
    this.gathered = parts.inPlace ? [] : data.map((tensor) => ({ tensor, view: emptyRows(tensor, program.lowered.rows) }));
    const views: Record<string, TensorData> = { ...parameterViews(setup, parts.theta), ...sideViews(side) };
    for (const { name, values } of data) views[name] = values;
    for (const { tensor, view } of this.gathered) views[tensor.name] = view;
    for (const [call, { view }] of this.masks) views[`dropout/${call}`] = view;
    for (const { meanName, varianceName, features } of program.lowered.statistics)
      for (const name of [meanName, varianceName]) this.statistics.set(bufferPort(name), new Float32Array(features));
    const divisor: Record<string, TensorData> = parts.hasDivisor ? { divisor: this.divisor } : {};
    const outputs = {
      loss: this.loss,
      ...divisor,
      ...flatViews(setup, 'gradient', parts.out),
      ...Object.fromEntries(this.statistics),
    };
    this.call = program.compiled.bind(readBy(program, views), outputs);
  }

  /**
   * Binds the training program for `rows` rows: reads `theta` and `side`, writes `out`. `inPlace`: the batch is all rows in order.
   * `divisorOf`: what the loss is divided by, to be told beside it.
   */
  static async make(
    programs: Programs,
    shape: { readonly rows: number; readonly mode: TrainingMode; readonly inPlace: boolean },
    memory: { readonly theta: Float32Array; readonly out: Float32Array; readonly side: SideTensors },
    divisorOf: Tensor | null = null,
  ): Promise<BatchGradient> {
    const mode = { rows: shape.rows, batchNorm: shape.mode, dropout: shape.mode === 'train', noise: true };
    const outputs: OutputsOf = (lowered, trained) => [
      ...trainingOutputs(lowered, trained),
      ...(divisorOf === null ? [] : [{ name: 'divisor', tensor: divisorOf }]),
    ];
    const program = await programs.program(divisorOf === null ? 'training' : 'part', mode, outputs);
    const { theta, out, side } = memory;
    return new BatchGradient(program, side, { programs, theta, out, inPlace: shape.inPlace, hasDivisor: divisorOf !== null });
  }

  async run(rows: Int32Array, streams: Streams): Promise<number> {
    for (const { tensor, view } of this.gathered) gatherRows(tensor, rows, view);
    for (const [call, drawing] of this.masks) drawNumbers(drawing.view, drawing, streams(call));
    const pending = this.call.run();
    if (pending !== undefined) await pending;
    this.foldStatistics();
    return this.loss[0] ?? NaN;
  }

  copyMasks(): Masks {
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
