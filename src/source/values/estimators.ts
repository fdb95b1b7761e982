import type { Size } from '../../graph/size';
import type { Reason, SourceRange } from '../../records/source';
import type { Argument, Call } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import type { Array as DataArray } from './dataValues';
import type { ParameterCell, TraceNode } from './trace';
import type { InstanceValue, LoopContext, Value } from './value';

/** What Keras adds to the loss for one weight of a layer. */
export interface Penalty {
  readonly role: string;
  readonly l1: number;
  readonly l2: number;
  readonly range: SourceRange;
}

/** A layer of Keras: its weights are made when it first sees its input. */
export interface KerasLayer {
  readonly kind: 'kerasLayer';
  readonly name: string;
  /** How many layers of its kind the script has made before it: Keras numbers their names so. */
  readonly ordinal: number;
  readonly range: SourceRange;
  /** Adds the layer to the graph; unknown with a reason when it cannot. */
  readonly apply: (m: Machine, layer: KerasLayer, inputs: readonly TraceNode[]) => TraceNode | Value;
  cells: Record<string, ParameterCell>;
  /** `input_shape=` or an Input: sizes without the rows. */
  readonly inputShape: readonly (Size | null)[] | null;
  readonly penalties: readonly Penalty[];
  /** The script's own name for it (`name=`). */
  readonly label: string | null;
  trainable: boolean;
  /** Why the first values of its weights are not at hand. */
  unread?: Reason;
  /** The rows that `adapt` was given. */
  adapted: DataArray | null;
  /** What it makes of rows of data, where that is a step of the data. */
  readonly onRows?: (rows: DataArray, call: Call) => Value;
  /** The part that it wraps, with weights of its own. */
  readonly within?: KerasPart;
  /** How many tensors it gives; one when it is not said. */
  readonly results?: number;
}

/** A layer, a whole model used as one, or an instance of a class of the script. */
export type KerasPart = KerasLayer | KerasModel | InstanceValue;

/** A tensor of Keras's functional form: a part of the model applied to others; an Input has none. */
export interface KerasTensor {
  readonly kind: 'kerasTensor';
  readonly part: KerasPart | null;
  readonly inputs: readonly KerasTensor[];
  readonly range: SourceRange;
  /** Of an Input: its sizes without the rows, and its `name=`. */
  readonly shape: readonly (Size | null)[] | null;
  readonly label: string | null;
  /** `training=` of the call that made it. */
  readonly training?: boolean | null;
  /** One of the several results of a part: all of them, and its place among them. */
  readonly among?: { readonly all: KerasTensor; readonly index: number };
}

/** How a model was compiled. */
export interface Compiled {
  readonly range: SourceRange;
  readonly name: SourceRange;
  readonly call: Call;
  readonly optimizer: Argument | null;
  readonly loss: Argument | null;
  readonly lossWeights: Argument | null;
  /** Layers that were fixed when the model was compiled: what is fixed later stays as it was. */
  readonly frozen: ReadonlySet<KerasLayer>;
  /** The loops of the script in which it was compiled; absent where `fit` compiles it itself. */
  readonly loops?: readonly LoopContext[];
}

export interface KerasModel {
  readonly kind: 'kerasModel';
  /** The parts of a Sequential model; empty for other forms. */
  readonly parts: KerasPart[];
  /** The ends of a functional model. */
  readonly inputs: readonly KerasTensor[];
  readonly outputs: readonly KerasTensor[];
  /** A model class of the script. */
  readonly instance: InstanceValue | null;
  readonly range: SourceRange;
  compiled: Compiled | null;
  /** The Input at the head of a Sequential model. */
  entrance?: KerasTensor;
}

/** A Lightning trainer with the call that made it. */
export interface TrainerValue {
  readonly kind: 'trainer';
  readonly call: Call;
}

/** A scikit-learn estimator that is trained by gradient steps, or a pipeline that ends in one. */
export interface Estimator {
  readonly kind: 'estimator';
  readonly path: string;
  readonly range: SourceRange;
  readonly name: SourceRange;
  readonly keywords: ReadonlyMap<string, Argument>;
  readonly positional: readonly Argument[];
  /** Steps before it in a pipeline. */
  readonly before: readonly Value[];
  /** Why no single model stands for it. */
  readonly search?: string;
}
