import type { Graph } from '../../graph/graph';
import { isOp, type Tensor } from '../../graph/operations';
import type { Size } from '../../graph/size';
import type { ModelNodeOf } from '../../records/model/graph';
import type { LayerKind } from '../../records/model/layers';
import type { SourceRange } from '../../records/source';

/** A layer that cannot be built as written; turned into a Reason at its place by whoever lowers the model. */
export class LoweringError extends Error {
  constructor(
    message: string,
    readonly range: SourceRange | null = null,
  ) {
    super(message);
    this.name = 'LoweringError';
  }
}

/** Batch statistics that a batch norm in training mode folds into its running ones. */
export interface StatisticsUpdate {
  /** Names of the buffers, as in the state_dict. */
  readonly meanName: string;
  readonly varianceName: string;
  readonly features: number;
  /** Weight of the new value; null: the mean of all batches so far. */
  readonly momentum: number | null;
  /** Batch mean and unbiased variance, each [features]. */
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * A random call of the forward pass and the input that takes its numbers: a dropout mask, scaled by 1/(1-p), or
 * independent numbers (`p` is 0 then).
 */
export interface DropoutMask {
  readonly call: number;
  readonly draw: 'mask' | 'normal' | 'uniform' | 'permutation' | 'beta';
  readonly p: number;
  /** The two shape parameters of a beta distribution. */
  readonly beta?: readonly [number, number];
  readonly mask: Tensor;
}

/** Integers of the data that must lie in 0 … size-1 (or be `ignored`). */
export interface IndexCheck {
  /** The call that reads them. */
  readonly node: ModelNodeOf<LayerKind>;
  /** `input/K` or `target/K`. */
  readonly source: string;
  readonly size: number;
  readonly ignored: number | null;
  /** What PyTorch would stop with, for the first wrong number. */
  readonly text: (found: number) => string;
  readonly range: SourceRange;
}

/** Which tensor of the data `tensor` is, perhaps reshaped or rounded to integers; null when it is something else. */
export function dataSource(tensor: Tensor): string | null {
  const [source] = tensor.inputs;
  if (tensor.op === 'reshape' || tensor.op === 'cast' || tensor.op === 'floor' || tensor.op === 'abs')
    return source === undefined ? null : dataSource(source);
  return isOp(tensor, 'input') && /^(input|target)\//.test(tensor.attributes.name) ? tensor.attributes.name : null;
}

/** What the rows of the lowering table may use; shared by all nodes of one model. */
export interface LowerContext {
  readonly graph: Graph;
  /** Rows of the batch the graph is made for. */
  readonly rows: number;
  /** Whether batch norm takes the batch's statistics (`train`) or the running ones. */
  readonly mode: 'train' | 'eval';
  /** Whether dropout drops. */
  readonly dropout: boolean;
  /** Whether random tensors are drawn anew for each batch; else they are fixed numbers. */
  readonly noise: boolean;
  /** The k-th tensor of the model's input or of the loss's target. */
  readonly input: (index: number) => Tensor;
  readonly target: (index: number) => Tensor;
  readonly parameter: (index: number) => Tensor;
  /** A non-trained tensor by its state_dict name. */
  readonly buffer: (name: string, shape: readonly number[]) => Tensor;
  readonly bind: (size: Size) => number;
  readonly statistics: StatisticsUpdate[];
  readonly dropouts: DropoutMask[];
  readonly indexChecks: IndexCheck[];
}

/** One call to lower: its record and the tensors that come in. */
export interface Site<K extends LayerKind> {
  readonly node: ModelNodeOf<K>;
  readonly inputs: readonly Tensor[];
  readonly context: LowerContext;
}

/** From a layer call to graph nodes. Throws LoweringError or ShapeError where PyTorch would raise. */
export type Lower<K extends LayerKind> = (site: Site<K>) => Tensor;

/** Rows of the table for some kinds. */
export type LowerTable<K extends LayerKind> = { readonly [Kind in K]: Lower<Kind> };

/** Input `index`, as it is. */
export function inputOf(
  site: { readonly inputs: readonly Tensor[]; readonly node: { readonly name: string } },
  index = 0,
): Tensor {
  const tensor = site.inputs[index];
  if (tensor === undefined) throw new LoweringError(`'${site.node.name}' has no input ${index + 1}.`);
  return tensor;
}

/** Input `index` as floating-point numbers (integers and masks are converted, as PyTorch promotes them). */
export function floatInput(
  site: { readonly inputs: readonly Tensor[]; readonly node: { readonly name: string }; readonly context: LowerContext },
  index = 0,
): Tensor {
  return asFloat(site.context.graph, inputOf(site, index));
}

/** `x` in float32 unless it is floating-point already. */
export function asFloat(graph: Graph, x: Tensor): Tensor {
  return x.dtype === 'float32' || x.dtype === 'float64' ? x : graph.cast(x, 'float32');
}

/** The parameter in `role`, or null when the layer has none (`bias=False`). */
export function parameterOf(site: Site<LayerKind>, role: string): Tensor | null {
  const index = site.node.parameters[role];
  return index === undefined ? null : site.context.parameter(index);
}

/** The parameter in `role` that the layer cannot do without. */
export function requiredParameter(site: Site<LayerKind>, role: string): Tensor {
  const found = parameterOf(site, role);
  if (found === null) throw new LoweringError(`'${site.node.name}' has no ${role}.`);
  return found;
}

/** A per-channel vector [channels] shaped to meet axis 1 of a tensor of `rank` axes. */
export function alongChannels(graph: Graph, vector: Tensor, rank: number): Tensor {
  const channels = vector.shape[0] ?? 1;
  return graph.reshape(
    vector,
    Array.from({ length: rank }, (_, axis) => (axis === 1 ? channels : 1)),
  );
}
