import { fail, ok, type Result } from '../base/result';
import { Graph } from '../graph/graph';
import type { DType, Tensor } from '../graph/operations';
import { ShapeError } from '../graph/shapes';
import { bindSize } from '../graph/size';
import type { Tensor as DataTensor } from '../records/dataset';
import type { ModelGraph } from '../records/model/graph';
import type { Reason, SourceRange } from '../records/source';
import { LoweringError, type IndexCheck, type DropoutMask, type LowerContext, type StatisticsUpdate } from './layers/lowering';
import { lowerNode } from './layers/table';
import { bindShape, describeSize, type Symbols } from './sizes';

/** What a model is lowered for. */
export interface LoweringMode {
  readonly rows: number;
  /** Whether batch norm takes the batch's statistics (`train`) or the running ones. */
  readonly batchNorm: 'train' | 'eval';
  readonly dropout: boolean;
  /** Whether random tensors are drawn anew for each batch (else they are fixed numbers); as dropout when it is not said. */
  readonly noise?: boolean;
}

/** Shapes of the data, rows first; the number of rows is replaced by the batch's. */
export interface DataShapes {
  readonly inputs: readonly DataTensor[];
  readonly targets: readonly DataTensor[];
}

/** Where a model's tensors come from, when not from inputs of their own. */
export interface TensorSources {
  /** Parameter `index`, of `shape`; null: an input of its own. */
  readonly parameter: (graph: Graph, index: number, shape: readonly number[]) => Tensor | null;
  /** The batch's rows of the data tensor called `name`; null: an input of its own. */
  readonly data: (graph: Graph, name: string, tensor: DataTensor) => Tensor | null;
}

const ownInputs: TensorSources = { parameter: () => null, data: () => null };

/** A named input of the graph. */
export interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Model and loss as graph nodes, for one number of rows. */
export interface LoweredModel {
  readonly graph: Graph;
  readonly rows: number;
  /** Result of each of the model's nodes. */
  readonly values: readonly Tensor[];
  /** By the model's parameter index. */
  readonly parameters: readonly Tensor[];
  readonly loss: Tensor;
  /** `input/K` and `target/K`, those that the model uses. */
  readonly data: readonly NamedTensor[];
  /** Running statistics that are read, by state_dict name. */
  readonly buffers: readonly NamedTensor[];
  readonly statistics: readonly StatisticsUpdate[];
  readonly dropouts: readonly DropoutMask[];
  readonly indexChecks: readonly IndexCheck[];
}

/** Makes graph nodes of every call of the model and its loss; a Reason at the call that does not fit. */
export function lowerModel(
  model: ModelGraph,
  data: DataShapes,
  symbols: Symbols,
  mode: LoweringMode,
  wholeRange: SourceRange,
  sources: TensorSources = ownInputs,
): Result<LoweredModel, Reason> {
  const graph = new Graph();
  const parameters: Tensor[] = [];
  for (const [index, { name, shape, range }] of model.parameters.entries()) {
    const bound = bindShape(shape, symbols, range);
    if (!bound.ok) return bound;
    parameters.push(sources.parameter(graph, index, bound.value) ?? graph.input(`parameter/${name}`, bound.value));
  }
  const used = new Map<string, Tensor>();
  const buffers = new Map<string, Tensor>();
  const context = contextFor({ graph, parameters, used, buffers, data, symbols, mode, sources });
  const values: Tensor[] = [];
  for (const node of model.nodes) {
    try {
      const inputs = node.inputs.map((index) => values[index]).filter((value) => value !== undefined);
      values.push(lowerNode(node, inputs, context));
    } catch (error) {
      if (error instanceof LoweringError) return fail({ text: error.message, range: error.range ?? node.range });
      if (error instanceof ShapeError) return fail({ text: `'${node.name}' does not fit: ${error.message}.`, range: node.range });
      throw error;
    }
  }
  const loss = scalarLoss(graph, model, values, wholeRange);
  if (!loss.ok) return loss;
  return ok({
    graph,
    rows: mode.rows,
    values,
    parameters,
    loss: loss.value,
    data: named(used),
    buffers: named(buffers),
    statistics: context.statistics,
    dropouts: context.dropouts,
    indexChecks: context.indexChecks,
  });
}

const named = (tensors: ReadonlyMap<string, Tensor>): NamedTensor[] => [...tensors].map(([name, tensor]) => ({ name, tensor }));

interface ContextParts {
  readonly graph: Graph;
  readonly parameters: readonly Tensor[];
  readonly used: Map<string, Tensor>;
  readonly buffers: Map<string, Tensor>;
  readonly data: DataShapes;
  readonly symbols: Symbols;
  readonly mode: LoweringMode;
  readonly sources: TensorSources;
}

function contextFor({ graph, parameters, used, buffers, data, symbols, mode, sources }: ContextParts): LowerContext {
  const source = (kind: 'input' | 'target', tensors: readonly DataTensor[], index: number): Tensor => {
    const tensor = tensors[index];
    if (tensor === undefined) throw new LoweringError(`The data have no ${kind} number ${index + 1}.`);
    const name = `${kind}/${index}`;
    const given = sources.data(graph, name, tensor);
    if (given !== null) return given;
    const made = graph.input(name, [mode.rows, ...tensor.shape.slice(1)], elementType(tensor));
    used.set(name, made);
    return made;
  };
  return {
    graph,
    rows: mode.rows,
    mode: mode.batchNorm,
    dropout: mode.dropout,
    noise: mode.noise ?? mode.dropout,
    input: (index) => source('input', data.inputs, index),
    target: (index) => source('target', data.targets, index),
    parameter: (index) => {
      const tensor = parameters[index];
      if (tensor === undefined) throw new LoweringError(`The model has no parameter number ${index + 1}.`);
      return tensor;
    },
    buffer: (name, shape) => {
      const tensor = graph.input(`buffer/${name}`, shape);
      buffers.set(name, tensor);
      return tensor;
    },
    bind: (size) => {
      const bound = bindSize(size, { ...symbols, rows: mode.rows });
      if (bound === null) throw new LoweringError(`The size ${describeSize(size)} is not known from the data.`);
      return bound;
    },
    statistics: [],
    dropouts: [],
    indexChecks: [],
  };
}

/** Element type in the graph: class numbers stay integers, all else is float32 as in a default script. */
export function elementType(tensor: DataTensor): DType {
  return tensor.values instanceof Int32Array ? 'int32' : 'float32';
}

function scalarLoss(graph: Graph, model: ModelGraph, values: readonly Tensor[], wholeRange: SourceRange): Result<Tensor, Reason> {
  const range = model.lossCall ?? model.lossRange ?? wholeRange;
  const loss = model.loss === null ? undefined : values[model.loss];
  if (loss === undefined) return fail({ text: 'The loss could not be read.', range });
  if (loss.shape.some((size) => size !== 1))
    return fail({ text: `The loss has the shape [${loss.shape.join(', ')}]: backward needs a single number.`, range });
  return ok(graph.reshape(loss, []));
}
