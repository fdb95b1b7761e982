import type { Size } from '../../graph/size';
import type { Initializer } from '../../records/model/initializer';
import type { LayerKind, Layers } from '../../records/model/layers';
import type { Reason, SourceRange } from '../../records/source';
import type { Call } from '../interpret/call';
import type { LoopContext, Value } from './value';
import type { Sourced } from '../../records/source';

/** A parameter while the script is being run on symbols; init calls change it in place. */
export interface ParameterCell {
  shape: readonly (Size | null)[];
  initializer: CellInitializer;
  range: SourceRange;
  isDefault: boolean;
  trainable: boolean;
  /** Name to use when it belongs to no module. */
  name: string;
  /** Parameters that share it start with the same random numbers; set by a copy. */
  stream?: string;
  /** The data step that made its first values: when no optimizer has it, it is data. */
  rows?: number;
  /** Set when its initialisation could not be read. */
  unread: Reason | null;
}

/** As `Initializer`, but a bias points at its weight itself. */
export type CellInitializer =
  | Exclude<Initializer, { readonly kind: 'biasUniform' }>
  | (Omit<Extract<Initializer, { readonly kind: 'biasUniform' }>, 'weight'> & { readonly weight: ParameterCell });

/** How rows reach the model in one pass of the innermost loop. */
export interface BatchOrigin {
  readonly sampling: 'epochs' | 'replacement';
  readonly batchSize: Sourced<number>;
  readonly shuffle: Sourced<boolean>;
  /** The data step that draws the order of the rows, where the script does it itself. */
  readonly order?: number;
  readonly dropLast: boolean;
  /** Its one row comes without the axis of the batch. */
  readonly withoutAxis?: true;
  readonly range: SourceRange;
  readonly loop: LoopContext | null;
}

/** Rows of a data step that enter the graph. */
export interface RowSource {
  readonly step: number;
  readonly batch: BatchOrigin | null;
  readonly range: SourceRange;
}

/** One operation of the traced computation. `opaque` stands for what is not in `Layers`. */
export interface TraceNode {
  readonly id: number;
  readonly kind: LayerKind | 'source' | 'opaque';
  readonly arguments: object;
  readonly inputs: readonly TraceNode[];
  readonly parameters: Readonly<Record<string, ParameterCell>>;
  /** Of rows that could not be read it is learned from the first layer that takes them. */
  shape: readonly (Size | null)[] | null;
  readonly integer: boolean;
  readonly range: SourceRange;
  readonly call: SourceRange;
  readonly places: Readonly<Record<string, SourceRange>>;
  /** The module that made it. */
  readonly layer: Layer | null;
  readonly source: RowSource | null;
  /** Why an opaque node is one. */
  readonly reason: Reason | null;
  /** True when it depends on parameters. */
  readonly trained: boolean;
  /** Set when the script changes its values in place. */
  fault: Reason | null;
}

/** What a layer's call makes. */
export interface LayerStep {
  readonly kind: LayerKind;
  readonly arguments: Layers[LayerKind];
}

/** A built-in layer or loss of the framework: calling it adds `step` to the graph. */
export interface Layer {
  readonly kind: 'layer';
  /** Full name of its class. */
  readonly path: string;
  readonly step: LayerStep | null;
  readonly parameters: Record<string, ParameterCell>;
  readonly range: SourceRange;
  readonly places: Readonly<Record<string, SourceRange>>;
  training: boolean;
  /** Makes what a call gives, where that is more than one step. */
  readonly apply?: (layer: Layer, call: Call) => Value;
  /** Attributes that scripts read back. */
  readonly attributes: ReadonlyMap<string, number>;
}
