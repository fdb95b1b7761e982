import { gaussNewtonVector, hessianVector } from '../graph/differentiate';
import { sizeOf, type Tensor, type TensorData } from '../graph/operations';
import { packResiduals, residualsOf } from '../graph/residuals';
import { compileKernel } from './kernel/graph/graphKernel';
import { flatViews, parameterViews, readBy } from './binding';
import type { LoweringMode } from './lowerModel';
import { naturalOutputs } from './outputs';
import type { Call, Compiled, Port } from './onnx/runtime';
import { portsOf } from './ports';
import { keyOf, type Program, type Programs } from './programs';
import type { HessianAt } from './twin';

/** Two programs: the primal computes the residuals at a point, the tangent maps v and residuals to Hv. */
export interface HessianPrograms {
  readonly primal: Program;
  readonly tangent: Compiled;
  /** Residuals that the primal computes; the others are the model's own inputs. */
  readonly residuals: readonly Port[];
  /** Names of the model's inputs that the tangent program reads. */
  readonly sources: readonly string[];
}

/** Which matrix is multiplied: second derivatives of the loss, or their part by the outputs (`outputs.ts`). */
export type CurvatureKind = 'hessian' | 'gaussNewton';

/** The two programs for `mode`. The model must have natural outputs for `gaussNewton`. */
export const hessianPrograms = (programs: Programs, mode: LoweringMode, kind: CurvatureKind): Promise<HessianPrograms> =>
  programs.once(
    `${kind} ${keyOf(mode)}`,
    () => compileHessian(programs, mode, kind),
    ({ primal, tangent }) => {
      primal.compiled.dispose();
      tangent.dispose();
    },
  );

async function compileHessian(programs: Programs, mode: LoweringMode, kind: CurvatureKind): Promise<HessianPrograms> {
  const lowered = programs.lower(mode);
  if (!lowered.ok) throw new Error(lowered.error.text);
  const { graph, loss } = lowered.value;
  const trained = programs.trainedTensors(lowered.value);
  const tangents = trained.map((tensor, i) => graph.input(`tangent/${i}`, tensor.shape));
  const outputs = kind === 'hessian' ? null : naturalOutputs(programs.setup.model, lowered.value, trained);
  const products =
    outputs === null
      ? hessianVector(graph, loss, trained, tangents)
      : gaussNewtonVector(graph, loss, [outputs.tensor], trained, tangents);
  const cut = packResiduals(graph, residualsOf(products, tangents));
  const sources = portsOf(lowered.value, programs.setup, cut).filter(({ tensor }) => cut.includes(tensor));
  const residuals = cut.filter((tensor) => tensor.op !== 'input').map((tensor, i) => ({ name: `residual/${i}`, tensor }));
  // A quadratic has no residuals; a program has outputs.
  const primal = await programs.compileSmall(lowered.value, residuals.length > 0 ? residuals : [{ name: 'loss', tensor: loss }]);
  const second = {
    inputs: [...sources, ...residuals, ...tangents.map((tensor, i) => ({ name: `tangent/${i}`, tensor }))],
    outputs: products.map((tensor, i) => ({ name: `product/${i}`, tensor })),
  };
  const tangent = compileKernel(second) ?? (await programs.runtime.compile(second));
  return { primal, tangent, residuals, sources: sources.map(({ name }) => name) };
}

/** Bytes that the residuals of one chunk take. */
export function residualBytes({ residuals }: HessianPrograms): number {
  return residuals.reduce((sum, { tensor }) => sum + 4 * sizeOf(tensor.shape), 0);
}

/** One chunk's part of Hv: reads `direction`, writes `product`. */
export class ChunkHessian {
  private readonly primal: Call;
  private readonly tangent: Call;
  private readonly hasResiduals: boolean;

  constructor(
    parts: HessianPrograms,
    programs: Programs,
    memory: {
      readonly theta: Float32Array;
      readonly direction: Float32Array;
      readonly product: Float32Array;
      readonly views: Readonly<Record<string, TensorData>>;
      readonly residuals: Readonly<Record<string, TensorData>>;
    },
    readonly weight: number,
  ) {
    const { setup } = programs;
    const views = { ...parameterViews(setup, memory.theta), ...memory.views };
    this.hasResiduals = parts.residuals.length > 0;
    this.primal = parts.primal.compiled.bind(readBy(parts.primal, views), memory.residuals);
    const sources = Object.fromEntries(parts.sources.map((name) => [name, views[name] as TensorData]));
    this.tangent = parts.tangent.bind(
      { ...sources, ...memory.residuals, ...flatViews(setup, 'tangent', memory.direction) },
      flatViews(setup, 'product', memory.product),
      new Set([...Object.keys(sources), ...Object.keys(memory.residuals)]),
    );
  }

  async computeResiduals(): Promise<void> {
    // A quadratic's product depends on nothing but the data: there is nothing to keep.
    if (!this.hasResiduals) return;
    const pending = this.primal.run();
    if (pending !== undefined) await pending;
    this.tangent.keptChanged?.();
  }

  applyTangent(): Promise<void> | undefined {
    return this.tangent.run();
  }
}

/** Room for the residuals of one chunk. */
export function residualViews({ residuals }: HessianPrograms): Record<string, TensorData> {
  return Object.fromEntries(residuals.map(({ name, tensor }) => [name, emptyOf(tensor)]));
}

function emptyOf({ dtype, shape }: Tensor): TensorData {
  const size = sizeOf(shape);
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'float64') return new Float64Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** What the chunks of one Hessian work on: the point and its side tensors, the vector that comes in, a chunk's part of Hv. */
export interface HessianMemory {
  readonly theta: Float32Array;
  readonly side: Readonly<Record<string, Float32Array>>;
  readonly direction: Float32Array;
  readonly product: Float32Array;
}

/** H at a point: the weighted sum of the chunks' parts. It can be moved to another point, which spares binding its memory anew. */
export class HessianOverChunks implements HessianAt {
  /** `recompute`: the chunks share one room for residuals, filled anew at every product. */
  constructor(
    private readonly chunks: readonly ChunkHessian[],
    private readonly memory: HessianMemory,
    private readonly recompute: boolean,
    private readonly release: (hessian: HessianOverChunks) => void,
  ) {}

  /** Goes to `theta` with the side tensors `side`. */
  async moveTo(theta: Float32Array, side: Readonly<Record<string, Float32Array>>): Promise<void> {
    this.memory.theta.set(theta);
    for (const [name, value] of Object.entries(side)) this.memory.side[name]?.set(value);
    if (!this.recompute) for (const chunk of this.chunks) await chunk.computeResiduals();
  }

  apply(v: Float32Array, out: Float32Array): Promise<void> | undefined {
    this.memory.direction.set(v);
    return this.recompute ? this.applyAnew(out) : this.applyFrom(0, out);
  }

  private async applyAnew(out: Float32Array): Promise<void> {
    for (const [place, chunk] of this.chunks.entries()) {
      await chunk.computeResiduals();
      await chunk.applyTangent();
      addWeighted(out, chunk.weight, this.memory.product, place === 0);
    }
  }

  /** The chunks from number `first` on, without a promise as long as none has to be waited for: small products take less than one. */
  private applyFrom(first: number, out: Float32Array): Promise<void> | undefined {
    for (let place = first; place < this.chunks.length; place++) {
      const chunk = this.chunks[place] as ChunkHessian;
      const add = (): void => addWeighted(out, chunk.weight, this.memory.product, place === 0);
      const pending = chunk.applyTangent();
      if (pending !== undefined) {
        return pending.then(() => {
          add();
          return this.applyFrom(place + 1, out);
        });
      }
      add();
    }
    return undefined;
  }

  dispose(): void {
    this.release(this);
  }
}

/** out ← factor·part, added to what is there unless it is the first. */
function addWeighted(out: Float32Array, factor: number, part: Float32Array, isFirst: boolean): void {
  if (isFirst && factor === 1) out.set(part);
  else if (isFirst) for (let i = 0; i < out.length; i++) out[i] = factor * (part[i] as number);
  else for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) + factor * (part[i] as number);
}
