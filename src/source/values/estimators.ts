import type { SourceRange } from '../../records/source';
import type { Argument } from '../interpret/call';
import type { Machine } from '../interpret/machine';
import type { ParameterCell, TraceNode } from './trace';
import type { Value } from './value';

/** A layer of Keras: its weights are made when it first sees its input. */
export interface KerasLayer {
  readonly kind: 'kerasLayer';
  readonly name: string;
  readonly range: SourceRange;
  /** Adds the layer to the graph; unknown with a reason when it cannot. */
  readonly apply: (m: Machine, layer: KerasLayer, input: TraceNode) => TraceNode | Value;
  cells: Record<string, ParameterCell>;
  /** `input_shape=` or an Input: sizes without the rows. */
  readonly inputShape: readonly number[] | null;
}

/** A tensor of Keras's functional form: a layer applied to another one; the input has no layer. */
export interface KerasTensor {
  readonly kind: 'kerasTensor';
  readonly layer: KerasLayer | null;
  readonly inputs: readonly KerasTensor[];
  /** `add` and `concatenate` join their inputs. */
  readonly join: 'add' | 'concatenate' | null;
  readonly range: SourceRange;
}

export interface KerasModel {
  readonly kind: 'kerasModel';
  /** The layers of a Sequential model, or the ends of a functional one. */
  readonly layers: KerasLayer[];
  readonly output: KerasTensor | null;
  readonly range: SourceRange;
  compiled: {
    readonly range: SourceRange;
    readonly name: SourceRange;
    readonly optimizer: Argument | null;
    readonly loss: Argument | null;
  } | null;
}

/** A scikit-learn estimator that is trained by gradient steps, or a pipeline that ends in one. */
export interface Estimator {
  readonly kind: 'estimator';
  readonly path: string;
  readonly range: SourceRange;
  readonly name: SourceRange;
  readonly keywords: ReadonlyMap<string, Argument>;
  readonly positional: readonly Argument[];
  /** Scalers before it in a pipeline. */
  readonly before: readonly Value[];
}
