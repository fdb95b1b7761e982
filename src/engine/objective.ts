import { Random } from '../base/random';
import type { TensorData } from '../graph/operations';
import { flatViews, parameterViews, readBy, sideViews } from './binding';
import {
  ChunkHessian,
  hessianPrograms,
  HessianOverChunks,
  residualBytes,
  residualViews,
  type CurvatureKind,
  type HessianPrograms,
} from './hessian';
import type { LoweringMode } from './lowerModel';
import { everyValue, firstNonFinite, roomFor } from './nonFinite';
import { chunksOf, sumsOverRows, type Chunk } from './objectiveRows';
import { LayerInputs, weighingInputs } from './layerInputs';
import { Looks } from './looks';
import type { Call } from './onnx/runtime';
import { naturalOutputs } from './outputs';
import { gradientOutputs, type OutputsOf, type Program, type Programs } from './programs';
import { emptyRows, gatherRows, type RowTensor } from './rows';
import type { SideTensors } from './setup';
import type { TrainingPlan } from './trainingPlan';
import type { GaussNewtonAt, HessianAt, LayerInput, Objective, Observed, UseGradient } from './twin';

/** Residuals of all chunks are kept up to this many bytes; above, they are computed again for every product. */
const keptResidualBytes = 512 * 2 ** 20;
/** A Hessian that is done with keeps its memory for the next point, if it takes no more than this many bytes. */
const idleBytes = 64 * 2 ** 20;

/** What an objective is made of. */
export interface ObjectiveParts {
  readonly programs: Programs;
  readonly plan: TrainingPlan;
  readonly tensors: readonly RowTensor[];
  readonly rows: Int32Array;
  readonly batchNorm: LoweringMode['batchNorm'];
  /** Frozen parameters and running statistics to use at each call. */
  readonly side: () => SideTensors;
}

interface BoundChunk {
  readonly program: Program;
  readonly chunk: Chunk;
  readonly call: Call;
}

/** A loss over fixed rows, chunk by chunk. Compiles what is asked for, when it is first asked for. */
export class RowsObjective implements Objective {
  readonly rows: Int32Array;
  private readonly chunks: readonly Chunk[];
  private readonly theta: Float32Array;
  private readonly partial: Float32Array;
  private readonly loss = new Float32Array(1);
  private readonly side: Readonly<Record<string, Float32Array>>;
  private gradients: Promise<readonly BoundChunk[]> | null = null;
  private readonly looks: Looks;
  private readonly idle = new Map<CurvatureKind, HessianOverChunks>();

  constructor(private readonly parts: ObjectiveParts) {
    this.rows = parts.rows;
    this.chunks = chunksOf(parts.programs, parts.plan, parts.tensors, parts.rows, parts.batchNorm);
    const { dim } = parts.programs.setup.layout;
    this.theta = new Float32Array(dim);
    this.partial = new Float32Array(dim);
    this.side = Object.fromEntries([...parts.side().values].map(([name, value]) => [name, value.slice()]));
    this.looks = new Looks({
      setup: this.setup,
      chunks: this.chunks,
      program: (chunk, purpose, outputsOf) => this.program(chunk, purpose, outputsOf),
      views: (chunk) => this.views(chunk),
    });
  }

  async evaluate(theta: Float32Array): Promise<{ readonly loss: number; readonly accuracy: number | null }> {
    this.moveTo(theta);
    const { loss, accuracy } = await this.looks.at({ units: false, rowGradients: false });
    return { loss, accuracy };
  }

  async observe(theta: Float32Array, { rowGradients }: { readonly rowGradients: boolean }): Promise<Observed> {
    this.moveTo(theta);
    return this.looks.at({ units: true, rowGradients });
  }

  async gradient(theta: Float32Array, out: Float32Array): Promise<number> {
    this.moveTo(theta);
    this.gradients ??= Promise.all(this.chunks.map((chunk) => this.bindGradient(chunk)));
    const bound = await this.gradients;
    let loss = 0;
    out.fill(0);
    for (const { chunk, call } of bound) {
      const pending = call.run();
      if (pending !== undefined) await pending;
      loss += chunk.weight * (this.loss[0] ?? NaN);
      for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + chunk.weight * (this.partial[i] as number);
    }
    return loss;
  }

  hessian(theta: Float32Array): Promise<HessianAt> {
    return this.curvatureAt(theta, 'hessian');
  }

  async gaussNewton(theta: Float32Array): Promise<GaussNewtonAt | null> {
    const [chunk] = this.chunks;
    const lowered = chunk && this.lower(chunk);
    if (!lowered?.ok) return null;
    const outputs = naturalOutputs(this.setup.model, lowered.value, this.parts.programs.trainedTensors(lowered.value));
    return outputs === null ? null : { at: await this.curvatureAt(theta, 'gaussNewton'), isFisher: outputs.isFisher };
  }

  private async curvatureAt(theta: Float32Array, kind: CurvatureKind): Promise<HessianAt> {
    this.moveTo(theta);
    const hessian = this.idle.get(kind) ?? (await this.makeCurvature(kind));
    this.idle.delete(kind);
    await hessian.moveTo(this.theta, this.side);
    return hessian;
  }

  private async makeCurvature(kind: CurvatureKind): Promise<HessianOverChunks> {
    const compiled = await this.compileCurvature(kind);
    const { dim } = this.setup.layout;
    const side = Object.fromEntries(Object.entries(this.side).map(([name, value]) => [name, value.slice()]));
    const memory = { theta: new Float32Array(dim), side, direction: new Float32Array(dim), product: new Float32Array(dim) };
    const of = (chunk: Chunk): HessianPrograms => compiled.get(chunk.rows) as HessianPrograms;
    const bytes = this.chunks.reduce((sum, chunk) => sum + residualBytes(of(chunk)), 0);
    const recompute = bytes > keptResidualBytes;
    const shared = new Map<number, Record<string, TensorData>>();
    const residualsFor = (chunk: Chunk): Record<string, TensorData> => {
      const known = recompute ? shared.get(chunk.rows) : undefined;
      const room = known ?? residualViews(of(chunk));
      shared.set(chunk.rows, room);
      return room;
    };
    const chunks = this.chunks.map((chunk) => {
      const views = { ...side, ...chunk.views };
      return new ChunkHessian(of(chunk), this.parts.programs, { ...memory, views, residuals: residualsFor(chunk) }, chunk.weight);
    });
    return new HessianOverChunks(chunks, memory, recompute, (hessian) => {
      if (bytes <= idleBytes) this.idle.set(kind, hessian);
    });
  }

  async partGradients(theta: Float32Array, rowsEach: number, use: UseGradient): Promise<number> {
    const least = this.hasBatchStatistics ? Math.min(this.parts.plan.batches.batchSize, this.rows.length) : 1;
    const size = this.partSize(Math.max(least, Math.min(rowsEach, this.rows.length)));
    await this.eachPart(theta, size, use);
    return size;
  }

  /** Rows of a part of about `wanted`: those of a batch where the model takes no other number of them. */
  private partSize(wanted: number): number {
    const { programs, plan, batchNorm } = this.parts;
    return programs.lower({ rows: wanted, batchNorm, dropout: false }).ok ? wanted : plan.batches.batchSize;
  }

  async layerInputs(theta: Float32Array): Promise<readonly LayerInput[]> {
    this.moveTo(theta);
    const layers = weighingInputs(this.setup.model);
    const inputsOf: OutputsOf = ({ values }) =>
      layers.flatMap(({ name, input }) => {
        const tensor = values[input];
        return tensor?.dtype === 'float32' ? [{ name: `input of ${name}`, tensor }] : [];
      });
    const collected = new LayerInputs();
    for (const chunk of this.chunks) {
      const lowered = this.lower(chunk);
      // A net of convolutions alone has none: no program is without outputs.
      if (!lowered.ok || inputsOf(lowered.value, []).length === 0) return [];
      const program = await this.program(chunk, 'layerInputs', inputsOf);
      const results = await program.compiled.run(readBy(program, this.views(chunk)));
      for (const { name, input } of layers)
        collected.add(name, results[`input of ${name}`], program.lowered.values[input]?.shape.at(-1) ?? 0);
    }
    return collected.result();
  }

  /** Whether rows are normalised by others of their batch. */
  private get hasBatchStatistics(): boolean {
    return this.setup.buffers.length > 0 && this.parts.batchNorm === 'train';
  }

  /**
   * Gradients of parts of the rows, `size` each, one after another; returns their number. A fixed random order: rows that lie together in
   * the file may be alike. A loss that sums is that of the script's own batch, as in `gradient`.
   */
  private async eachPart(theta: Float32Array, size: number, use: UseGradient): Promise<number> {
    const { programs, plan, tensors, rows, batchNorm } = this.parts;
    this.moveTo(theta);
    const program = await programs.program('gradient', { rows: size, batchNorm, dropout: false }, gradientOutputs);
    const room = tensors.map((tensor) => ({ tensor, view: emptyRows(tensor, size) }));
    const call = this.bind(program, Object.fromEntries(room.map(({ tensor, view }) => [tensor.name, view])));
    const order = new Random(rows.length).permutation(rows.length).map((place) => rows[place] as number);
    const factor = sumsOverRows(this.setup.model) ? plan.batches.batchSize / size : 1;
    const count = Math.floor(rows.length / size);
    for (let part = 0; part < count; part++) {
      for (const { tensor, view } of room) gatherRows(tensor, order.subarray(part * size, (part + 1) * size), view);
      const pending = call.run();
      if (pending !== undefined) await pending;
      if (factor !== 1) for (let i = 0; i < this.partial.length; i++) this.partial[i] = factor * (this.partial[i] as number);
      const taken = use(this.partial);
      if (taken instanceof Promise) await taken;
    }
    return count;
  }

  async findNonFinite(theta: Float32Array): ReturnType<Objective['findNonFinite']> {
    this.moveTo(theta);
    const { model, layout } = this.setup;
    for (const chunk of this.chunks) {
      const program = await this.program(chunk, 'everyValue', everyValue);
      const ports = everyValue(program.lowered, this.parts.programs.trainedTensors(program.lowered));
      const room = roomFor(ports);
      const pending = program.compiled.bind(readBy(program, this.views(chunk)), room).run();
      if (pending !== undefined) await pending;
      const found = firstNonFinite(
        model,
        room,
        layout.trained.map(({ index }) => index),
      );
      if (found !== null) return found;
    }
    return null;
  }

  dispose(): void {
    this.gradients = null;
    this.looks.clear();
    this.idle.clear();
  }

  private get setup(): Programs['setup'] {
    return this.parts.programs.setup;
  }

  /** Takes the point and the side tensors of the moment. */
  private moveTo(theta: Float32Array): void {
    this.theta.set(theta);
    for (const [name, value] of Object.entries(sideViews(this.parts.side()))) this.side[name]?.set(value);
  }

  private views(chunk: Pick<Chunk, 'views'>): Record<string, TensorData> {
    return { ...parameterViews(this.setup, this.theta), ...this.side, ...chunk.views };
  }

  private lower({ rows }: Chunk): ReturnType<Programs['lower']> {
    return this.parts.programs.lower({ rows, batchNorm: this.parts.batchNorm, dropout: false });
  }

  private program(chunk: Chunk, purpose: string, outputsOf: OutputsOf): Promise<Program> {
    const mode = { rows: chunk.rows, batchNorm: this.parts.batchNorm, dropout: false };
    return this.parts.programs.program(purpose, mode, outputsOf);
  }

  private bind(program: Program, views: Chunk['views']): Call {
    const outputs = { loss: this.loss, ...flatViews(this.setup, 'gradient', this.partial) };
    return program.compiled.bind(readBy(program, this.views({ views })), outputs);
  }

  private async bindGradient(chunk: Chunk): Promise<BoundChunk> {
    const program = await this.program(chunk, 'gradient', gradientOutputs);
    return { program, chunk, call: this.bind(program, chunk.views) };
  }

  private async compileCurvature(kind: CurvatureKind): Promise<ReadonlyMap<number, HessianPrograms>> {
    const compiled = new Map<number, HessianPrograms>();
    for (const { rows } of this.chunks) {
      if (compiled.has(rows)) continue;
      const mode = { rows, batchNorm: this.parts.batchNorm, dropout: false };
      compiled.set(rows, await hessianPrograms(this.parts.programs, mode, kind));
    }
    return compiled;
  }
}
